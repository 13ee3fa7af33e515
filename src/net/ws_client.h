#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "net/url.h"

namespace rm::net {

class WsHandler {
 public:
  virtual ~WsHandler() = default;
  virtual void on_open() = 0;

  // A whole WebSocket message, fragments joined, text or binary alike; not checked for UTF-8. Valid during the call.
  // At least `ws_padding` bytes after its end may be read and written. `received_ns`: monotonic, when its last bytes
  // were read.
  virtual void on_text(std::span<char> message, std::int64_t received_ns) = 0;

  // The connection is gone, or never came to be; said once a connect(). `why` is one sentence naming the host, never
  // a token. `http_status`: the answer that refused the upgrade (401, 503, ...); 0 in every other case. connect() may
  // be called in here.
  virtual void on_closed(const std::string& why, int http_status) = 0;
};

inline constexpr std::size_t ws_padding = 64;

struct WsOptions {
  std::string ca_file;  // PEM, trusted beside the system's authorities; empty: those alone
  std::chrono::milliseconds connect_timeout{5000};  // name, TCP, TLS and upgrade together
  std::size_t max_message = std::size_t{8} << 20;   // bytes; a longer message closes the connection
};

// One WebSocket connection at a time, RFC 6455 version 13, no extensions. Pings are answered, pongs ignored, one read
// buffer is reused. Runs on the loop thread. `handler` must outlive this object and is never called from inside
// connect(), send_text() or close(); any of them, and the destructor, may be called from inside the handler.
class WsClient {
 public:
  using Options = WsOptions;

  WsClient(Loop& loop, WsHandler& handler,
           const Options& options = {});  // std::runtime_error when ca_file cannot be read
  ~WsClient();
  WsClient(const WsClient&) = delete;
  WsClient& operator=(const WsClient&) = delete;

  // Starts to connect; a connection there is gets dropped first, unheard. `bearer`, if any, goes into the
  // Authorization header; a token in the query is the caller's to append to url.target, URL-encoded.
  void connect(const Url& url, std::string_view bearer);
  void send_text(std::string_view text);  // copied, written at once if it can be; dropped if there is no connection
                                          // (on_closed() follows)
  void close();  // sends a Close frame, ends the connection; the handler hears nothing more of it

 private:
  class Session;
  std::shared_ptr<Session> session_;
};

}  // namespace rm::net
