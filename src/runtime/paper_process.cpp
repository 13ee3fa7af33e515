#include "runtime/paper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <vector>

namespace rm {
namespace {

constexpr std::chrono::seconds kReadyWithin{10};

// One line from `fd`, or what came until the deadline or the end.
std::string read_line(int fd, std::chrono::steady_clock::time_point until) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd wait{fd, POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, static_cast<int>(left)) <= 0) break;
    char buffer[512];
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0) break;
    line.append(buffer, static_cast<std::size_t>(got));
  }
  return line.substr(0, line.find('\n'));
}

[[noreturn]] void become_paper_gateway(const std::string& program, const std::string& scenario, bool quiet,
                                       int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);  // the parent ended before the line above
  setpgid(0, 0);                      // Ctrl-C reaches the daemon alone, which then ends us
  dup2(output, STDOUT_FILENO);
  std::vector<const char*> argv{program.c_str(), "--user", PaperProcess::kUser, "--api-key", PaperProcess::kApiKey};
  if (quiet) argv.push_back("--quiet");
  if (!scenario.empty()) {
    argv.push_back("--scenario");
    argv.push_back(scenario.c_str());
  }
  argv.push_back(nullptr);
  execv(program.c_str(), const_cast<char* const*>(argv.data()));
  _exit(127);
}

}  // namespace

Result<std::unique_ptr<PaperProcess>> PaperProcess::start(const std::string& scenario, bool quiet) {
  std::error_code problem;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  const std::string program = (self.parent_path() / "paper-gateway").string();
  if (problem || !std::filesystem::exists(program, problem))
    return fail(ErrorCode::NotFound, "the paper gateway is not beside this program (" + program + ")");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return fail(ErrorCode::Io, std::string{"no pipe for the paper gateway: "} + std::strerror(errno));
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become_paper_gateway(program, scenario, quiet, ends[1], parent);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return fail(ErrorCode::Io, std::string{"the paper gateway could not be started: "} + std::strerror(errno));
  }
  std::unique_ptr<PaperProcess> process{new PaperProcess{child, ends[0]}};
  // "paper-gateway ready: http://127.0.0.1:1234 user_hub ws://... market_hub ws://..."
  std::istringstream words{read_line(ends[0], std::chrono::steady_clock::now() + kReadyWithin)};
  std::string name, ready, user, market;
  words >> name >> ready >> process->api_url_ >> user >> process->user_hub_url_ >> market >> process->market_hub_url_;
  if (ready != "ready:" || process->market_hub_url_.empty())
    return fail(ErrorCode::Io, "the paper gateway did not start: see its message above");
  return process;
}

PaperProcess::~PaperProcess() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  close(output_);
}

}  // namespace rm
