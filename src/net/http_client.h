#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "net/url.h"

namespace rm::net {

// Why there is no answer to a request.
enum class NoAnswer {
  None,                // there is one: see `status`
  ConnectFailed,       // name not resolved, refused, unreachable, or no connection within connect_timeout
  TlsFailed,           // no trusted TLS connection: unknown CA, wrong host name, expired, ...
  Timeout,             // request_timeout passed, in the queue or waiting for the answer
  ClosedBeforeAnswer,  // the connection ended before the answer was complete
  TooLarge,            // the answer is larger than max_body
  Malformed,           // the answer is not HTTP
};

enum class Priority { Urgent, Normal };

struct HttpReply {
  int status = 0;  // HTTP status; 0: no answer, see `reason`
  NoAnswer reason = NoAnswer::None;
  bool request_may_have_been_sent =
      false;              // true whenever any byte of the request left: the other side may have acted on it
  std::string error;      // one sentence naming the host; empty with an answer; never holds a token
  std::string_view body;  // valid during the callback only
  std::optional<std::int64_t> date_unix_s;  // the HTTP Date header
  std::optional<int> retry_after_s;         // the Retry-After header, seconds from the answer on, never negative
  std::int64_t sent_ns = 0;                 // monotonic, when the last byte of the request was written; 0: it was not
  std::int64_t answered_ns = 0;             // monotonic, when the answer was complete, or when it was given up
};

struct HttpOptions {
  std::string ca_file;  // PEM, trusted beside the system's authorities; empty: those alone
  std::chrono::milliseconds connect_timeout{5000};   // name, TCP and TLS together
  std::chrono::milliseconds request_timeout{10000};  // from the call to the complete answer
  std::size_t max_body = std::size_t{64} << 20;      // bytes
  int connections = 3;                               // kept open at all times, 1 to 16
};

// HTTP/1.1 to ONE host over a small pool of connections that are opened at construction and kept warm: a connection
// the server closes is opened again at once (with back-off when that fails), its TLS session resumed. One request in
// flight a connection, no pipelining. One connection is left idle for urgent requests as long as the others can be
// had. Nothing is ever sent twice. Runs on the loop thread. Callbacks never come from inside post() or get();
// destroying the client drops all of them unheard.
class HttpClient {
 public:
  using Options = HttpOptions;
  using OnReply = std::function<void(const HttpReply&)>;

  // Only scheme, host and port of `base` are used. Throws std::runtime_error when ca_file cannot be read.
  HttpClient(Loop& loop, const Url& base, const Options& options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Copies its arguments. With a warm connection idle the request is written inside this call (no allocation in
  // steady state, as long as `on_reply` needs none); otherwise it waits in line, urgent ones first. `bearer` may be
  // empty. on_reply is called once. `path` starts with '/'; a path or bearer with a control character or a space is
  // answered as Malformed and not sent.
  void post(std::string_view path, std::string_view bearer, std::string_view json_body, Priority priority,
            OnReply on_reply);
  void get(std::string_view path, std::string_view bearer, Priority priority, OnReply on_reply);

  [[nodiscard]] int connected() const;  // connections that could carry, or are carrying, a request

 private:
  class Pool;
  std::shared_ptr<Pool> pool_;
};

}  // namespace rm::net
