#pragma once
// A directory of its own for each test, gone afterwards.

#include <filesystem>
#include <string>
#include <string_view>

namespace rm::test {

class TempDir {
 public:
  // Throws when none can be made.
  explicit TempDir(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TempDir();  // removes it with everything in it
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Writes a file below it and returns its path.
  [[nodiscard]] std::filesystem::path write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_text(const std::filesystem::path& file);  // empty when it is not there

}  // namespace rm::test
