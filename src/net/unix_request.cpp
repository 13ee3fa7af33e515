#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "net/unix_server.h"

namespace rm::net {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t max_answer = std::size_t{64} << 20;

struct Socket {
  int fd = -1;
  Socket() : fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {}
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
};

std::string system_text(int error) {
  return std::generic_category().message(error);
}

bool wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// Empty: connected.
std::string connect_to(int fd, const std::string& path, Clock::time_point deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return "the path is too long";
  std::memcpy(address.sun_path, path.c_str(), path.size());
  for (;;) {
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
    if (errno == ENOENT || errno == ECONNREFUSED) return "nothing is running there";
    if (errno != EAGAIN && errno != EINTR) return system_text(errno);
    // The listen queue is full: a Unix socket says so at once instead of waiting.
    if (Clock::now() >= deadline) return "it is too busy to answer";
    ::poll(nullptr, 0, 10);
  }
}

}  // namespace

std::expected<std::string, std::string> unix_request(const std::string& path, std::string_view line,
                                                     std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const auto failed = [&](const std::string& why) {
    return std::unexpected("no answer from '" + path + "': " + why);
  };
  const Socket socket;
  if (socket.fd < 0) return failed(system_text(errno));
  if (const std::string why = connect_to(socket.fd, path, deadline); !why.empty()) return failed(why);

  const std::string request = std::string{line} + '\n';
  for (std::size_t sent = 0; sent < request.size();) {
    const ssize_t n = ::send(socket.fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
      return failed(n == 0 ? "the connection took nothing" : system_text(errno));
    } else if (!wait_for(socket.fd, POLLOUT, deadline)) {
      return failed("it did not take the request in time");
    }
  }

  std::string answer;
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    const ssize_t n = ::recv(socket.fd, chunk.data(), chunk.size(), 0);
    if (n > 0) {
      answer.append(chunk.data(), static_cast<std::size_t>(n));
      if (answer.size() > max_answer) return failed("the answer is too long");
    } else if (n == 0) {
      if (answer.empty()) return failed("it closed the connection without a word");
      return answer;
    } else if (errno != EAGAIN && errno != EINTR) {
      return failed(system_text(errno));
    } else if (!wait_for(socket.fd, POLLIN, deadline)) {
      return failed("it did not answer in time");
    }
  }
}

}  // namespace rm::net
