#include "config/trading_day_table.h"

#include "config/zone.h"

namespace rm {
namespace {

using std::chrono::days;
constexpr std::int64_t kFirstSecond = 0;  // 1970

std::vector<BrokerTime> instants(const Zone& zone, std::chrono::minutes reset, BrokerTime from, BrokerTime to) {
  std::vector<BrokerTime> out;
  const auto last = zone.day_of(to) + days{1};
  for (auto day = zone.day_of(from) - days{1}; day <= last; day += days{1}) {
    const BrokerTime time = zone.instant(day, reset);
    // A zone that skipped a whole day has one instant for two dates.
    if (time >= from && time <= to && (out.empty() || time > out.back())) out.push_back(time);
  }
  return out;
}

}  // namespace

Result<void> check_timezone(const std::string& timezone) {
  const auto zone = Zone::find(timezone);
  if (!zone) return std::unexpected{zone.error()};
  return {};
}

Result<std::vector<BrokerTime>> trading_day_resets(const std::string& timezone, std::chrono::minutes reset,
                                                   BrokerTime from, BrokerTime to) {
  const auto in_range = [](BrokerTime t) {
    return t >= BrokerTime::from_seconds(kFirstSecond) && t < BrokerTime::from_seconds(Zone::kEndSecond);
  };
  if (!in_range(from) || !in_range(to))
    return fail(ErrorCode::OutOfRange, "trading days are known from 1970 to 2037");
  if (reset < std::chrono::minutes{0} || reset >= std::chrono::hours{24})
    return fail(ErrorCode::OutOfRange, "the reset is a time of day, 00:00 to 23:59");
  const auto zone = Zone::find(timezone);
  if (!zone) return std::unexpected{zone.error()};
  return instants(*zone, reset, from, to);
}

}  // namespace rm
