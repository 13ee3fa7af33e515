#pragma once
// The complete effective configuration as YAML: every key, with the defaults that were applied.

#include <string>

#include "config/config.h"

namespace rm {

// Loading the result gives the same Config again. Holds no secret: there is none in a Config.
[[nodiscard]] std::string to_yaml(const Config& config);

// For what leaves this machine, or may: without the arguments of notify.command, which may hold a token.
[[nodiscard]] std::string to_yaml_to_share(Config config);

}  // namespace rm
