#include "drill/page_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "drill/scratch.h"

namespace rm::drill {
namespace {

namespace fs = std::filesystem;

mode_t mode_of_new_files() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<std::unique_ptr<PageFile>> PageFile::open(const fs::path& file) {
  std::error_code problem;
  fs::path target = fs::canonical(file, problem);  // what a link leads to is replaced, not the link
  if (problem) target = file;
  struct stat there{};
  const bool exists = ::stat(target.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) return cannot_write(file, EISDIR);
  if (exists && ::access(target.c_str(), W_OK) != 0) return cannot_write(file, errno);
  if (exists && !S_ISREG(there.st_mode)) {
    const int fd = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return cannot_write(file, errno);
    return std::unique_ptr<PageFile>{new PageFile{target, {}, fd}};
  }
  std::string beside = (target.parent_path() / ".risk-manager-page-XXXXXX").string();
  const int fd = ::mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return cannot_write(file, errno);
  auto page = std::unique_ptr<PageFile>{new PageFile{target, beside, fd}};
  if (::fchmod(fd, exists ? there.st_mode & 07777 : mode_of_new_files()) != 0) return cannot_write(file, errno);
  return page;
}

PageFile::~PageFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Result<void> PageFile::replace(std::string_view text) {
  if (const auto written = write_text(fd_, file_, text); !written) return written;
  if (beside_.empty()) return {};
  if (::fsync(fd_) != 0 || ::rename(beside_.c_str(), file_.c_str()) != 0) return cannot_write(file_, errno);
  beside_.clear();
  return {};
}

}  // namespace rm::drill
