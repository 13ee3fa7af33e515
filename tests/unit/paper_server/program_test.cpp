// The built program, as a user starts it.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "loopback.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    int out[2];
    int err[2];
    EXPECT_EQ(::pipe(out), 0);
    EXPECT_EQ(::pipe(err), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(err[1], STDERR_FILENO);
      for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
      arguments.insert(arguments.begin(), PAPER_GATEWAY_BINARY);
      std::vector<char*> argv;
      for (auto& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string first_line() {
    std::string line;
    char c = 0;
    while (::read(out_, &c, 1) == 1 && c != '\n') line += c;
    return line;
  }
  static std::string rest_of(int fd) {
    std::string all;
    char piece[4096];
    for (auto count = ::read(fd, piece, sizeof piece); count > 0; count = ::read(fd, piece, sizeof piece)) {
      all.append(piece, static_cast<std::size_t>(count));
    }
    return all;
  }
  std::string rest_of_output() { return rest_of(out_); }
  std::string problems() { return rest_of(err_); }
  void signal(int number) const { ::kill(pid_, number); }
  int exit_code() {
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  int err_ = -1;
};

std::string temporary(const std::string& name) {
  return (std::filesystem::path{testing::TempDir()} / (name + std::to_string(::getpid()))).string();
}

std::uint16_t port_in(const std::string& path) {
  std::ifstream file{path};
  std::uint16_t port = 0;
  file >> port;
  return port;
}

TEST(Program, SaysWhereItListensServesAndStopsOnASignal) {
  for (const int number : {SIGTERM, SIGINT}) {
    const auto port_file = temporary("paper_port");
    Program program{{"--port-file", port_file, "--user", "me", "--api-key", "k", "--quiet"}};
    const auto line = program.first_line();
    EXPECT_THAT(line, MatchesRegex("paper-gateway ready: http://127.0.0.1:[0-9]+ user_hub "
                                   "ws://127.0.0.1:[0-9]+/hubs/user market_hub ws://127.0.0.1:[0-9]+/hubs/market"));
    const auto port = port_in(port_file);
    EXPECT_THAT(line, HasSubstr(":" + std::to_string(port) + "/hubs/market"));
    RawClient client{port};
    EXPECT_THAT(client.ask(RawClient::post("/api/Auth/loginKey", R"({"userName":"me","apiKey":"k"})")),
                HasSubstr("\"success\":true"));
    EXPECT_THAT(
        client.ask(RawClient::post("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})")),
        HasSubstr("\"success\":true"));
    program.signal(number);
    EXPECT_EQ(program.exit_code(), 0);
    EXPECT_EQ(program.rest_of_output(), "");
    EXPECT_EQ(program.problems(), "");
    std::filesystem::remove(port_file);
  }
}

TEST(Program, TellsTheStoryOnStandardError) {
  const auto port_file = temporary("paper_port");
  Program program{{"--port-file", port_file, "--start-time", "2026-09-01T14:30:00Z"}};
  program.first_line();
  RawClient client{port_in(port_file)};
  client.ask(RawClient::post("/paper/price", R"({"symbol":"MNQ","last":29500})"));
  client.ask(RawClient::post("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":2})"));
  client.ask("GET /paper/state HTTP/1.1\r\nHost: x\r\n\r\n");
  program.signal(SIGTERM);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.problems(), HasSubstr("26001234 bought 2 MNQU26 @ 29500"));
}

TEST(Program, MisbehavesFromTheStartAsItsScenarioSaysAndTellsTheSeed) {
  const auto port_file = temporary("paper_port");
  const auto scenario = temporary("trouble.yaml");
  std::ofstream{scenario} << "seed: 5\n"
                             "settings: {retryAfter: true}\n"
                             "faults: [{path: '/hubs/*', action: status, status: 502, count: 0}]\n"
                             "begin: start\n"
                             "steps:\n"
                             "  - {at: 0, fault: {path: /api/Status/ping, action: status, status: 503, count: 0}}\n";
  Program program{{"--port-file", port_file, "--scenario", scenario, "--seed", "4242"}};
  program.first_line();
  RawClient client{port_in(port_file)};
  EXPECT_THAT(client.ask("GET /paper/fault HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(R"("seed":"4242")"));
  EXPECT_THAT(client.ask("GET /paper/settings HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(R"("retryAfter":true)"));
  EXPECT_THAT(client.ask(RawClient::post("/hubs/user/negotiate", "")), HasSubstr(" 502 "));
  EXPECT_THAT(client.ask("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(" 503 "));
  program.signal(SIGTERM);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.problems(), HasSubstr("seed 4242"));
  std::filesystem::remove(port_file);
  std::filesystem::remove(scenario);
}

TEST(Program, RefusesWrongOptionsAndScenariosWithTwo) {
  EXPECT_EQ(Program{{"--nonsense"}}.exit_code(), 2);
  EXPECT_EQ((Program{{"--port", "70000"}}.exit_code()), 2);
  EXPECT_EQ((Program{{"--tls-cert", "x"}}.exit_code()), 2);
  EXPECT_EQ((Program{{"--start-time", "noon"}}.exit_code()), 2);
  Program unknown{{"--scenario", "no-such-story"}};
  EXPECT_THAT(unknown.problems(), HasSubstr("no-such-story"));
  EXPECT_EQ(unknown.exit_code(), 2);
  const auto file = temporary("wrong_scenario.yaml");
  std::ofstream{file} << "nonsense: 1\nusers: 7\n";
  Program wrong{{"--scenario", file}};
  const auto problems = wrong.problems();
  EXPECT_THAT(problems, HasSubstr(file + ":1: "));
  EXPECT_THAT(problems, HasSubstr(file + ":2: "));
  EXPECT_EQ(wrong.exit_code(), 2);
  std::filesystem::remove(file);
}

TEST(Program, APortThatIsTakenIsExitCodeOne) {
  Loopback taken;
  Program program{{"--port", std::to_string(taken.port())}};
  EXPECT_THAT(program.problems(), HasSubstr(std::to_string(taken.port())));
  EXPECT_EQ(program.exit_code(), 1);
}

}  // namespace
}  // namespace paper
