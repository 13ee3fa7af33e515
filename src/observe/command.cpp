#include "observe/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string_view>
#include <thread>

namespace rm {
namespace {

constexpr auto kLook = std::chrono::milliseconds{5};

std::vector<char*> environment_without_credentials() {
  std::vector<char*> kept;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (!std::string_view{*entry}.starts_with("PROJECT_X_")) kept.push_back(*entry);
  }
  kept.push_back(nullptr);
  return kept;
}

// posix_spawn's settings, released on every way out.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&files_);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      ::posix_spawn_file_actions_addopen(&files_, fd, "/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);  // its own group: what it starts can be killed with it
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &files_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

std::unexpected<Error> failed(const std::string& program, const std::string& how) {
  return fail(ErrorCode::Io, "the command " + program + " " + how);
}

Result<void> judge(const std::string& program, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) return failed(program, "ended with status " + std::to_string(WEXITSTATUS(status)));
  return failed(program, "was ended by signal " + std::to_string(WTERMSIG(status)));
}

}  // namespace

Result<void> run_command(const std::vector<std::string>& argv, std::chrono::milliseconds limit) {
  if (argv.empty()) return fail(ErrorCode::Io, "there is no command to run");
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  auto environment = environment_without_credentials();

  const SpawnSettings settings;
  pid_t child = 0;
  const int code = ::posix_spawnp(&child, arguments.front(), settings.files(), settings.attributes(),
                                  arguments.data(), environment.data());
  if (code != 0) return failed(argv.front(), std::string{"cannot be started: "} + std::strerror(code));

  const auto until = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= until) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      return failed(argv.front(), "took longer than " + std::to_string(limit.count()) + " ms and was killed");
    }
    std::this_thread::sleep_for(kLook);
  }
  return judge(argv.front(), status);
}

}  // namespace rm
