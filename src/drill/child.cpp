#include "drill/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "drill/patience.h"

namespace rm::drill {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// Between fork and exec: nothing that takes a lock or memory, other threads may have held the one and used the other.
[[noreturn]] void become(char* const* argv, char* const* environment, const char* out, const char* err, pid_t parent,
                         const sigset_t& mask) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(number, SIG_DFL) == SIG_IGN) std::signal(number, SIG_IGN);
  }
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(126);  // the parent ended before the line above
  setpgid(0, 0);                        // Ctrl-C reaches us alone; we then end it
  const int nothing = open("/dev/null", O_RDONLY);
  const int out_file = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int err_file = open(err, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (dup2(nothing, STDIN_FILENO) < 0 || dup2(out_file, STDOUT_FILENO) < 0 || dup2(err_file, STDERR_FILENO) < 0)
    _exit(126);
  execve(argv[0], argv, environment);
  _exit(127);
}

}  // namespace

std::string Ended::text() const {
  return signal == 0 ? "exit code " + std::to_string(exit_code) : "signal " + std::to_string(signal);
}

Result<std::unique_ptr<Child>> Child::start(const ChildOptions& options) {
  std::vector<std::string> argv = options.argv, environment = options.environment;
  const auto argv_pointers = pointers(argv), environment_pointers = pointers(environment);
  const pid_t parent = getpid();
  // A SIGTERM that comes before the program is executed would go to our own handler in the child, and be lost.
  sigset_t all{}, mask{};
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  const pid_t pid = fork();
  if (pid == 0)
    become(argv_pointers.data(), environment_pointers.data(), options.out.c_str(), options.err.c_str(), parent, mask);
  const int why = errno;
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  errno = why;
  if (pid < 0) return fail(ErrorCode::Io, options.argv.front() + " could not be started: " + std::strerror(errno));
  return std::unique_ptr<Child>{new Child{pid}};
}

Child::~Child() {
  if (stop(std::chrono::seconds{5})) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Child::running() {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  ended_ = WIFSIGNALED(status) ? Ended{-1, WTERMSIG(status)} : Ended{WEXITSTATUS(status), 0};
  return false;
}

std::optional<Ended> Child::stop(std::chrono::milliseconds patience) {
  if (running()) kill(pid_, SIGTERM);
  (void)wait_until([this] { return !running(); }, patience);
  return ended_;
}

Result<Programs> installed_programs() {
  std::error_code problem;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (problem) return fail(ErrorCode::NotFound, "this program cannot find itself: " + problem.message());
  const Programs programs{self, self.parent_path() / "paper-gateway"};
  if (access(programs.paper_gateway.c_str(), X_OK) != 0)
    return fail(ErrorCode::NotFound, "the paper gateway is not beside this program: " +
                                         programs.paper_gateway.string() + ": " + std::strerror(errno));
  return programs;
}

}  // namespace rm::drill
