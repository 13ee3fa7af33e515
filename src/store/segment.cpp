#include "store/segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "store/bytes.h"

namespace rm {
namespace {

std::byte* map(int fd, std::size_t bytes) {
  const int flags = fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (at == MAP_FAILED || at == nullptr) return nullptr;
  // Page faults are taken here, on the thread that prepares, not by the first store of the loop. Older kernels lack
  // it: slower, not wrong.
  (void)::madvise(at, bytes, MADV_POPULATE_WRITE);
  return static_cast<std::byte*>(at);
}

void write_header(std::byte* base, std::uint64_t number) {
  std::memcpy(base, kSegmentMagic.data(), kSegmentMagic.size());
  ByteWriter{{base + kSegmentMagic.size(), kSegmentHeader - kSegmentMagic.size()}}.put(number);
}

}  // namespace

std::optional<std::uint64_t> segment_number(std::span<const std::byte> bytes) {
  if (bytes.size() < kSegmentHeader || std::memcmp(bytes.data(), kSegmentMagic.data(), kSegmentMagic.size()) != 0)
    return std::nullopt;
  return ByteReader{bytes.subspan(kSegmentMagic.size())}.take<std::uint64_t>();
}

std::expected<std::unique_ptr<Segment>, int> Segment::create(const std::filesystem::path& file, std::uint64_t number,
                                                             std::size_t bytes) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected{errno};
  std::byte* base = nullptr;
  int code = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (code == 0) {
    base = map(fd, bytes);
    if (base == nullptr) code = errno;
  }
  if (code != 0) {
    ::close(fd);
    ::unlink(file.c_str());
    return std::unexpected{code};
  }
  write_header(base, number);
  std::unique_ptr<Segment> segment{new Segment{base, bytes}};
  segment->fd_ = fd;
  segment->number_ = number;
  segment->file_ = file;
  return segment;
}

std::unique_ptr<Segment> Segment::in_memory(std::size_t bytes) {
  std::byte* base = map(-1, bytes);
  return base == nullptr ? nullptr : std::unique_ptr<Segment>{new Segment{base, bytes}};
}

Segment::~Segment() {
  const std::size_t used = published_.load(std::memory_order_acquire);
  ::munmap(base_, size_);
  if (fd_ < 0) return;
  if (used <= kSegmentHeader) {
    ::unlink(file_.c_str());
  } else {
    // Failing to give the unused blocks back costs room, not data: what follows the last record reads as its end.
    [[maybe_unused]] const int cut = ::ftruncate(fd_, static_cast<off_t>(used));
  }
  ::close(fd_);
}

}  // namespace rm
