#include "config/market_hours.h"

#include <algorithm>

#include "config/holiday_calendar.h"
#include "config/open_times.h"
#include "config/zone.h"

namespace rm {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr hours kOpens{17}, kCloses{24 + 16};
constexpr days kBack{3 * 366}, kAhead{3 * 366};

bool opens_on(std::chrono::weekday day) {
  return day != std::chrono::Friday && day != std::chrono::Saturday;
}

}  // namespace

Result<SessionTable> market_hours(BrokerTime today) {
  const auto zone = Zone::find("America/Chicago");
  if (!zone) return std::unexpected{zone.error()};
  std::vector<OpenTime> closed;
  if (const auto calendar = load_calendar("cme")) closed = calendar->closures(true);
  std::vector<OpenTime> open;
  const auto last =
      std::min(zone->day_of(today) + kAhead, zone->day_of(BrokerTime::from_seconds(Zone::kEndSecond - 1)));
  for (auto day = zone->day_of(today) - kBack; day < last; day += days{1}) {
    if (!opens_on(std::chrono::weekday{day})) continue;
    open.push_back({zone->instant(day, kOpens), zone->instant(day, kCloses)});
  }
  return SessionTable{without(open, closed)};
}

}  // namespace rm
