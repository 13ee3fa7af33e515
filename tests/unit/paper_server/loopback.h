// A gateway on a real port, and a client made of a bare socket: it can send every wrong thing a library would not.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "bench.h"
#include "paper_gateway/transport/web_server.h"

namespace paper {

// Runs a bench's gateway on 127.0.0.1. The bench belongs to the server's thread: reach it through in_loop() alone.
class Loopback {
 public:
  explicit Loopback(WebServerOptions options = {});
  ~Loopback();
  std::uint16_t port() const { return server_.port(); }
  const std::string& token() const { return token_; }
  void in_loop(std::function<void(Bench&)> what);  // returns when it is done

 private:
  WebServer server_;
  Bench bench_{{}, monotonic_ns()};
  std::string token_;
  std::atomic<std::function<void(Bench&)>*> job_{nullptr};
  std::thread thread_;
};

// A TCP connection to 127.0.0.1 that gives up after ten seconds.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  std::string read_until(std::string_view end);  // up to and with it; what came when the connection ends first
  std::string read_exactly(std::size_t count);
  bool ended();  // the other side has closed; reads and discards until then
  int handle() const { return fd_; }

  // HTTP: one request, one answer.
  std::string ask(std::string_view request);  // the answer's head and body
  static std::string post(std::string_view path, std::string_view body, std::string_view extra_headers = "");

  // WebSocket, after an answer 101.
  std::string upgrade(std::string_view target);  // the answer's head
  void send_frame(int opcode, std::string_view payload, bool final_piece = true);
  std::pair<int, std::string> read_frame();  // opcode and payload; opcode -1 when the connection ended

 private:
  bool fill();  // reads more; false at the end
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace paper
