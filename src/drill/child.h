#pragma once
// An installed program as a child process.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/result.h"

namespace rm::drill {

struct ChildOptions {
  std::vector<std::string> argv;         // argv[0] is the program's path
  std::vector<std::string> environment;  // NAME=value, all of it
  std::filesystem::path out, err;        // files for standard output and error
};

// How it ended: its exit code, or the signal that ended it.
struct Ended {
  int exit_code = -1;
  int signal = 0;
  [[nodiscard]] std::string text() const;  // "exit code 1", "signal 9"
};

// Ends with us, even if we are killed: whoever started it must wait for it on the same thread.
class Child {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Child>> start(const ChildOptions& options);
  ~Child();  // SIGTERM, after some seconds SIGKILL
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] bool running();
  [[nodiscard]] const std::optional<Ended>& ended() { return (void)running(), ended_; }
  // SIGTERM, and waits; nothing: it still runs after `patience`.
  [[nodiscard]] std::optional<Ended> stop(std::chrono::milliseconds patience);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  explicit Child(pid_t pid) : pid_{pid} {}
  pid_t pid_;
  std::optional<Ended> ended_;
};

// The programs that belong together: both lie beside the one that runs.
struct Programs {
  std::filesystem::path risk_manager, paper_gateway;
};
[[nodiscard]] Result<Programs> installed_programs();  // error NotFound: one sentence

}  // namespace rm::drill
