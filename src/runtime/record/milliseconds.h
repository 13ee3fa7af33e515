#pragma once
// For sentences only.

#include <cstdint>

namespace rm {

inline double milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace rm
