#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct x509_store_ctx_st;

namespace rm::net {

// Internal: what one client trusts, and the session it last had, so that the next connection resumes it.
// TLS 1.2 or later; the chain and the host name are always verified.
class TlsContext {
 public:
  explicit TlsContext(const std::string& ca_file);  // std::runtime_error when ca_file cannot be read
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsSession;
  struct Free {
    void operator()(ssl_ctx_st* context) const;
    void operator()(ssl_session_st* session) const;
  };
  static int on_new_session(ssl_st* ssl, ssl_session_st* session);

  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unique_ptr<ssl_session_st, Free> last_session_;
  std::string last_peer_;  // a session is offered to the peer it came from, to nobody else
};

enum class Io { Done, WouldRead, WouldWrite, Ended /* properly closed */, Failed };

// Internal: TLS over a connected, non-blocking socket that somebody else owns and waits for. No call blocks.
class TlsSession {
 public:
  TlsSession(TlsContext& context, int socket, const std::string& host, const std::string& peer);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Io handshake();
  Io read(std::span<char> space, std::size_t& got);
  Io write(std::string_view bytes, std::size_t& taken);  // after WouldWrite: call again with at least the same bytes
  bool quiet();                                          // nothing to read, still open; may process session tickets
  void close_notify();                                   // tried once
  [[nodiscard]] bool holds_bytes() const;                // read from the socket, not yet asked for

  [[nodiscard]] const std::string& problem() const {
    return problem_;
  }  // after Failed: one sentence naming host and cause

 private:
  friend class TlsContext;
  static int on_verify(int ok, x509_store_ctx_st* store);
  Io outcome(int result);
  void explain_failure();

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  TlsContext& context_;
  std::string host_;
  std::string peer_;
  std::string rejected_;  // why the certificate was refused, set by on_verify
  std::string problem_;
  std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace rm::net
