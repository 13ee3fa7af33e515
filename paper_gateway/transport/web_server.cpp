#include "paper_gateway/transport/web_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <stdexcept>

#include "paper_gateway/transport/connection.h"

namespace paper {
namespace {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_wait{1};

Steady::time_point at(std::int64_t ns) {
  return Steady::time_point{std::chrono::duration_cast<Steady::duration>(std::chrono::nanoseconds{ns})};
}

}  // namespace

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now().time_since_epoch()).count();
}

struct WebServer::Impl {
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::unique_ptr<asio::ssl::context> tls;
  asio::signal_set signals{io};
  bool stopped = false;

  void listen(std::uint16_t port) {
    const tcp::endpoint loopback{asio::ip::address_v4::loopback(), port};
    acceptor.open(loopback.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    acceptor.bind(loopback);
    acceptor.listen();
  }

  void use_tls(const WebServerOptions& options) {
    tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls->use_certificate_chain_file(options.tls_cert);
    tls->use_private_key_file(options.tls_key, asio::ssl::context::pem);
  }

  void accept(WebHandler& handler) {
    acceptor.async_accept([this, &handler](boost::system::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        if (tls) {
          serve_tls(std::move(socket), *tls, handler);
        } else {
          serve_plain(std::move(socket), handler);
        }
      }
      accept(handler);
    });
  }
};

WebServer::WebServer(const WebServerOptions& options) : impl_{std::make_unique<Impl>()} {
  try {
    if (!options.tls_cert.empty() || !options.tls_key.empty()) impl_->use_tls(options);
    impl_->listen(options.port);
  } catch (const boost::system::system_error& problem) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": " + problem.what());
  }
}

WebServer::~WebServer() = default;

std::uint16_t WebServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}

void WebServer::run(WebHandler& handler, const LoopHooks& hooks) {
  impl_->accept(handler);
  while (!impl_->stopped) {
    auto until = Steady::now() + longest_wait;
    if (const auto due = hooks.next_deadline()) until = std::min(until, at(*due));
    impl_->io.run_one_until(until);
    hooks.on_time();
  }
}

void WebServer::stop_on_signals() {
  impl_->signals.add(SIGTERM);
  impl_->signals.add(SIGINT);
  impl_->signals.async_wait([this](boost::system::error_code error, int) {
    if (!error) impl_->stopped = true;
  });
}

void WebServer::stop() {
  asio::post(impl_->io, [impl = impl_.get()] { impl->stopped = true; });
}

}  // namespace paper
