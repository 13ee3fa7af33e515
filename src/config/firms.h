#pragma once
// The firms that share the gateway, by the short name that stands in their addresses.

#include <span>
#include <string_view>

#include "config/config.h"

namespace rm {

[[nodiscard]] std::span<const std::string_view> known_firms();

// The three addresses of a firm of the list (`ca_file` empty).
[[nodiscard]] GatewayConfig firm_gateway(std::string_view firm);

}  // namespace rm
