#pragma once
// Instants of broker time. Nothing in the pure folders reads a clock: `now` is always an argument.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace rm {

using Duration = std::chrono::nanoseconds;

// Nanoseconds since 1970-01-01 UTC, by the broker's clock.
class BrokerTime {
 public:
  constexpr BrokerTime() = default;
  [[nodiscard]] static constexpr BrokerTime from_nanos(std::int64_t nanos) { return BrokerTime{nanos}; }
  [[nodiscard]] static constexpr BrokerTime from_seconds(std::int64_t seconds) {
    return BrokerTime{seconds * 1'000'000'000};
  }
  [[nodiscard]] constexpr std::int64_t nanos() const { return nanos_; }
  friend constexpr auto operator<=>(const BrokerTime&, const BrokerTime&) = default;
  friend constexpr BrokerTime operator+(BrokerTime t, Duration d) { return BrokerTime{t.nanos_ + d.count()}; }
  friend constexpr BrokerTime operator-(BrokerTime t, Duration d) { return BrokerTime{t.nanos_ - d.count()}; }
  friend constexpr Duration operator-(BrokerTime a, BrokerTime b) { return Duration{a.nanos_ - b.nanos_}; }

 private:
  explicit constexpr BrokerTime(std::int64_t nanos) : nanos_{nanos} {}
  std::int64_t nanos_ = 0;
};

// "2026-08-19T20:49:25.3938333+00:00", with 0 - 9 fraction digits, "Z", "+hh:mm" or nothing (taken as UTC). Years
// 1970 - 2200. Errors: Malformed.
[[nodiscard]] Result<BrokerTime> parse_timestamp(std::string_view text);

// "2026-08-19T20:49:25.3938333Z": fraction trimmed of trailing zeros.
[[nodiscard]] std::string format_timestamp(BrokerTime time);

}  // namespace rm
