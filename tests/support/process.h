#pragma once
// A program as a child process: started, signalled, waited for.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/eventually.h"

namespace rm::test {

struct ProcessOptions {
  std::vector<std::string> argv;  // argv[0] is the program's path
  std::map<std::string, std::string>
      environment;                 // put over ours; PROJECT_X_* and RISK_MANAGER__* of ours are not handed down
  std::filesystem::path out, err;  // files that standard output and error are appended to
};

// How a process ended: its exit code, or the signal that ended it.
struct Ended {
  int exit_code = -1;
  int signal = 0;
};

class Process {
 public:
  explicit Process(const ProcessOptions& options);  // throws when it cannot be started
  ~Process();                                       // SIGKILL if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number);
  [[nodiscard]] bool running();
  // Waits for its end. Nothing: it still runs after `deadline`.
  [[nodiscard]] std::optional<Ended> wait(std::chrono::milliseconds deadline = kGenerous);

 private:
  pid_t pid_ = -1;
  std::optional<Ended> ended_;
};

}  // namespace rm::test
