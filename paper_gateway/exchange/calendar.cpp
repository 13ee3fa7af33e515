#include "paper_gateway/exchange/calendar.h"

#include <algorithm>

#include "paper_gateway/exchange/holidays.h"

namespace paper {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr Nanos kFlat = hours{15} + minutes{10};
constexpr Nanos kReopen = hours{17};

// A day and the time since its midnight, as a wall clock in Chicago shows them.
struct Local {
  sys_days day;
  Nanos since_midnight;
};

Local split(std::int64_t ns) {
  const std::chrono::sys_time<Nanos> instant{Nanos{ns}};
  const sys_days day = std::chrono::floor<days>(instant);
  return {day, instant - day};
}

Local local(PaperTime time) {
  return split((time + chicago_offset(time)).ns);
}

// Clocks change at 02:00 local time: 08:00 UTC out of winter (second Sunday of March), 07:00 UTC out of summer.
bool is_summer(PaperTime time) {
  using namespace std::chrono;
  const sys_time<Nanos> instant{Nanos{time.ns}};
  const year y = year_month_day{floor<days>(instant)}.year();
  return instant >= sys_days{y / March / Sunday[2]} + hours{8} &&
         instant < sys_days{y / November / Sunday[1]} + hours{7};
}

bool is_trading_day(sys_days day) {
  const std::chrono::weekday weekday{day};
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
  return holiday_close(day) != Nanos{0};
}

Nanos flat_of(sys_days trading_day) {
  return std::min(kFlat, holiday_close(trading_day).value_or(kFlat));
}

}  // namespace

Nanos chicago_offset(PaperTime time) {
  return is_summer(time) ? -hours{5} : -hours{6};
}

sys_days trade_date(PaperTime time) {
  const Local now = local(time);
  return now.since_midnight >= kReopen ? now.day + days{1} : now.day;
}

PaperTime session_open(PaperTime time) {
  const Local now = local(time);
  const sys_days day = now.since_midnight >= kReopen ? now.day : now.day - days{1};
  const PaperTime midnight{Nanos{day.time_since_epoch()}.count()};
  // Clocks change in the night, hours away from 17:00 of either day.
  return midnight + kReopen - chicago_offset(midnight + hours{23});
}

bool firm_window_open(PaperTime time) {
  const sys_days day = trade_date(time);
  if (!is_trading_day(day)) return false;
  const Local now = local(time);
  return now.day != day || now.since_midnight < flat_of(day);  // the evening before is of this day
}

PaperTime next_flat_time(PaperTime after) {
  for (sys_days day = local(after).day;; day += days{1}) {
    if (!is_trading_day(day)) continue;
    // The clock never changes on a weekday, so the offset at that day's noon UTC is the one at 15:10.
    const PaperTime midnight{Nanos{day.time_since_epoch()}.count()};
    const PaperTime flat = midnight + flat_of(day) - chicago_offset(midnight + hours{12});
    if (flat > after) return flat;
  }
}

}  // namespace paper
