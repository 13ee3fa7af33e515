#pragma once
// What was refused where the wire ends, counted by kind. The caller says it aloud, once per kind and minute.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace rm {

enum class RefusalKind : std::uint8_t {
  Malformed,  // not the shape it should have
  MissingField,
  OutOfRange,
  UnknownValue,  // an enum number we do not know
  NotWatched,    // of an account that is not ours to guard: normal for account events, which come for all of a login
  UnknownContract,  // a price of a contract nobody asked for, or one contract too many
  UnknownTarget,    // the gateway calls something we do not know, or on the wrong hub
};
inline constexpr std::size_t kRefusalKinds = 7;
[[nodiscard]] std::string_view name_of(RefusalKind kind);  // "malformed", ...: stable

struct Refusal {
  RefusalKind kind{};
  std::uint64_t count = 0;
  std::string sample;  // the latest: why, and the start of the text with its figures masked
};

class Refusals {
 public:
  Refusals();
  void add(RefusalKind kind, std::string_view why, std::string_view text);
  void add(const Error& error, std::string_view text);
  [[nodiscard]] std::span<const Refusal, kRefusalKinds> all() const { return refusals_; }
  [[nodiscard]] std::uint64_t count(RefusalKind kind) const {
    return refusals_[static_cast<std::size_t>(kind)].count;
  }

 private:
  std::array<Refusal, kRefusalKinds> refusals_;
};

// At most 200 printable characters; digits are masked from the third of a run on, long opaque words taken out.
[[nodiscard]] std::string masked(std::string_view text);

}  // namespace rm
