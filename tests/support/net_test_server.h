#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace rm::test {

// A certificate authority and server certificates, made by the openssl command in a temporary directory of this
// process.
struct TestCertificates {
  std::string ca;                                   // PEM: the authority that signed all of these but `stranger`
  std::string good, wrong_host, expired, stranger;  // "<name>.pem" and "<name>.key" without the ending
  static const TestCertificates& instance();
};

// The other end of one connection. Blocking; every call throws PeerGone when the connection is gone.
struct PeerGone {};
class TestPeer {
 public:
  virtual ~TestPeer() = default;
  virtual std::string read_some() = 0;
  virtual void write(std::string_view bytes) = 0;
  virtual void hang_up() = 0;  // properly: TLS close_notify, then FIN
  [[nodiscard]] virtual bool tls_session_resumed() const = 0;

  std::string read_exactly(std::size_t bytes);
  std::string read_through(std::string_view end);  // up to and with `end`
  std::string read_request();                      // HTTP head and, by its Content-Length, body
  void answer(std::string_view body, std::string_view extra_headers = {}, std::string_view status = "200 OK");
  std::string accept_websocket();  // reads the upgrade request, answers 101, returns the request

 private:
  std::string unread_;
};

// Listens on a free port of 127.0.0.1. `session` runs on a thread of its own for each connection; `number` counts
// them from 0. When it returns, the connection is closed. The destructor breaks all connections and waits for the
// threads.
class NetTestServer {
 public:
  using Session = std::function<void(TestPeer& peer, int number)>;
  explicit NetTestServer(Session session, std::string certificate = {});  // with a certificate: TLS
  ~NetTestServer();
  NetTestServer(const NetTestServer&) = delete;
  NetTestServer& operator=(const NetTestServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] int accepted() const;
  [[nodiscard]] std::string url(std::string_view scheme, std::string_view target = "/") const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One frame as a server sends it: unmasked; `first_byte` is FIN, reserved bits and opcode.
std::string server_frame(unsigned char first_byte, std::string_view payload);
// Reads one frame of the client's and takes its mask off.
struct ClientFrame {
  unsigned char first_byte = 0;
  bool masked = false;
  std::string payload;
};
ClientFrame read_client_frame(TestPeer& peer);

}  // namespace rm::test
