#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "net/tls.h"
#include "net/url.h"

namespace rm::net {

// Internal: one TCP connection, TLS if the Url says so, TCP_NODELAY. Resolves, connects (each address in turn),
// shakes hands, then moves bytes. Writes are tried inside the call, on the raw socket; that is what the enforcement
// path needs and what asio's own TLS stream does not offer. Runs on the loop thread.
class Channel {
 public:
  enum class End { ConnectFailed, TlsFailed, Closed /* properly, by the peer */, Broken };

  // Called from the loop, never from inside a call into Channel. Each callback may close, reconnect or destroy the
  // channel.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_connected() = 0;
    virtual std::span<char> read_space() = 0;  // where the next bytes go; not empty
    virtual void on_read(std::size_t bytes, std::int64_t received_ns) = 0;
    virtual void on_ended(End end, const std::string& sentence) = 0;  // closed already; once a connect()
  };

  Channel(Loop& loop, Owner& owner, std::shared_ptr<TlsContext> tls);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void connect(const Url& url, std::chrono::milliseconds timeout);  // drops the connection there is, unheard
  void close();                                                     // at once; on_ended() does not follow

  // Writes what the socket takes and keeps the rest for later. False: not one byte left, on_ended() follows.
  bool write(std::string_view bytes);
  // Open, and nothing came since the last read. False: on_ended() or on_read() follows.
  bool quiet();

  [[nodiscard]] std::size_t unsent() const;
  [[nodiscard]] std::int64_t last_write_ns() const;  // monotonic, when the last byte so far was written

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rm::net
