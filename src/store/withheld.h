#pragma once
// In an exported copy, in the place of a record that holds a secret: its header, the SHA-256 of what followed the
// header, and why it is not handed out, as text. The first two are what the record's hash is made of (chain.h), so
// the note fits the chain only where it says the number, the type and the length of the record that was there.

#include <optional>
#include <string_view>
#include <vector>

#include "store/chain.h"

namespace rm {

inline constexpr auto kWithheld = static_cast<RecordType>(0xffff);

// Only what holds a configuration can hold a secret.
[[nodiscard]] bool may_be_withheld(RecordType type);

// A whole record, to stand where the one with these bytes stood.
[[nodiscard]] std::vector<std::byte> withheld_note(std::span<const std::byte> record, std::string_view why);

struct Withheld {
  RecordType type{};
  std::uint64_t sequence = 0;
  std::span<const std::byte> link;  // what the record's hash is made of, beside the hash before it
  std::string_view why;             // both into the note's payload
};
// Empty: the payload is no such note. Notes of an older version had only the text.
[[nodiscard]] std::optional<Withheld> read_withheld(const JournalRecord& note);

}  // namespace rm
