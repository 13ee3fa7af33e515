#pragma once
// SHA-256 by OpenSSL, which uses the processor's own instructions for it; a hash is not a thing to write again.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rm {

using Sha256 = std::array<std::byte, 32>;

class Sha256Maker {
 public:
  Sha256Maker();  // throws std::runtime_error when the library has no SHA-256 (a crypto policy of the machine)
  ~Sha256Maker();
  // Of the two, one behind the other.
  [[nodiscard]] Sha256 operator()(std::span<const std::byte> first, std::span<const std::byte> second = {});

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string hex(const Sha256& hash);                           // 64 digits, lower case
[[nodiscard]] std::optional<Sha256> sha256_from_hex(std::string_view text);  // exactly 64 digits

}  // namespace rm
