#pragma once
// Reads the configuration file again when it changes or when asked to. Reading and checking happen on a thread of
// their own: the loop never waits for a disk. Loop thread.

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "config/config.h"
#include "config/environment.h"
#include "config/problem.h"
#include "net/file_watch.h"
#include "net/loop.h"

namespace rm {

class ConfigReload {
 public:
  using Loaded = std::expected<Config, Problems>;
  // `loaded` is called on the loop. The environment and the loop must outlive the object.
  ConfigReload(net::Loop& loop, std::string file, Environment environment, std::function<void(Loaded)> loaded);
  ~ConfigReload();

  void now();

 private:
  [[nodiscard]] Loaded read() const;

  net::Loop& loop_;
  std::string file_;
  Environment environment_;
  std::function<void(Loaded)> loaded_;
  net::Loop::Timer settle_;
  std::optional<net::FileWatch> watch_;
  bool reading_ = false, again_ = false;
  std::jthread reader_;
};

}  // namespace rm
