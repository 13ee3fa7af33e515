#pragma once
// Text that the JSON reader may read past: every span handed to it must be followed by kPadding readable bytes (of
// any content). WebSocket messages come that way; anything else is copied into a PaddedBuffer first.

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace rm::projectx {

inline constexpr std::size_t kPadding = 64;

using PaddedSpan = std::span<const char>;

[[nodiscard]] inline std::string_view text_of(PaddedSpan span) {
  return {span.data(), span.size()};
}

// Owns a reused copy; grows, never shrinks.
class PaddedBuffer {
 public:
  PaddedBuffer() : bytes_(4096 + kPadding) {}
  // The copy is valid until the next assign().
  PaddedSpan assign(std::string_view text) {
    if (bytes_.size() < text.size() + kPadding) bytes_.resize(2 * text.size() + kPadding);
    if (!text.empty()) std::memcpy(bytes_.data(), text.data(), text.size());
    std::memset(bytes_.data() + text.size(), 0, kPadding);
    return {bytes_.data(), text.size()};
  }

 private:
  std::vector<char> bytes_;
};

}  // namespace rm::projectx
