#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rm {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<std::string> failure(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return std::unexpected{std::string{"there is no such file"}};
    case EACCES:
    case EPERM:
      return std::unexpected{std::string{"this user may not read it"}};
    default:
      return std::unexpected{std::string{"it cannot be read: "} + std::strerror(error)};
  }
}

}  // namespace

std::expected<FileText, std::string> read_small_file(const std::string& path, std::size_t limit) {
  if (path.find('\0') != std::string::npos) return failure(ENOENT);
  // Not blocking: opening a pipe that nobody writes to would wait forever.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.get() < 0) return failure(errno);
  // The open file is asked, not the name: the name may stand for another file by now.
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return failure(errno);
  if (S_ISDIR(info.st_mode)) return std::unexpected{"it is a directory, not a file"};
  if (!S_ISREG(info.st_mode)) return std::unexpected{"it is not an ordinary file"};
  FileText out{.text = {}, .mode = info.st_mode & 07777U, .owner = info.st_uid};
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(errno);
    if (got == 0) return out;
    out.text.append(buffer, static_cast<std::size_t>(got));
    if (out.text.size() > limit)
      return std::unexpected{"it is larger than the allowed " + std::to_string(limit / 1024) + " KiB"};
  }
}

}  // namespace rm
