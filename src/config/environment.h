#pragma once
// The process environment as the configuration reads it: "NAME=value" strings, owned by somebody else. Nothing here
// copies a variable it was not asked for, so a secret of the environment is not multiplied in memory.

#include <optional>
#include <span>
#include <string_view>

namespace rm {

using Environment = std::span<const char* const>;

// The variables of this process. Valid as long as nobody calls setenv; read it once, at start-up.
[[nodiscard]] Environment process_environment();

// The value of `name`; nullopt when it is not set. The view points into the environment.
[[nodiscard]] std::optional<std::string_view> find_variable(Environment environment, std::string_view name);

}  // namespace rm
