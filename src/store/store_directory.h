#pragma once
// The data directory, held by one process at a time.

#include <filesystem>
#include <utility>

#include "domain/result.h"

namespace rm {

class StoreDirectory {
 public:
  // Creates it (owner only) when missing. Errors: Io (cannot be made or written), Refused (another process holds it:
  // names the process).
  [[nodiscard]] static Result<StoreDirectory> take(const std::filesystem::path& dir);
  ~StoreDirectory();  // lets go; so does the end of the process, however it ends
  StoreDirectory(StoreDirectory&& other) noexcept
      : path_{std::move(other.path_)}, fd_{std::exchange(other.fd_, -1)} {}
  StoreDirectory& operator=(StoreDirectory&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  StoreDirectory(std::filesystem::path path, int fd) : path_{std::move(path)}, fd_{fd} {}
  std::filesystem::path path_;
  int fd_;
};

}  // namespace rm
