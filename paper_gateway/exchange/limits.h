#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "paper_gateway/exchange/catalogue.h"

namespace paper {

inline constexpr int kMinStopTicks = 4;
inline constexpr int kMaxTrailTicks = 1000;
inline constexpr int kMaxBracketTicks = 1'000'000;  // ours: keeps sums inside 64 bits
inline constexpr int kMaxOrderSize = 10'000;        // ours, likewise

// No product of the catalogue comes near the upper bound.
constexpr bool possible_price(Decimal price) {
  return price > Decimal{} && price <= Decimal::from_units(10'000'000);
}

// The venue's words for a price that cannot stand in an order of this contract; nullopt when it can.
std::optional<std::string> price_problem(Decimal price, const char* what, const Contract& contract);

inline constexpr const char* kClosedWindowText =
    "Trading is currently unavailable. The instrument is not in an active trading status.";

// How a trail level becomes a distance: whole ticks between it and the last price.
inline std::int64_t trail_ticks(Decimal last, Decimal level, const Contract& contract) {
  return std::abs((last - level).nanos()) / contract.tick_size.nanos();
}

}  // namespace paper
