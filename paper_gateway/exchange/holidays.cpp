#include "paper_gateway/exchange/holidays.h"

namespace paper {
namespace {

using namespace std::chrono;

constexpr Nanos kAllDay{0}, kNoon = hours{12}, kEve = hours{12} + minutes{15}, kJobsReport = hours{8} + minutes{15};

bool is_weekend(sys_days date) {
  return weekday{date} == Saturday || weekday{date} == Sunday;
}

// What falls on a Saturday is kept on the Friday before, what falls on a Sunday on the Monday after.
sys_days observed(sys_days date) {
  if (weekday{date} == Saturday) return date - days{1};
  return weekday{date} == Sunday ? date + days{1} : date;
}

// The anonymous Gregorian algorithm.
sys_days easter(year y) {
  const int year_number = static_cast<int>(y);
  const int a = year_number % 19, b = year_number / 100, c = year_number % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return sys_days{y / static_cast<int>(sum / 31) / (sum % 31 + 1)};
}

bool is_closed_all_day(sys_days date) {
  const year_month_day day{date};
  // New Year's Day on a Saturday is not kept on the Friday before.
  const bool new_year =
      date == sys_days{day.year() / January / 1} || (day == day.year() / January / 2 && weekday{date} == Monday);
  return new_year || date == observed(sys_days{day.year() / December / 25});
}

bool stops_at_noon(sys_days date) {
  const year y = year_month_day{date}.year();
  return date == sys_days{y / January / Monday[3]} || date == sys_days{y / February / Monday[3]} ||
         date == sys_days{y / May / Monday[last]} || date == observed(sys_days{y / June / 19}) ||
         date == observed(sys_days{y / July / 4}) || date == sys_days{y / September / Monday[1]} ||
         date == sys_days{y / November / Thursday[4]};
}

bool is_eve(sys_days date) {
  const year_month_day day{date};
  const bool before_the_day_itself = !is_weekend(date) && !is_weekend(date + days{1});
  return date == sys_days{day.year() / November / Thursday[4]} + days{1} ||
         (before_the_day_itself && (day == day.year() / December / 24 || day == day.year() / July / 3));
}

}  // namespace

std::optional<Nanos> holiday_close(sys_days date) {
  const year_month_day day{date};
  if (day == year{2025} / January / 9) return hours{8} + minutes{30};  // a national day of mourning
  if (date == easter(day.year()) - days{2}) {
    // The first Friday of a month is the day of the jobs report, for which there is trading.
    return day.day() <= std::chrono::day{7} ? kJobsReport : kAllDay;
  }
  if (is_closed_all_day(date)) return kAllDay;
  if (stops_at_noon(date)) return kNoon;
  return is_eve(date) ? std::optional{kEve} : std::nullopt;
}

}  // namespace paper
