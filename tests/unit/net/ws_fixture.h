#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/ws_client.h"
#include "run_until.h"
#include "support/net_test_server.h"

namespace rm::test {

// A loop, a WebSocket client and everything its handler heard.
struct Listening final : net::WsHandler {
  explicit Listening(net::WsOptions options = {}) : client{std::make_unique<net::WsClient>(loop, *this, options)} {}

  void connect(const std::string& url, std::string_view bearer = {}) {
    client->connect(net::parse_url(url).value(), bearer);
  }
  [[nodiscard]] bool until(const std::function<bool()>& done) { return run_until(loop, done); }
  [[nodiscard]] bool until_texts(std::size_t count) {
    return until([&] { return texts.size() >= count; });
  }
  [[nodiscard]] bool until_closed(std::size_t count = 1) {
    return until([&] { return closed.size() >= count; });
  }

  void on_open() override {
    ++opened;
    if (when_open) when_open();
  }
  void on_text(std::span<char> message, std::int64_t received_ns) override {
    texts.emplace_back(message.begin(), message.end());
    received.push_back(received_ns);
    std::fill_n(message.data() + message.size(), net::ws_padding, '#');  // it is ours to write to
    if (when_text) when_text();
  }
  void on_closed(const std::string& why, int http_status) override {
    closed.push_back({why, http_status});
    if (when_closed) when_closed();
  }

  struct Closed {
    std::string why;
    int http_status;
  };
  net::Loop loop;
  int opened = 0;
  std::vector<std::string> texts;
  std::vector<std::int64_t> received;
  std::vector<Closed> closed;
  std::function<void()> when_open, when_text, when_closed;
  std::unique_ptr<net::WsClient> client;
};

}  // namespace rm::test
