#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/loop.h"

namespace rm::net {

// Tells when a file is written, replaced, removed or made anew. It is the folder that is watched: editors write
// another file and rename it, and a watch on the old one would never hear of it. One change may be told several
// times, and while the file is still being written by someone who opens it again.
class FileWatch {
 public:
  // Throws std::runtime_error (one sentence): the folder cannot be watched. The callback may destroy the watch.
  FileWatch(Loop& loop, const std::string& path, std::function<void()> changed);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rm::net
