#include "support/http_request.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace rm::test {
namespace {

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr timeval patience{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(socket_);
      throw std::runtime_error("nothing listens on port " + std::to_string(port));
    }
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the connection broke while writing");
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  [[nodiscard]] std::string read_to_end() const {
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
      const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
      if (got < 0) throw std::runtime_error("no complete answer");
      if (got == 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int socket_;
};

// "HTTP/1.1 200 OK\r\n…\r\n\r\nbody", closed by the server after the body.
HttpAnswer parsed(const std::string& text) {
  constexpr std::string_view begin = "HTTP/1.1 ";
  const auto headers_end = text.find("\r\n\r\n");
  HttpAnswer answer;
  const bool complete = text.starts_with(begin) && headers_end != std::string::npos;
  if (complete) std::from_chars(text.data() + begin.size(), text.data() + headers_end, answer.status);
  if (answer.status == 0) throw std::runtime_error("no HTTP answer: " + text.substr(0, 100));
  answer.body = text.substr(headers_end + 4);
  return answer;
}

HttpAnswer exchange(std::uint16_t port, std::string_view method, std::string_view target, std::string_view body,
                    std::string_view bearer = {}) {
  std::string request{method};
  request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
  request.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
  if (!bearer.empty()) request.append("\r\nAuthorization: Bearer ").append(bearer);
  request.append("\r\n\r\n").append(body);
  const Connection connection{port};
  connection.write(request);
  return parsed(connection.read_to_end());
}

}  // namespace

HttpAnswer http_get(std::uint16_t port, std::string_view target) {
  return exchange(port, "GET", target, {});
}

HttpAnswer http_post(std::uint16_t port, std::string_view target, std::string_view json_body,
                     std::string_view bearer) {
  return exchange(port, "POST", target, json_body, bearer);
}

}  // namespace rm::test
