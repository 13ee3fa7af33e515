#pragma once
// Plain values as text. Each reads the whole text or nothing: no spaces, no base prefixes, no "1_000", no binary
// floating point.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/money.h"
#include "domain/time.h"

namespace rm {

[[nodiscard]] std::optional<bool> scan_bool(std::string_view text);         // true, True, TRUE, false …
[[nodiscard]] std::optional<std::int64_t> scan_int(std::string_view text);  // within +-kMaxInt; no leading zeros
[[nodiscard]] std::optional<std::int64_t> scan_id(std::string_view text);   // an account number: above 0, 64 bit
// "0.1" is 1, "2" is 20: at most one decimal, above 0, at most kMaxInt.
[[nodiscard]] std::optional<std::int64_t> scan_tenths(std::string_view text);
[[nodiscard]] std::optional<Money> scan_money(std::string_view text);  // "-1000", "-1000.50"
[[nodiscard]] std::optional<Duration> scan_duration(
    std::string_view text);  // 500ms, 10s, 5m, 2h; at most kMaxDuration
[[nodiscard]] std::optional<std::chrono::minutes> scan_time_of_day(std::string_view text);  // 00:00 - 23:59
[[nodiscard]] std::optional<std::string> scan_symbol(std::string_view text);  // in upper case; MNQ, 6E, F.US.EP, M*

[[nodiscard]] std::string duration_text(Duration duration);  // in the largest unit that says it exactly
[[nodiscard]] std::string time_of_day_text(std::chrono::minutes time);

}  // namespace rm
