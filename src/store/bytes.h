#pragma once
// Little-endian numbers and texts in a byte buffer, bounds-checked both ways: too little room or too few bytes turns
// ok() false, and nothing is read or written beyond the end.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace rm {

[[nodiscard]] inline bool only_zeros(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

class ByteWriter {
 public:
  explicit ByteWriter(std::span<std::byte> out) : out_{out} {}

  template <std::integral Int>
  void put(Int value) {
    if (!has_room(sizeof(Int))) return;
    auto bits = static_cast<std::make_unsigned_t<Int>>(value);
    for (std::size_t i = 0; i < sizeof(Int); ++i) out_[size_++] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
  }
  void put(bool value) { put(static_cast<std::uint8_t>(value)); }
  void put_bytes(std::span<const std::byte> bytes) {
    if (!has_room(bytes.size())) return;
    if (!bytes.empty()) std::memcpy(out_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  // Texts are cut at 64 KiB: nothing that is stored is meant to be longer.
  void put_text(std::string_view text) {
    text = text.substr(0, 0xffff);
    put(static_cast<std::uint16_t>(text.size()));
    if (!has_room(text.size())) return;
    if (!text.empty()) std::memcpy(out_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  bool has_room(std::size_t bytes) {
    if (out_.size() - size_ < bytes) ok_ = false;
    return ok_;
  }
  std::span<std::byte> out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> in) : in_{in} {}

  template <std::integral Int>
  [[nodiscard]] Int take() {
    if (!has(sizeof(Int))) return 0;
    std::make_unsigned_t<Int> bits = 0;
    for (std::size_t i = 0; i < sizeof(Int); ++i) {
      bits = static_cast<std::make_unsigned_t<Int>>(
          bits | std::make_unsigned_t<Int>(std::to_integer<std::make_unsigned_t<Int>>(in_[at_++])) << (8 * i));
    }
    return static_cast<Int>(bits);
  }
  [[nodiscard]] std::string_view take_text() {  // into the buffer
    const auto size = take<std::uint16_t>();
    if (!has(size)) return {};
    const std::string_view text{reinterpret_cast<const char*>(in_.data() + at_), size};
    at_ += size;
    return text;
  }

  void refuse() { ok_ = false; }  // what was read makes no sense
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return in_.size() - at_; }

 private:
  bool has(std::size_t bytes) {
    if (left() < bytes) ok_ = false;
    return ok_;
  }
  std::span<const std::byte> in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace rm
