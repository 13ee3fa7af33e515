#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.h"

namespace rm::net {

// Answers requests on a Unix socket that only its owner may open (mode 0600): one line in, one text out, then the
// connection closes. At most 16 clients at a time (more wait in the listen queue), a request line of at most 64 KiB,
// 5 s for each client. Runs on the loop thread; the handler is called there and answers at once.
class UnixServer {
 public:
  using Handler = std::function<std::string(std::string_view request_line)>;  // the line without its end

  // Throws std::runtime_error with one sentence: the path is too long, is not a socket, cannot be made, or a live
  // server answers there. A socket left behind by a dead process is replaced.
  UnixServer(Loop& loop, std::string path, Handler handler);
  ~UnixServer();  // removes the socket
  UnixServer(const UnixServer&) = delete;
  UnixServer& operator=(const UnixServer&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Asks the server at `path`, for the command line: blocks up to `timeout`. `line` holds no line end. The error is one
// sentence.
[[nodiscard]] std::expected<std::string, std::string> unix_request(const std::string& path, std::string_view line,
                                                                   std::chrono::milliseconds timeout);

}  // namespace rm::net
