#include "store/store_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace rm {
namespace {

Result<void> make(const std::filesystem::path& dir) {
  std::error_code code;
  if (std::filesystem::is_directory(dir, code)) return {};
  if (dir.has_parent_path()) std::filesystem::create_directories(dir.parent_path(), code);
  if (::mkdir(dir.c_str(), 0700) == 0 || (errno == EEXIST && std::filesystem::is_directory(dir, code))) return {};
  return fail(ErrorCode::Io, "data directory " + dir.string() + " cannot be created: " + std::strerror(errno));
}

std::string holder(int fd) {
  std::array<char, 32> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0;
       i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9'; ++i) {
    digits += text[static_cast<std::size_t>(i)];
  }
  return digits.empty() ? "another process" : "process " + digits;
}

}  // namespace

Result<StoreDirectory> StoreDirectory::take(const std::filesystem::path& dir) {
  if (const auto made = make(dir); !made) return std::unexpected{made.error()};
  const auto file = dir / "lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(ErrorCode::Io, "data directory " + dir.string() + " cannot be written: " + std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const std::string who = holder(fd);
    ::close(fd);
    return fail(ErrorCode::Refused,
                "data directory " + dir.string() + " is in use by " + who + ": only one risk manager can run on it");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The number is a help for people; the lock itself does not depend on it.
  if (::ftruncate(fd, 0) == 0) [[maybe_unused]]
    const auto written = ::pwrite(fd, pid.data(), pid.size(), 0);
  return StoreDirectory{dir, fd};
}

StoreDirectory::~StoreDirectory() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace rm
