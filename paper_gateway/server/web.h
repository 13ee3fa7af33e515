// Where the sockets end and the gateway begins. Everything is called on the one loop thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "paper_gateway/server/http.h"

namespace paper {

// The sending side of one WebSocket. Nothing is sent after close().
class Socket {
 public:
  virtual ~Socket() = default;
  virtual void send(std::string text) = 0;  // one text message; queued
  virtual void close() = 0;                 // after what is queued
};

// The receiving side of one WebSocket.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  virtual void on_open(std::shared_ptr<Socket> socket) = 0;
  virtual void on_message(std::string_view bytes) = 0;  // a whole message or a piece of one
  virtual void on_closed() = 0;                         // once, whoever closed; the last call
};

class WebHandler {
 public:
  using Answer = std::function<void(HttpResponse)>;  // call once, now or later, on the loop thread
  virtual ~WebHandler() = default;
  virtual void on_request(const HttpRequest& request, Answer answer) = 0;
  // A WebSocket upgrade: the side that will receive, or the refusal to send instead.
  virtual std::variant<std::shared_ptr<SocketHandler>, HttpResponse> on_upgrade(const HttpRequest& request) = 0;
  // Value of the Date header: "Tue, 01 Sep 2026 14:30:00 GMT".
  virtual std::string http_date() const = 0;
};

}  // namespace paper
