#pragma once
// 128-bit integers for exact products (price x lots x tick value). A compiler extension, named in this file alone.

#include <cstdint>
#include <limits>
#include <optional>

namespace rm {

__extension__ using Wide = __int128;

// a / b rounded half away from zero: the one rounding rule of the product. b > 0.
[[nodiscard]] constexpr Wide divide_rounded(Wide a, Wide b) {
  const Wide half = b / 2;
  return a >= 0 ? (a + half) / b : -((-a + half) / b);
}

[[nodiscard]] constexpr std::optional<std::int64_t> narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

[[nodiscard]] constexpr std::int64_t saturate(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<std::int64_t>::max();
  if (value < std::numeric_limits<std::int64_t>::min()) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

}  // namespace rm
