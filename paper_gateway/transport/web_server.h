// HTTP and WebSocket on one loopback port, plain or TLS. Runs the loop everything else is called on.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "paper_gateway/server/web.h"

namespace paper {

struct WebServerOptions {
  std::uint16_t port = 0;  // 0: a free one
  std::string tls_cert;    // PEM files; both or neither
  std::string tls_key;
};

// What the loop does between socket events.
struct LoopHooks {
  std::function<std::optional<std::int64_t>()> next_deadline;  // steady_clock nanoseconds
  std::function<void()> on_time;                               // after every event and at the deadline
};

std::int64_t monotonic_ns();  // steady_clock, which is CLOCK_MONOTONIC here

class WebServer {
 public:
  // Binds 127.0.0.1. Throws std::runtime_error with a sentence when the port or the TLS files cannot be used.
  explicit WebServer(const WebServerOptions& options);
  ~WebServer();

  std::uint16_t port() const;
  // Until stop() or, with stop_on_signals(), SIGTERM or SIGINT. Destroy the handler before the server: it holds
  // sockets.
  void run(WebHandler& handler, const LoopHooks& hooks);
  void stop_on_signals();
  void stop();  // from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paper
