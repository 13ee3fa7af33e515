#pragma once
// Decimal text to and from an integer of 1e-9 units ("nanos"): the wire's own scale. Never through binary floating
// point.

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace rm {

inline constexpr std::int64_t kNanosPerUnit = 1'000'000'000;

// Reads a JSON number: "-12.5", "6335.250000000", "5e-7", "1E3". Digits beyond the ninth decimal are refused unless
// zero. Errors: Malformed, OutOfRange (|value| above 9.2e9).
[[nodiscard]] Result<std::int64_t> parse_nanos(std::string_view text);

// Shortest exact form with at least `min_decimals` decimals: format_nanos(-1000.5e9, 2) == "-1000.50".
[[nodiscard]] std::string format_nanos(std::int64_t nanos, int min_decimals = 0);

}  // namespace rm
