#include "evidence/tar.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

namespace rm {
namespace {

constexpr std::size_t kBlock = 512;
using Block = std::array<char, kBlock>;
constexpr std::size_t kName = 100, kFolder = 155;  // the room of the two fields

// Not within a character of UTF-8.
std::string shortened(std::string name) {
  if (name.size() <= kFolder) return name;
  std::size_t end = kFolder;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) --end;
  return name.substr(0, end);
}

// Octal with a closing zero byte.
void put_octal(Block& block, std::size_t at, std::size_t width, std::uintmax_t value) {
  std::snprintf(block.data() + at, width, "%0*jo", static_cast<int>(width - 1), value);
}

// Names of more than 100 bytes: the folder stands in a field of its own.
Block header(const std::string& folder, const std::string& name, std::uintmax_t size) {
  Block block{};
  const std::string whole = folder + "/" + name;
  const bool fits = whole.size() <= kName;
  (fits ? whole : name).copy(block.data(), kName);
  if (!fits) folder.copy(block.data() + 345, kFolder);
  put_octal(block, 100, 8, 0600);
  put_octal(block, 108, 8, 0);
  put_octal(block, 116, 8, 0);
  put_octal(block, 124, 12, size);
  put_octal(block, 136, 12, 0);
  std::memset(block.data() + 148, ' ', 8);  // the checksum counts its own field as blanks
  block[156] = '0';
  std::memcpy(block.data() + 257,
              "ustar\0"
              "00",
              8);
  std::uintmax_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, 148, 7, sum);
  return block;
}

class Archive {
 public:
  explicit Archive(const std::filesystem::path& file)
      : fd_{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)}, error_{fd_ < 0 ? errno : 0} {}
  ~Archive() {
    if (fd_ >= 0) ::close(fd_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  void write(const char* bytes, std::size_t size) {
    while (error_ == 0 && size > 0) {
      const auto count = ::write(fd_, bytes, size);
      if (count < 0 && errno != EINTR) error_ = errno;
      if (count <= 0) continue;
      bytes += count;
      size -= static_cast<std::size_t>(count);
    }
  }
  void add(const std::filesystem::path& from, const std::string& folder, const std::string& name) {
    const auto size = std::filesystem::file_size(from);
    const Block head = header(folder, name, size);
    write(head.data(), head.size());
    std::ifstream in{from, std::ios::binary};
    std::vector<char> buffer(std::size_t{1} << 16);
    for (std::uintmax_t left = size; left > 0;) {
      in.read(buffer.data(), static_cast<std::streamsize>(std::min<std::uintmax_t>(buffer.size(), left)));
      if (in.gcount() <= 0) {
        error_ = EIO;
        return;
      }
      write(buffer.data(), static_cast<std::size_t>(in.gcount()));
      left -= static_cast<std::uintmax_t>(in.gcount());
    }
    const Block zeros{};
    write(zeros.data(), (kBlock - size % kBlock) % kBlock);
  }
  [[nodiscard]] int error() const { return error_; }

 private:
  int fd_;
  int error_;
};

}  // namespace

Result<void> write_tar(const std::filesystem::path& folder, const std::string& name,
                       const std::filesystem::path& file) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  Archive archive{file};
  const bool made = archive.error() == 0;
  for (const auto& each : files)
    archive.add(each, shortened(name), std::filesystem::relative(each, folder).generic_string());
  const Block end[2]{};
  archive.write(end[0].data(), sizeof end);
  if (archive.error() == 0) return {};
  std::error_code ignored;
  if (made) std::filesystem::remove(file, ignored);
  return fail(ErrorCode::Io, file.string() + " cannot be written: " + std::strerror(archive.error()));
}

}  // namespace rm
