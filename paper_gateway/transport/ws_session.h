// The WebSocket side of a connection, for a plain or a TLS stream. Internal to this folder.
#pragma once
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "paper_gateway/server/web.h"

namespace paper {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

template <class Stream>
class WsSession final : public Socket, public std::enable_shared_from_this<WsSession<Stream>> {
 public:
  WsSession(Stream stream, std::shared_ptr<SocketHandler> handler)
      : ws_{std::move(stream)}, handler_{std::move(handler)} {}

  template <class Request>
  void accept(const Request& request) {
    beast::get_lowest_layer(ws_).expires_never();
    ws_.set_option(websocket::stream_base::timeout{std::chrono::seconds{5}, websocket::stream_base::none(), false});
    ws_.read_message_max(max_message);
    ws_.text(true);
    ws_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& answer) { answer.set(beast::http::field::server, "paper-gateway"); }));
    ws_.async_accept(request, [self = this->shared_from_this()](beast::error_code error) {
      if (error) return self->finish();
      self->handler_->on_open(self);
      self->read();
    });
  }

  void send(std::string text) override {
    if (closing_) return;
    queued_bytes_ += text.size();
    if (queued_bytes_ > max_queued) return abort();  // the client does not read; memory is not for it to use up
    queue_.push_back(std::move(text));
    if (!writing_) write();
  }

  void close() override {
    if (closing_) return;
    closing_ = true;
    if (!writing_) say_close();
  }

 private:
  static constexpr std::size_t max_message = 4 * 1024 * 1024;  // the hub's own limit on records is much smaller
  static constexpr std::size_t max_queued = 8 * 1024 * 1024;   // minutes of a busy market

  void read() {
    ws_.async_read_some(buffer_, max_message,
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->finish();
                          if (!self->closing_) {
                            const auto data = self->buffer_.data();
                            self->handler_->on_message({static_cast<const char*>(data.data()), data.size()});
                          }
                          self->buffer_.consume(self->buffer_.size());
                          self->read();
                        });
  }

  // What has gathered since the last write goes out one message after the other.
  void write() {
    writing_ = true;
    ws_.async_write(boost::asio::buffer(queue_.front()),
                    [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                      self->queued_bytes_ -= self->queue_.front().size();
                      self->queue_.pop_front();
                      self->writing_ = false;
                      if (error) return;  // the read ends with an error too
                      if (!self->queue_.empty()) return self->write();
                      if (self->closing_) self->say_close();
                    });
  }

  // The close frame, then the end of the connection, whether the client answers or not.
  void say_close() {
    writing_ = true;
    ws_.async_close(websocket::close_code::normal,
                    [self = this->shared_from_this()](beast::error_code) { self->abort(); });
  }

  void abort() {
    closing_ = true;
    beast::error_code ignored;
    beast::get_lowest_layer(ws_).socket().close(ignored);
  }

  void finish() {
    closing_ = true;
    if (auto handler = std::exchange(handler_, nullptr)) handler->on_closed();
  }

  websocket::stream<Stream> ws_;
  std::shared_ptr<SocketHandler> handler_;
  beast::flat_buffer buffer_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool closing_ = false;
};

}  // namespace paper
