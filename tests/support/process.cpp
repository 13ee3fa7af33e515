#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string_view>

namespace rm::test {
namespace {

bool handed_down(std::string_view variable) {
  return !variable.starts_with("PROJECT_X_") && !variable.starts_with("RISK_MANAGER__");
}

std::vector<std::string> environment_of(const ProcessOptions& options) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals != std::string_view::npos && handed_down(text))
      all[std::string{text.substr(0, equals)}] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : options.environment) all[name] = value;
  std::vector<std::string> list;
  for (const auto& [name, value] : all) list.push_back(name + "=" + value);
  return list;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

void redirect(const std::filesystem::path& file, int descriptor) {
  const int opened = open(file.empty() ? "/dev/null" : file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0 || dup2(opened, descriptor) < 0) _exit(126);
}

}  // namespace

Process::Process(const ProcessOptions& options) {
  std::vector<std::string> argv = options.argv, environment = environment_of(options);
  std::vector<char*> argv_pointers = pointers(argv), environment_pointers = pointers(environment);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot start " + options.argv.front());
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing behind
  redirect(options.out, STDOUT_FILENO);
  redirect(options.err, STDERR_FILENO);
  execve(argv_pointers.front(), argv_pointers.data(), environment_pointers.data());
  _exit(127);
}

Process::~Process() {
  if (!running()) return;
  signal(SIGKILL);
  (void)wait();
}

void Process::signal(int number) {
  if (running()) kill(pid_, number);
}

bool Process::running() {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  ended_ = WIFSIGNALED(status) ? Ended{-1, WTERMSIG(status)} : Ended{WEXITSTATUS(status), 0};
  return false;
}

std::optional<Ended> Process::wait(std::chrono::milliseconds deadline) {
  (void)eventually([&] { return !running(); }, deadline);
  return ended_;
}

}  // namespace rm::test
