#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/url.h"

namespace rm::net {

// Internal: the opening handshake of RFC 6455 and the random bytes it and the masks need.
[[nodiscard]] std::string new_ws_key();
[[nodiscard]] std::string ws_accept_for(std::string_view key);  // what the server must answer to this key
[[nodiscard]] std::string ws_upgrade_request(const Url& url, std::string_view key, std::string_view bearer);

// Masks no one can predict, drawn many at a time.
class WsMasks {
 public:
  [[nodiscard]] std::array<std::uint8_t, 4> next();

 private:
  std::array<std::uint8_t, 256> pool_{};
  std::size_t used_ = pool_.size();
};

}  // namespace rm::net
