#pragma once
// The installed daemon as a child process that guards paper accounts, and every way to look at it from outside.
// Nothing of the user's is touched: configuration, data, log and notifications lie in a directory of ours.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/environment.h"
#include "drill/child.h"
#include "drill/fields.h"

namespace rm::drill {

struct DaemonOptions {
  std::filesystem::path program;
  Config config;              // on paper
  std::filesystem::path dir;  // ours: configuration, data directory, log, output
  std::string gateway;        // "http://127.0.0.1:1234"
  Environment environment;    // of the user
};

class Daemon {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(const DaemonOptions& options);

  [[nodiscard]] Child& child() { return *child_; }
  [[nodiscard]] std::string standard_error() const;                   // what it said there
  [[nodiscard]] std::string last_words() const;                       // its last sentence there, without its name
  [[nodiscard]] std::optional<Fields> status() const;                 // nothing: it does not answer
  [[nodiscard]] std::map<std::string, std::int64_t> metrics() const;  // by name with labels, counters only
  // As far as they are written: status() makes the daemon write out first.
  [[nodiscard]] std::vector<Fields> log() const;
  [[nodiscard]] std::vector<Fields> notifications() const;
  // Of its database. Error Io: the database's words.
  [[nodiscard]] Result<std::vector<Fields>> rows(const std::string& table) const;

  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

 private:
  Daemon(std::filesystem::path dir, std::unique_ptr<Child> child) : dir_{std::move(dir)}, child_{std::move(child)} {}
  std::filesystem::path dir_;
  std::unique_ptr<Child> child_;
};

// The configuration file; where none is named, one with two rules, written into `dir`.
[[nodiscard]] Result<std::string> config_or_own(const std::string& config_file, const std::filesystem::path& dir);

// The environment of the daemon: the user's without everything that leads to a gateway, a login or a setting, which
// are in the configuration already; and the login of the paper gateway.
[[nodiscard]] std::vector<std::string> daemon_environment(Environment user);

}  // namespace rm::drill
