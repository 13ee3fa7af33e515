#pragma once
// One HTTP request to a server on this machine, on a connection of its own. Blocks.

#include <cstdint>
#include <string>
#include <string_view>

namespace rm::test {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Throws std::runtime_error when no complete answer comes.
[[nodiscard]] HttpAnswer http_get(std::uint16_t port, std::string_view target);
[[nodiscard]] HttpAnswer http_post(std::uint16_t port, std::string_view target, std::string_view json_body,
                                   std::string_view bearer = {});

}  // namespace rm::test
