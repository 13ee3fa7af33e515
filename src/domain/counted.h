#pragma once
// "1 account", "2 accounts".

#include <cstdint>
#include <string>
#include <string_view>

namespace rm {

[[nodiscard]] inline std::string counted(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string{what} + (count == 1 ? "" : "s");
}

}  // namespace rm
