#include "paper_gateway/feed/random.h"

#include <algorithm>
#include <bit>

namespace paper {

// −mean · ln(u), with log2 read off the leading bit and a quadratic through the rest (error below 1 %).
std::int64_t Random::waiting_time(std::int64_t mean) {
  const std::uint64_t u = next() | 1U;
  const int lead = 63 - std::countl_zero(u);
  const std::uint64_t fraction = lead == 0 ? 0 : (u << (63 - lead) << 1U) >> 48U;  // 0 … 65535
  const std::int64_t f = static_cast<std::int64_t>(fraction);
  const std::int64_t curve = f + ((f * (65536 - f)) >> 16U) * 344 / 1000;  // log2(1 + f), in 1/65536
  const std::int64_t minus_log2 = std::int64_t{64} * 65536 - (std::int64_t{lead} * 65536 + curve);
  // × ln 2 ≈ 45426 / 65536
  const std::int64_t minus_ln = minus_log2 * 45426 >> 16U;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>((mean >> 8U) * minus_ln >> 8U));
}

}  // namespace paper
