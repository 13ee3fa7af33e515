#pragma once
// The complete effective configuration as YAML: every key, with the defaults that were applied.

#include <string>

#include "config/config.h"

namespace rm {

// Loading the result gives the same Config again. Holds no secret: there is none in a Config.
[[nodiscard]] std::string to_yaml(const Config& config);

}  // namespace rm
