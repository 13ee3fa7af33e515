#include "drill/scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace rm::drill {

Result<std::unique_ptr<Scratch>> Scratch::make(std::string_view purpose) {
  std::error_code problem;
  const auto parent = std::filesystem::temp_directory_path(problem);
  if (problem) return fail(ErrorCode::Io, "there is no directory for temporary files (TMPDIR): " + problem.message());
  std::string name = (parent / ("risk-manager-" + std::string{purpose} + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr)
    return fail(ErrorCode::Io, "no directory could be made below " + parent.string() + ": " + std::strerror(errno));
  return std::unique_ptr<Scratch>{new Scratch{name}};
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!kept_) std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::unexpected<Error> cannot_write(const std::filesystem::path& file, int why) {
  return fail(ErrorCode::Io, file.string() + " cannot be written: " + std::strerror(why));
}

Result<void> write_text(int fd, const std::filesystem::path& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return cannot_write(file, errno);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_text(const std::filesystem::path& file, std::string_view text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_write(file, errno);
  auto written = write_text(fd, file, text);
  if (::close(fd) != 0 && written) return cannot_write(file, errno);
  return written;
}

}  // namespace rm::drill
