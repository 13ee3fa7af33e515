#pragma once
// Small files, read whole.

#include <cstddef>
#include <expected>
#include <string>

namespace rm {

struct FileText {
  std::string text;
  unsigned mode = 0;   // permission bits of the file that was read
  unsigned owner = 0;  // its owner
};

// The error is a sentence without the path: "there is no such file", "it is a directory, not a file", …
[[nodiscard]] std::expected<FileText, std::string> read_small_file(const std::string& path, std::size_t limit);

}  // namespace rm
