#pragma once
// A file of the user's that is replaced as a whole or not at all: what is there stays until the new one is complete.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace rm::drill {

class PageFile {
 public:
  // Shows that it can be written, and changes nothing that is there. Error Io: one sentence.
  [[nodiscard]] static Result<std::unique_ptr<PageFile>> open(const std::filesystem::path& file);
  ~PageFile();  // without replace() before, nothing has happened
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;

  [[nodiscard]] Result<void> replace(std::string_view text);

 private:
  PageFile(std::filesystem::path file, std::filesystem::path beside, int fd)
      : file_{std::move(file)}, beside_{std::move(beside)}, fd_{fd} {}
  std::filesystem::path file_, beside_;  // `beside_` empty: a pipe or a terminal, which is written directly
  int fd_;
};

}  // namespace rm::drill
