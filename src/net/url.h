#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace rm::net {

// Where a connection goes. `host` is a name or an address without brackets; `target` starts with '/' and keeps its
// query.
struct Url {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;
  std::string target = "/";

  // "host:port", as a person reads it and as the Host header wants it (the port only where it is not the usual one).
  [[nodiscard]] std::string authority() const;
};

// Reads http, https, ws and wss addresses. Plain http and ws are accepted for loopback only (127.0.0.0/8, ::1,
// localhost): a token must never leave the machine unencrypted. The error is one sentence and never repeats the
// query, which may carry a token.
[[nodiscard]] std::expected<Url, std::string> parse_url(std::string_view text);

}  // namespace rm::net
