#pragma once
// A directory of our own for one run: nothing of the user's is read or written there.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace rm::drill {

class Scratch {
 public:
  // Below the system's directory for temporary files, for its owner alone. Error Io: one sentence.
  [[nodiscard]] static Result<std::unique_ptr<Scratch>> make(std::string_view purpose);
  ~Scratch();  // removes it, unless it is to be kept
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void keep() { kept_ = true; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit Scratch(std::filesystem::path path) : path_{std::move(path)} {}
  std::filesystem::path path_;
  bool kept_ = false;
};

[[nodiscard]] std::string read_text(const std::filesystem::path& file);  // empty when it is not there
// Error Io: "FILE cannot be written: No space left on device".
[[nodiscard]] Result<void> write_text(const std::filesystem::path& file, std::string_view text);
[[nodiscard]] Result<void> write_text(int fd, const std::filesystem::path& file, std::string_view text);
[[nodiscard]] std::unexpected<Error> cannot_write(const std::filesystem::path& file, int why);

}  // namespace rm::drill
