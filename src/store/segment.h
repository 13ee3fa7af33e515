#pragma once
// One stretch of the journal: a preallocated file mapped into memory, or plain memory while the disk refuses.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace rm {

inline constexpr std::string_view kSegmentMagic = "RMJRNL01";
inline constexpr std::size_t kSegmentHeader = 16;  // the magic and a u64: number of the segment

// What the file of these bytes calls itself. Empty: it does not begin as a journal file.
[[nodiscard]] std::optional<std::uint64_t> segment_number(std::span<const std::byte> bytes);

class Segment {
 public:
  // Every block is allocated before it is mapped: a full disk is an error here and never a fault at a store. The
  // error is an errno.
  [[nodiscard]] static std::expected<std::unique_ptr<Segment>, int> create(const std::filesystem::path& file,
                                                                           std::uint64_t number, std::size_t bytes);
  // Null when there is no memory.
  [[nodiscard]] static std::unique_ptr<Segment> in_memory(std::size_t bytes);
  ~Segment();  // unmaps; a file is cut to what was written, or removed when nothing was
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  [[nodiscard]] bool on_disk() const { return fd_ >= 0; }
  [[nodiscard]] std::uint64_t number() const { return number_; }  // 0: in memory

  // Writing thread.
  [[nodiscard]] std::span<std::byte> room() { return {base_ + written_, size_ - written_}; }
  void advance(std::size_t bytes) {
    written_ += bytes;
    published_.store(written_, std::memory_order_release);
  }
  void seal() { sealed_.store(true, std::memory_order_release); }  // the last touch by the writing thread

  // Reading thread.
  [[nodiscard]] std::span<const std::byte> published() const {
    return {base_, published_.load(std::memory_order_acquire)};
  }
  [[nodiscard]] bool sealed() const { return sealed_.load(std::memory_order_acquire); }

 private:
  Segment(std::byte* base, std::size_t size) : base_{base}, size_{size} {}
  std::byte* base_;
  std::size_t size_;
  std::size_t written_ = kSegmentHeader;
  std::atomic<std::size_t> published_ = kSegmentHeader;
  std::atomic<bool> sealed_ = false;
  int fd_ = -1;
  std::uint64_t number_ = 0;
  std::filesystem::path file_;
};

}  // namespace rm
