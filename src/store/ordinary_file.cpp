#include "store/ordinary_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rm {
namespace {

constexpr off_t kLargestFile = off_t{1} << 30;  // nothing of the journal is that large
constexpr const char* kNoFile = "it is not an ordinary file";

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file)
      : fd_{::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)} {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> why(int code) {
  return fail(ErrorCode::Io, std::strerror(code));
}

}  // namespace

Result<std::vector<std::byte>> read_ordinary_file(const std::filesystem::path& file) {
  if (const auto ordinary = refuse_what_is_no_file(file); !ordinary) return std::unexpected{ordinary.error()};
  const Descriptor descriptor{file};
  struct stat found{};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &found) != 0) return why(errno);
  if (!S_ISREG(found.st_mode)) return fail(ErrorCode::Io, kNoFile);
  if (found.st_size > kLargestFile) return fail(ErrorCode::Io, "it is larger than a journal file can be");
  std::vector<std::byte> bytes(static_cast<std::size_t>(found.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::read(descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR) return why(errno);
    if (count == 0) break;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> refuse_what_is_no_file(const std::filesystem::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) return fail(ErrorCode::Io, kNoFile);
  return {};
}

}  // namespace rm
