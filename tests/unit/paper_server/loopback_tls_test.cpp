#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "loopback.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* thing) const {
    release(thing);
  }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

struct PemFiles {
  std::filesystem::path cert;
  std::filesystem::path key;
};

// A key and a certificate that signs itself, as files in the test's own directory.
PemFiles self_signed() {
  const auto directory = std::filesystem::path{testing::TempDir()};
  PemFiles files{directory / "paper_gateway_test_cert.pem", directory / "paper_gateway_test_key.pem"};
  const Owned<EVP_PKEY, EVP_PKEY_free> key{EVP_EC_gen("P-256")};
  const Owned<X509, X509_free> cert{X509_new()};
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3'600);
  X509_set_pubkey(cert.get(), key.get());
  EXPECT_GT(X509_sign(cert.get(), key.get(), EVP_sha256()), 0);
  const Owned<std::FILE, std::fclose> cert_file{std::fopen(files.cert.c_str(), "w")};
  const Owned<std::FILE, std::fclose> key_file{std::fopen(files.key.c_str(), "w")};
  EXPECT_EQ(PEM_write_X509(cert_file.get(), cert.get()), 1);
  EXPECT_EQ(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  return files;
}

struct TlsClient {
  explicit TlsClient(std::uint16_t port)
      : tcp{port}, context{SSL_CTX_new(TLS_client_method())}, ssl{SSL_new(context.get())} {
    SSL_set_fd(ssl.get(), tcp.handle());
    EXPECT_EQ(SSL_connect(ssl.get()), 1);
  }
  std::string ask(const std::string& request, std::string_view until) {
    SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char piece[4096];
    while (answer.find(until) == std::string::npos) {
      const int count = SSL_read(ssl.get(), piece, sizeof piece);
      if (count <= 0) break;
      answer.append(piece, static_cast<std::size_t>(count));
    }
    return answer;
  }
  RawClient tcp;
  Owned<SSL_CTX, SSL_CTX_free> context;
  Owned<SSL, SSL_free> ssl;
};

TEST(LoopbackTls, ServesRestAndHubsOnTheSamePort) {
  const auto files = self_signed();
  Loopback loopback{{0, files.cert.string(), files.key.string()}};
  TlsClient rest{loopback.port()};
  EXPECT_THAT(rest.ask("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n", "pong"), HasSubstr("\r\n\r\npong"));
  TlsClient hub{loopback.port()};
  const auto upgrade = "GET /hubs/user?access_token=" + loopback.token() +
                       " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  EXPECT_THAT(hub.ask(upgrade, "\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
}

TEST(LoopbackTls, PlainBytesToATlsPortEndTheirConnection) {
  const auto files = self_signed();
  Loopback loopback{{0, files.cert.string(), files.key.string()}};
  RawClient plain{loopback.port()};
  plain.send("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(plain.ended());
}

TEST(LoopbackTls, FilesThatCannotBeUsedAreAnError) {
  EXPECT_THROW((WebServer{{0, "/nonexistent/cert.pem", "/nonexistent/key.pem"}}), std::runtime_error);
}

}  // namespace
}  // namespace paper
