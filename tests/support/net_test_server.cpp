#include "support/net_test_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace rm::test {
namespace {

// --- certificates
// ---------------------------------------------------------------------------------------------------

struct TemporaryDirectory {
  std::filesystem::path path;
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "rm-certificates-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
};

void openssl(const std::string& arguments) {
  const std::string command = "openssl " + arguments + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

const std::string new_key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

std::string make_authority(const TemporaryDirectory& dir, const std::string& name) {
  const std::string base = (dir.path / name).string();
  openssl("req -x509" + new_key + " -days 2 -subj '/CN=" + name + "' -keyout " + base + ".key -out " + base + ".pem");
  return base;
}

std::string make_certificate(const TemporaryDirectory& dir, const std::string& name, const std::string& authority,
                             const std::string& names, int days) {
  const std::string base = (dir.path / name).string();
  openssl("req" + new_key + " -subj '/CN=" + name + "' -addext 'subjectAltName=" + names + "' -keyout " + base +
          ".key -out " + base + ".csr");
  openssl("x509 -req -in " + base + ".csr -CA " + authority + ".pem -CAkey " + authority + ".key -days " +
          std::to_string(days) + " -copy_extensions copy -out " + base + ".pem");
  return base;
}

// --- the two kinds of peer
// ------------------------------------------------------------------------------------------

class PlainPeer : public TestPeer {
 public:
  explicit PlainPeer(int fd) : fd_{fd} {}
  std::string read_some() override {
    std::array<char, 65536> chunk{};
    const ssize_t n = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (n <= 0) throw PeerGone{};
    return {chunk.data(), static_cast<std::size_t>(n)};
  }
  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) throw PeerGone{};
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void hang_up() override { ::shutdown(fd_, SHUT_WR); }
  [[nodiscard]] bool tls_session_resumed() const override { return false; }

 private:
  int fd_;
};

class TlsPeer : public TestPeer {
 public:
  TlsPeer(int fd, SSL_CTX* context) : fd_{fd}, ssl_{SSL_new(context), &SSL_free} {
    SSL_set_fd(ssl_.get(), fd);
    if (SSL_accept(ssl_.get()) != 1) throw PeerGone{};
  }
  std::string read_some() override {
    std::array<char, 65536> chunk{};
    const int n = SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (n <= 0) throw PeerGone{};
    return {chunk.data(), static_cast<std::size_t>(n)};
  }
  void write(std::string_view bytes) override {
    if (!bytes.empty() && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) throw PeerGone{};
  }
  void hang_up() override {
    SSL_shutdown(ssl_.get());
    ::shutdown(fd_, SHUT_WR);
  }
  [[nodiscard]] bool tls_session_resumed() const override { return SSL_session_reused(ssl_.get()) == 1; }

 private:
  int fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

std::size_t content_length(const std::string& head) {
  const std::string name = "content-length: ";
  std::string lower = head;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = lower.find(name);
  return at == std::string::npos ? 0 : std::stoul(lower.substr(at + name.size()));
}

std::string websocket_accept(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  const auto at = request.find(name) + name.size();
  const std::string text = request.substr(at, request.find('\r', at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {encoded.begin(), encoded.begin() + size};
}

}  // namespace

const TestCertificates& TestCertificates::instance() {
  static const TemporaryDirectory dir;
  static const TestCertificates made = [] {
    const std::string authority = make_authority(dir, "authority");
    const std::string unknown = make_authority(dir, "unknown");
    const std::string here = "DNS:localhost,IP:127.0.0.1";
    return TestCertificates{.ca = authority + ".pem",
                            .good = make_certificate(dir, "good", authority, here, 2),
                            .wrong_host = make_certificate(dir, "wrong_host", authority, "DNS:other.example", 2),
                            .expired = make_certificate(dir, "expired", authority, here, -1),
                            .stranger = make_certificate(dir, "stranger", unknown, here, 2)};
  }();
  return made;
}

std::string TestPeer::read_exactly(std::size_t bytes) {
  while (unread_.size() < bytes) unread_ += read_some();
  std::string out = unread_.substr(0, bytes);
  unread_.erase(0, bytes);
  return out;
}

std::string TestPeer::read_through(std::string_view end) {
  std::size_t at = 0;
  while ((at = unread_.find(end)) == std::string::npos) unread_ += read_some();
  return read_exactly(at + end.size());
}

std::string TestPeer::read_request() {
  std::string head = read_through("\r\n\r\n");
  const std::size_t length = content_length(head);
  return head + read_exactly(length);
}

void TestPeer::answer(std::string_view body, std::string_view extra_headers, std::string_view status) {
  std::string out = "HTTP/1.1 ";
  out.append(status).append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
  out.append(extra_headers).append("\r\n").append(body);
  write(out);
}

std::string TestPeer::accept_websocket() {
  std::string request = read_through("\r\n\r\n");
  write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        websocket_accept(request) + "\r\n\r\n");
  return request;
}

// --- the server
// -----------------------------------------------------------------------------------------------------

struct NetTestServer::Impl {
  Session session;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls{nullptr, &SSL_CTX_free};
  int listener = -1;
  std::uint16_t port = 0;
  std::atomic<int> accepted{0};
  std::mutex mutex;
  bool stopping = false;
  std::vector<int> open;
  std::vector<std::thread> threads;
  std::thread acceptor;

  void accept_all() {
    for (int number = 0;; ++number) {
      const int fd = ::accept(listener, nullptr, nullptr);
      const std::scoped_lock lock{mutex};
      if (fd < 0 || stopping) {
        if (fd >= 0) ::close(fd);
        return;
      }
      ++accepted;
      open.push_back(fd);
      threads.emplace_back([this, fd, number] { serve(fd, number); });
    }
  }

  void serve(int fd, int number) {
    try {
      const std::unique_ptr<TestPeer> peer =
          tls ? std::unique_ptr<TestPeer>{new TlsPeer{fd, tls.get()}} : std::unique_ptr<TestPeer>{new PlainPeer{fd}};
      session(*peer, number);
    } catch (const PeerGone&) {  // how most sessions end
    }
    const std::scoped_lock lock{mutex};
    std::erase(open, fd);
    ::close(fd);
  }
};

NetTestServer::NetTestServer(Session session, std::string certificate) : impl_{std::make_unique<Impl>()} {
  std::signal(SIGPIPE, SIG_IGN);
  impl_->session = std::move(session);
  if (!certificate.empty()) {
    impl_->tls.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate_chain_file(impl_->tls.get(), (certificate + ".pem").c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(impl_->tls.get(), (certificate + ".key").c_str(), SSL_FILETYPE_PEM) != 1)
      throw std::runtime_error("unusable certificate " + certificate);
  }
  impl_->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(impl_->listener, generic, size) != 0 || ::listen(impl_->listener, 64) != 0 ||
      ::getsockname(impl_->listener, generic, &size) != 0)
    throw std::runtime_error("no free port");
  impl_->port = ntohs(address.sin_port);
  impl_->acceptor = std::thread{[this] { impl_->accept_all(); }};
}

NetTestServer::~NetTestServer() {
  {
    const std::scoped_lock lock{impl_->mutex};
    impl_->stopping = true;
    ::shutdown(impl_->listener, SHUT_RDWR);
    for (const int fd : impl_->open) ::shutdown(fd, SHUT_RDWR);
  }
  impl_->acceptor.join();
  ::close(impl_->listener);
  for (auto& thread : impl_->threads) thread.join();
}

std::uint16_t NetTestServer::port() const {
  return impl_->port;
}
int NetTestServer::accepted() const {
  return impl_->accepted;
}

std::string NetTestServer::url(std::string_view scheme, std::string_view target) const {
  return std::string{scheme} + "://127.0.0.1:" + std::to_string(impl_->port) + std::string{target};
}

// --- WebSocket frames
// -----------------------------------------------------------------------------------------------

std::string server_frame(unsigned char first_byte, std::string_view payload) {
  std::string out{static_cast<char>(first_byte)};
  const std::size_t size = payload.size();
  const int extended = size < 126 ? 0 : size <= 0xFFFF ? 2 : 8;
  out.push_back(static_cast<char>(extended == 0 ? size : extended == 2 ? 126U : 127U));
  for (int shift = 8 * (extended - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift & 0xFF));
  return out.append(payload);
}

ClientFrame read_client_frame(TestPeer& peer) {
  const auto number = [](const std::string& bytes) {
    std::size_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  };
  ClientFrame frame;
  const std::string head = peer.read_exactly(2);
  frame.first_byte = static_cast<unsigned char>(head[0]);
  frame.masked = (static_cast<unsigned char>(head[1]) & 0x80U) != 0;
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7FU;
  if (size == 126) size = number(peer.read_exactly(2));
  if (size == 127) size = number(peer.read_exactly(8));
  const std::string mask = frame.masked ? peer.read_exactly(4) : std::string(4, '\0');
  frame.payload = peer.read_exactly(size);
  for (std::size_t i = 0; i < size; ++i) frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % 4]);
  return frame;
}

}  // namespace rm::test
