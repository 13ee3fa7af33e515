#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "run_until.h"
#include "support/net_test_server.h"

namespace rm::test {

struct Heard {
  std::string path;
  net::HttpReply reply;  // its body is copied here:
  std::string body;
};

// A loop, a client and everything the client was answered.
struct Asking {
  explicit Asking(const std::string& url, net::HttpOptions options = {})
      : client{std::make_unique<net::HttpClient>(loop, net::parse_url(url).value(), options)} {}

  void post(const std::string& path, std::string_view body = "{}", net::Priority priority = net::Priority::Normal,
            std::string_view bearer = {}) {
    client->post(path, bearer, body, priority, heard_from(path));
  }
  net::HttpClient::OnReply heard_from(const std::string& path) {
    return [this, path](const net::HttpReply& reply) {
      heard.push_back({path, reply, std::string{reply.body}});
      heard.back().reply.body = {};
    };
  }
  [[nodiscard]] bool until_heard(std::size_t count) {
    return run_until(loop, [&] { return heard.size() >= count; });
  }
  [[nodiscard]] bool until_connected(int count) {
    return run_until(loop, [&] { return client->connected() == count; });
  }
  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& one : heard) out.push_back(one.path);
    return out;
  }

  net::Loop loop;
  std::vector<Heard> heard;
  std::unique_ptr<net::HttpClient> client;
};

// A gate that a server's session waits at until the test opens it.
class Gate {
 public:
  void open() { open_ = true, open_.notify_all(); }
  void pass() const { open_.wait(false); }

 private:
  std::atomic<bool> open_{false};
};

// Declared after a server: opens the gate before the server waits for its sessions, however the test ends.
struct OpenAtEnd {
  ~OpenAtEnd() { gate.open(); }
  Gate& gate;
};

}  // namespace rm::test
