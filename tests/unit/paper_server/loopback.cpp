#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace paper {

Loopback::Loopback(WebServerOptions options) : server_{options}, token_{bench_.token} {
  thread_ = std::thread{[this] {
    const auto on_time = [this] {
      bench_.mono_ns = std::max(bench_.mono_ns, monotonic_ns());
      if (auto* job = job_.load()) {
        (*job)(bench_);
        job_ = nullptr;
        job_.notify_all();
      }
      bench_.gateway.on_time();
    };
    const auto soon = [] { return std::optional{monotonic_ns() + 1'000'000}; };
    server_.run(bench_.gateway, {soon, on_time});
  }};
}

Loopback::~Loopback() {
  server_.stop();
  thread_.join();
}

void Loopback::in_loop(std::function<void(Bench&)> what) {
  job_ = &what;
  job_.wait(&what);
}

RawClient::RawClient(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  const timeval patience{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const void* raw = &address;
  EXPECT_EQ(::connect(fd_, static_cast<const sockaddr*>(raw), sizeof address), 0);
}

RawClient::~RawClient() {
  ::close(fd_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the other side had enough; what it answered is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool RawClient::fill() {
  std::array<char, 65536> piece{};
  const auto count = ::recv(fd_, piece.data(), piece.size(), 0);
  if (count <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::read_until(std::string_view end) {
  auto found = buffer_.find(end);
  while (found == std::string::npos) {
    if (!fill()) return std::exchange(buffer_, {});
    found = buffer_.find(end);
  }
  const auto result = buffer_.substr(0, found + end.size());
  buffer_.erase(0, result.size());
  return result;
}

std::string RawClient::read_exactly(std::size_t count) {
  while (buffer_.size() < count && fill()) {
  }
  const auto result = buffer_.substr(0, count);
  buffer_.erase(0, result.size());
  return result;
}

bool RawClient::ended() {
  char byte = 0;
  for (;;) {
    buffer_.clear();
    const auto count = ::recv(fd_, &byte, 1, 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) return true;
    if (count < 0) return false;  // still open after ten seconds
  }
}

std::string RawClient::ask(std::string_view request) {
  send(request);
  auto answer = read_until("\r\n\r\n");
  constexpr std::string_view field = "Content-Length: ";
  if (const auto at = answer.find(field); at != std::string::npos) {
    std::size_t length = 0;
    std::from_chars(answer.data() + at + field.size(), answer.data() + answer.size(), length);
    answer += read_exactly(length);
  }
  return answer;
}

std::string RawClient::post(std::string_view path, std::string_view body, std::string_view extra_headers) {
  return "POST " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
         std::string{extra_headers} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string{body};
}

std::string RawClient::upgrade(std::string_view target) {
  send("GET " + std::string{target} +
       " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  return read_until("\r\n\r\n");
}

void RawClient::send_frame(int opcode, std::string_view payload, bool final_piece) {
  std::string frame{static_cast<char>((final_piece ? 0x80 : 0) | opcode)};
  const auto size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(0x80 | size);
  } else if (size < 65536) {
    frame += static_cast<char>(0x80 | 126);
    for (const int shift : {8, 0}) frame += static_cast<char>(size >> shift & 0xFF);
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift & 0xFF);
  }
  constexpr std::string_view mask = "mask";
  frame += mask;
  for (std::size_t i = 0; i < size; ++i) frame += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  send(frame);
}

std::pair<int, std::string> RawClient::read_frame() {
  const auto head = read_exactly(2);
  if (head.size() < 2) return {-1, ""};
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7F;
  const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (extra > 0) {
    size = 0;
    for (const char byte : read_exactly(extra)) size = size << 8 | static_cast<unsigned char>(byte);
  }
  return {head[0] & 0x0F, read_exactly(size)};
}

}  // namespace paper
