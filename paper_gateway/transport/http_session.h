// The HTTP side of a connection, for a plain or a TLS stream. Internal to this folder.
#pragma once
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "paper_gateway/transport/ws_session.h"

namespace paper {

namespace http = boost::beast::http;

template <class Stream>
class HttpSession : public std::enable_shared_from_this<HttpSession<Stream>> {
 public:
  HttpSession(Stream stream, WebHandler& handler) : stream_{std::move(stream)}, handler_{handler} {}
  Stream& stream() { return stream_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(max_header);
    parser_->body_limit(max_body);
    beast::get_lowest_layer(stream_).expires_after(idle_timeout);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
  }

 private:
  static constexpr std::uint32_t max_header = 64 * 1024;
  static constexpr std::uint64_t max_body = 1024 * 1024;
  static constexpr std::chrono::minutes idle_timeout{30};  // connections of a paused client under test stay open

  void on_read(beast::error_code error) {
    if (error == http::error::end_of_stream) return close();
    if (error == http::error::body_limit) return refuse(413);
    if (error == http::error::header_limit) return refuse(431);
    if (error.category() == http::make_error_code(http::error::bad_method).category()) return refuse(400);
    if (error) return;  // the peer is gone
    const auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    if (beast::websocket::is_upgrade(message)) return upgrade(message);
    // The answer may come later, on this same thread; nothing else is read from the connection until then.
    beast::get_lowest_layer(stream_).expires_never();
    handler_.on_request(to_request(message), [self = this->shared_from_this()](HttpResponse response) {
      self->answer(std::move(response));
    });
  }

  void upgrade(const http::request<http::string_body>& message) {
    auto decision = handler_.on_upgrade(to_request(message));
    if (auto* refusal = std::get_if<HttpResponse>(&decision)) return answer(std::move(*refusal));
    auto socket = std::make_shared<WsSession<Stream>>(std::move(stream_), std::get<0>(std::move(decision)));
    socket->accept(message);
  }

  void refuse(int status) {
    keep_alive_ = false;
    answer({status, "", "", {}, false});
  }

  void answer(HttpResponse response) {
    if (response.close_unanswered) return close();
    auto message = std::make_shared<http::response<http::string_body>>();
    message->version(version_);
    message->result(static_cast<unsigned>(response.status));
    message->set(http::field::date, handler_.http_date());
    message->set(http::field::server, "paper-gateway");
    for (const auto& [name, value] : response.headers) message->insert(name, value);
    if (!response.content_type.empty()) message->set(http::field::content_type, response.content_type);
    message->body() = std::move(response.body);
    message->keep_alive(keep_alive_);
    message->prepare_payload();
    if (!message->has_content_length()) message->content_length(message->body().size());
    http::async_write(stream_, *message,
                      [self = this->shared_from_this(), message](beast::error_code error, std::size_t) {
                        if (error || !self->keep_alive_) return self->close();
                        self->read();
                      });
  }

  void close() {
    beast::error_code ignored;
    auto& socket = beast::get_lowest_layer(stream_).socket();
    socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    socket.close(ignored);
  }

  static HttpRequest to_request(const http::request<http::string_body>& message) {
    HttpRequest request{std::string{message.method_string()}, std::string{message.target()}, {}, message.body()};
    for (const auto& field : message) {
      request.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    }
    return request;
  }

  Stream stream_;
  WebHandler& handler_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  bool keep_alive_ = true;
  unsigned version_ = 11;
};

}  // namespace paper
