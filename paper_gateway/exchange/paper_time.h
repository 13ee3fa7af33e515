#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace paper {

using Nanos = std::chrono::nanoseconds;

// An instant of the gateway's own time: nanoseconds since 1970 UTC.
struct PaperTime {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(PaperTime, PaperTime) = default;
  friend constexpr PaperTime operator+(PaperTime t, Nanos d) { return {t.ns + d.count()}; }
  friend constexpr PaperTime operator-(PaperTime t, Nanos d) { return {t.ns - d.count()}; }
  friend constexpr Nanos operator-(PaperTime a, PaperTime b) { return Nanos{a.ns - b.ns}; }
};

// "2026-09-01T14:30:00.1234567Z" or with an offset "+00:00" / "-05:00"; no offset means UTC. At most nine fraction
// digits. Years 1971 – 2200. Error: one sentence.
std::expected<PaperTime, std::string> parse_time(std::string_view text);

// yyyy-MM-ddTHH:mm:ss[.f…]+00:00, at most `digits` fractional digits, trailing zeros trimmed, no point when nothing
// is left.
std::string time_text(PaperTime time, int digits);
inline std::string hub_time(PaperTime time) {
  return time_text(time, 7);
}  // hubs: 100 ns
inline std::string rest_time(PaperTime time) {
  return time_text(time, 6);
}  // REST: microseconds
inline std::string quote_time(PaperTime time) {
  return time_text(time, 3);
}  // quotes and prints: milliseconds

std::string http_date(PaperTime time);   // "Tue, 01 Sep 2026 14:30:00 GMT"
std::string clock_text(PaperTime time);  // Chicago wall clock for people: "09:30:00.123"

}  // namespace paper
