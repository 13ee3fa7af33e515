#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace rm::net {
namespace {

bool is_address(const std::string& host) {
  in6_addr space{};
  return inet_pton(AF_INET, host.c_str(), &space) == 1 || inet_pton(AF_INET6, host.c_str(), &space) == 1;
}

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "unknown reason" : reason;
}

std::string as_text(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
  std::array<char, 32> text{};
  strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

// Which host, what is wrong, and what a person can do about it.
std::string why_rejected(const std::string& host, X509_STORE_CTX* store) {
  const X509* certificate = X509_STORE_CTX_get_current_cert(store);
  const int error = X509_STORE_CTX_get_error(store);
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate shown by " + host +
             " is for another host name: check the address in 'gateway', and that no proxy or login page of the "
             "network answers in its place";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate of " + host + " expired at " +
             (certificate == nullptr ? "an unknown time" : as_text(X509_get0_notAfter(certificate))) +
             ": check the clock of this computer; if it is right, whoever runs " + host + " has to renew it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + host + " is not valid before " +
             (certificate == nullptr ? "an unknown time" : as_text(X509_get0_notBefore(certificate))) +
             ": check the clock of this computer";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the certificate of " + host +
             " is not signed by an authority this machine trusts (unknown CA): a proxy or virus scanner may be "
             "opening TLS; name its authority in 'gateway.ca_file' only if you trust it";
    default:
      return "the certificate of " + host + " is refused: " + X509_verify_cert_error_string(error);
  }
}

// What the macro SSL_set_tlsext_host_name does, without its C cast.
void set_server_name(SSL* ssl, std::string host) {
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}
void TlsContext::Free::operator()(ssl_session_st* session) const {
  SSL_SESSION_free(session);
}
void TlsSession::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

TlsContext::TlsContext(const std::string& ca_file) : context_{SSL_CTX_new(TLS_client_method())} {
  SSL_CTX* context = context_.get();
  if (context == nullptr) throw std::runtime_error("TLS cannot be set up: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // a record costs one system call, not two
  SSL_CTX_set_default_verify_paths(context);
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
    throw std::runtime_error("the certificate authority file '" + ca_file + "' cannot be used: " + openssl_reason());
  ERR_clear_error();
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsContext::on_new_session);
}

TlsContext::~TlsContext() = default;

int TlsContext::on_new_session(ssl_st* ssl, ssl_session_st* session) {
  const auto* self = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  self->context_.last_session_.reset(session);
  self->context_.last_peer_ = self->peer_;
  return 1;  // the session is ours now
}

TlsSession::TlsSession(TlsContext& context, int socket, const std::string& host, const std::string& peer)
    : context_{context}, host_{host}, peer_{peer}, ssl_{SSL_new(context.context_.get())} {
  SSL* ssl = ssl_.get();
  if (ssl == nullptr || SSL_set_fd(ssl, socket) != 1) throw std::runtime_error("TLS: out of memory");
  SSL_set_app_data(ssl, this);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, &TlsSession::on_verify);
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, host.c_str());
    set_server_name(ssl, host);
  }
  constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_set_alpn_protos(ssl, http_1_1.data(), http_1_1.size());
  if (context.last_session_ != nullptr && context.last_peer_ == peer)
    SSL_set_session(ssl, context.last_session_.get());
  SSL_set_connect_state(ssl);
}

TlsSession::~TlsSession() = default;

int TlsSession::on_verify(int ok, x509_store_ctx_st* store) {
  if (ok == 1) return 1;
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  self->rejected_ = why_rejected(self->host_, store);
  return 0;
}

Io TlsSession::outcome(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::WouldRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::WouldWrite;
    case SSL_ERROR_ZERO_RETURN:
      problem_ = host_ + " closed the connection";
      return Io::Ended;
    default:
      explain_failure();
      return Io::Failed;
  }
}

void TlsSession::explain_failure() {
  const int error = errno;
  const unsigned long code = ERR_peek_last_error();
  const bool cut_off = code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (!rejected_.empty()) {
    problem_ = rejected_;
  } else if (!cut_off) {
    problem_ = "TLS with " + host_ + " failed: " + openssl_reason();
  } else if (code == 0 && error != 0) {
    problem_ = "the connection to " + host_ + " broke: " + std::generic_category().message(error);
  } else {
    problem_ = host_ + " cut the connection off without closing TLS";
  }
  ERR_clear_error();
}

Io TlsSession::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return Io::Done;
  const Io io = outcome(result);
  if (io == Io::Failed || io == Io::Ended) {
    context_.last_session_.reset();  // perhaps it was the session the peer did not like
    if (io == Io::Ended) problem_ = host_ + " closed the connection during the TLS handshake";
    return Io::Failed;
  }
  return io;
}

Io TlsSession::read(std::span<char> space, std::size_t& got) {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_read_ex(ssl_.get(), space.data(), space.size(), &got);
  return result == 1 ? Io::Done : outcome(result);
}

Io TlsSession::write(std::string_view bytes, std::size_t& taken) {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken);
  return result == 1 ? Io::Done : outcome(result);
}

bool TlsSession::holds_bytes() const {
  return SSL_has_pending(ssl_.get()) == 1;
}

bool TlsSession::quiet() {
  ERR_clear_error();
  errno = 0;
  char byte = 0;
  std::size_t got = 0;
  const int result = SSL_peek_ex(ssl_.get(), &byte, 1, &got);
  return result != 1 && outcome(result) == Io::WouldRead;
}

void TlsSession::close_notify() {
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace rm::net
