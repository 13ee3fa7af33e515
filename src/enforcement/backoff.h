#pragma once
// How long to wait before a request is made again. Deterministic: the jitter comes from the request's number.

#include <algorithm>
#include <cstdint>

#include "domain/ids.h"
#include "domain/time.h"

namespace rm {

// 250 ms, 500 ms, 1 s, 2 s, 4 s, then 5 s; plus up to a quarter of jitter. `attempt` counts from 1.
[[nodiscard]] constexpr Duration backoff_delay(std::uint32_t attempt, RequestId request) {
  constexpr std::int64_t kFirstMs = 250, kLongestMs = 5000;
  const std::int64_t base = std::min(kLongestMs, kFirstMs << std::min<std::uint32_t>(attempt - 1, 10));
  const std::uint64_t mixed = request.value() * 0x9E3779B97F4A7C15ULL >> 40;
  const auto jitter = static_cast<std::int64_t>(mixed % static_cast<std::uint64_t>(base / 4));
  return std::chrono::milliseconds{base + jitter};
}

}  // namespace rm
