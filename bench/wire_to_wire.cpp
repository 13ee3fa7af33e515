// The whole program over real sockets: bytes of a fill in -> last byte of the close request out, as the daemon's own
// receipts say, next to the round trip of a do-nothing epoll echo on the same machine in the same run. Arguments:
// risk-manager, rounds.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/unix_server.h"
#include "support/paper_gateway_process.h"

namespace {

using namespace rm::test;
using Clock = std::chrono::steady_clock;

constexpr int kEchoRounds = 20'000;
constexpr std::size_t kMessageBytes = 320;  // about a GatewayUserTrade record

void print(const char* what, std::vector<double> microseconds) {
  if (microseconds.empty()) throw std::runtime_error{"nothing was measured"};
  std::sort(microseconds.begin(), microseconds.end());
  const auto at = [&](double share) {
    return microseconds[static_cast<std::size_t>(share * static_cast<double>(microseconds.size() - 1))];
  };
  std::printf("%-44s p50 %8.1f us   p99 %8.1f us   (%zu rounds)\n", what, at(0.5), at(0.99), microseconds.size());
}

void no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void read_fully(int fd, char* buffer) {
  for (std::size_t got = 0; got < kMessageBytes;) {
    const ssize_t n = read(fd, buffer + got, kMessageBytes - got);
    if (n <= 0) return;
    got += static_cast<std::size_t>(n);
  }
}

// Echoes until the peer closes, one epoll_wait a message: what any event loop pays before it does anything.
void echo(int listener) {
  const int fd = accept(listener, nullptr, nullptr);
  no_delay(fd);
  const int poller = epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted);
  char buffer[kMessageBytes];
  for (epoll_event event{}; epoll_wait(poller, &event, 1, -1) == 1;) {
    const ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0 || write(fd, buffer, static_cast<std::size_t>(n)) != n) break;
  }
  close(poller);
  close(fd);
}

std::vector<double> echo_round_trips() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 1) != 0 || getsockname(listener, generic, &size) != 0)
    throw std::runtime_error{"no loopback socket"};
  std::thread server{echo, listener};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, generic, size) != 0) throw std::runtime_error{"no loopback connection"};
  no_delay(fd);
  std::vector<double> times;
  char buffer[kMessageBytes] = {};
  for (int i = 0; i < kEchoRounds; ++i) {
    const auto start = Clock::now();
    if (write(fd, buffer, sizeof buffer) != static_cast<ssize_t>(sizeof buffer)) break;
    read_fully(fd, buffer);
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  close(fd);
  server.join();
  close(listener);
  return times;
}

struct Measured {
  std::vector<double> to_request, to_verified;
};

// One contract too many, again and again: each fill is answered by a closeContract.
Measured enforcements(const std::string& daemon, int rounds) {
  PaperGatewayProcess gateway;
  const TempDir dir;
  const auto config =
      dir.write("bench.yaml", gateway.yaml() + "rules: {max_contracts: {max_contracts: 0}}\nlog: {level: error}\n");
  const std::string data = (dir.path() / "data").string();
  Process process{{.argv = {daemon, "start", "--config", config.string(), "--data-dir", data},
                   .environment = {{"PROJECT_X_USERNAME", "paper"}, {"PROJECT_X_API_KEY", "paper-key"}},
                   .out = dir.path() / "out",
                   .err = dir.path() / "err"}};
  const auto status = [&] {
    const auto answer = rm::net::unix_request(data + "/control.sock", "status", std::chrono::seconds{5});
    return answer ? Json::parse(*answer, nullptr, false) : Json::object();
  };
  if (!eventually([&] { return status().value("state", "") == "protecting"; }))
    throw std::runtime_error{"the daemon does not protect"};
  Measured measured;
  for (int i = 0; i < rounds; ++i) {
    gateway.buy(kAccount, "MNQ", 1);
    const auto done = [&] {
      const Json now = status();
      for (const Json& account : now["accounts"]) {
        const Json& list = account["enforcements"];
        if (account["id"] != kAccount || list.empty() || list.back()["id"] != i + 1 ||
            list.back()["state"] != "verified")
          continue;
        measured.to_request.push_back(list.back()["event_to_request_us"].get<double>());
        measured.to_verified.push_back(list.back()["event_to_verified_us"].get<double>());
        return true;
      }
      return false;
    };
    if (!eventually(done, std::chrono::seconds{10}))
      throw std::runtime_error{"an enforcement was not verified: " + status().dump()};
  }
  process.signal(SIGTERM);
  (void)process.wait();
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: wire_to_wire RISK_MANAGER ROUNDS\n");
    return 2;
  }
  try {
    print("do-nothing epoll echo, round trip", echo_round_trips());
    const Measured measured = enforcements(argv[1], std::atoi(argv[2]));
    print("fill bytes in -> close request out", measured.to_request);
    print("fill bytes in -> flat verified by two reads", measured.to_verified);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "wire_to_wire: %s\n", problem.what());
    return 1;
  }
}
