// The calendar that comes with the program, against the rules it was derived by; and what a file may say.
#include "config/holiday_calendar.h"

#include <map>

#include "unit/config/table.h"

namespace rm::test {
namespace {

using namespace std::chrono;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Closes = std::optional<minutes>;  // empty: all day
using Dates = std::map<sys_days, Closes>;

constexpr minutes kNoon = hours{12}, kQuarterPast = hours{12} + minutes{15};

BrokerTime at(std::string_view time) {
  return parse_timestamp(time).value();
}

// Gauss, for the Gregorian calendar.
sys_days easter_sunday(int y) {
  const int a = y % 19, b = y / 100, c = y % 100, d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7, f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  return sys_days{year{y} / month{static_cast<unsigned>(f / 31)} / day{static_cast<unsigned>(f % 31 + 1)}};
}

sys_days observed(sys_days date) {
  if (weekday{date} == Saturday) return date - days{1};
  if (weekday{date} == Sunday) return date + days{1};
  return date;
}

bool is_weekday(sys_days date) {
  return weekday{date}.iso_encoding() <= 5;
}

// A trading day right before the holiday itself.
void add_eve(Dates& dates, sys_days eve) {
  if (is_weekday(eve) && is_weekday(eve + days{1})) dates.emplace(eve, kQuarterPast);
}

Dates derived(year y) {
  Dates dates;
  if (is_weekday(sys_days{y / January / 1})) dates[sys_days{y / January / 1}] = std::nullopt;
  dates[sys_days{y / January / Monday[3]}] = kNoon;
  dates[sys_days{y / February / Monday[3]}] = kNoon;
  dates[easter_sunday(int{y}) - days{2}] = std::nullopt;
  dates[sys_days{y / May / Monday[last]}] = kNoon;
  dates[observed(sys_days{y / June / 19})] = kNoon;
  dates[observed(sys_days{y / July / 4})] = kNoon;
  dates[sys_days{y / September / Monday[1]}] = kNoon;
  dates[sys_days{y / November / Thursday[4]}] = kNoon;
  dates[sys_days{y / November / Thursday[4]} + days{1}] = kQuarterPast;
  dates[observed(sys_days{y / December / 25})] = std::nullopt;
  add_eve(dates, sys_days{y / July / 3});
  add_eve(dates, sys_days{y / December / 24});
  return dates;
}

HolidayCalendar cme() {
  return load_calendar("cme").value();
}

TEST(CmeCalendar, EachDateFollowsFromItsRule) {
  Dates expected;
  for (const int y : {2025, 2026, 2027}) expected.merge(derived(year{y}));
  expected[sys_days{2025y / January / 9}] = hours{8} + minutes{30};  // a national day of mourning
  expected[sys_days{2026y / April / 3}] = hours{8} + minutes{15};    // Good Friday with the jobs report
  Dates found;
  for (const Holiday& holiday : cme().holidays) {
    EXPECT_TRUE(found.emplace(sys_days{holiday.date}, holiday.closes).second);
    EXPECT_FALSE(holiday.name.empty());
  }
  for (const auto& [date, closes] : expected) {
    const auto same = found.find(date);
    ASSERT_NE(same, found.end()) << date_text(date) << " is missing";
    EXPECT_EQ(same->second, closes) << date_text(date);
  }
  for (const auto& [date, closes] : found) EXPECT_TRUE(expected.contains(date)) << date_text(date) << " has no rule";
  EXPECT_EQ(found.size(), 37U);
}

TEST(CmeCalendar, CoversThreeYearsOfTheExchangesDays) {
  EXPECT_EQ(cme().covered(), (OpenTime{at("2024-12-31T23:00:00Z"), at("2027-12-31T23:00:00Z")}));
  EXPECT_EQ(cme().days_left(at("2027-12-30T12:00:00Z")), 1);
  EXPECT_EQ(cme().days_left(at("2028-01-01T03:00:00Z")), 0) << "still the 31st in Chicago";
}

std::vector<std::string> closed_in(bool early, std::string_view from, std::string_view to) {
  std::vector<std::string> out;
  for (const OpenTime& closed : cme().closures(early)) {
    if (closed.end > at(from) && closed.begin < at(to))
      out.push_back(format_timestamp(closed.begin) + "/" + format_timestamp(closed.end));
  }
  return out;
}

TEST(CmeCalendar, AClosureEndsAsTheNextTradingDayBegins) {
  EXPECT_THAT(closed_in(true, "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z"),
              ElementsAre("2025-12-31T23:00:00Z/2026-01-01T23:00:00Z",    // a Thursday: open again the same evening
                          "2026-01-19T18:00:00Z/2026-01-19T23:00:00Z"));  // a Monday, from 12:00
  EXPECT_THAT(closed_in(true, "2026-06-01T00:00:00Z", "2026-06-30T00:00:00Z"),
              ElementsAre("2026-06-19T17:00:00Z/2026-06-21T22:00:00Z"));  // a Friday: until Sunday
  EXPECT_THAT(closed_in(true, "2026-12-01T00:00:00Z", "2027-01-10T00:00:00Z"),
              ElementsAre("2026-12-24T18:15:00Z/2026-12-27T23:00:00Z",  // Christmas Eve runs into Christmas
                          "2026-12-31T23:00:00Z/2027-01-03T23:00:00Z"));
  EXPECT_THAT(closed_in(false, "2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z"),
              ElementsAre("2026-12-24T23:00:00Z/2026-12-27T23:00:00Z"));
  EXPECT_THAT(closed_in(true, "2027-07-01T00:00:00Z", "2027-07-31T00:00:00Z"),
              ElementsAre("2027-07-05T17:00:00Z/2027-07-05T22:00:00Z"));
}

struct Bad {
  const char* text;
  const char* said;
};
const std::string kHead = "timezone: UTC\nday_begins: \"17:00\"\ncovers: {from: 2026-01-01, to: 2026-12-31}\n";

std::string error_of(const std::string& text) {
  const auto calendar = parse_calendar(text, "mine.yaml");
  return calendar ? "" : calendar.error();
}

TEST(CalendarFile, WhatIsWrongIsSaidWithItsPlace) {
  const Bad cases[] = {
      {"days: [5]", "mine.yaml:4:8: days[0]: found '5', allowed {date: 2026-12-24, closed: from 12:15"},
      {"days: x", "mine.yaml:4:7: days: found 'x', allowed a list of days"},
      {"days: [{date: 2026-02-30, closed: all day, name: x}]",
       "mine.yaml:4:15: days[0].date: found '2026-02-30', allowed a date from 1971 to 2037, like 2026-12-25"},
      {"days: [{date: 2026-02-03, closed: 12:00, name: x}]",
       "days[0].closed: found '12:00', allowed 'all day', or 'from'"},
      {"days: [{date: 2026-02-03, closed: from 17:00, name: x}]", "days[0].closed: found 'from 17:00', allowed"},
      {"days: [{date: 2026-02-03, closed: all day}]", "days[0].name: found nothing, allowed what the day is called"},
      {"days: [{date: 2027-01-01, closed: all day, name: x}]",
       "days[0]: found a day outside of what the calendar covers"},
      {"days: [{date: 2026-01-02, closed: all day, name: x}, {date: 2026-01-02, closed: all day, name: y}]",
       "days[1]: found a day that is not after the one before"},
      {"days: []\nnights: []", "nights: unknown key"},
  };
  for (const Bad& bad : cases) {
    SCOPED_TRACE(bad.text);
    EXPECT_THAT(error_of(kHead + bad.text), HasSubstr(bad.said));
  }
  EXPECT_EQ(error_of(kHead + "days: []"), "");
  EXPECT_EQ(error_of(kHead + "days: [{date: 2026-02-03, closed: from 16:59, name: x}]"), "");
  EXPECT_THAT(
      error_of("timezone: Chicago\nday_begins: \"17:00\"\ncovers: {from: 2026-01-01, to: 2026-12-31}\ndays: []"),
      HasSubstr("did you mean America/Chicago"));
  EXPECT_THAT(error_of("timezone: UTC\nday_begins: 17\ncovers: {from: 2026-01-01, to: 2026-12-31}\ndays: []"),
              HasSubstr("day_begins: found '17', allowed a local time of day"));
  EXPECT_THAT(error_of("timezone: UTC\nday_begins: \"17:00\"\ncovers: {from: 2026-12-31, to: 2026-01-01}\ndays: []"),
              HasSubstr("found a last day before the first"));
  EXPECT_THAT(error_of(""), HasSubstr("found nothing"));
  EXPECT_THAT(error_of("\xFF"), HasSubstr("UTF-8"));
  EXPECT_THAT(load_calendar("/nowhere/cal.yaml").error(), HasSubstr("there is no such file"));
}

TEST(CalendarFile, DatesAreReadExactly) {
  EXPECT_EQ(scan_date("2028-02-29"), 2028y / February / 29);
  for (const char* text : {"2027-02-29", "2027-2-01", "2027/02/01", "1970-01-01", "2038-01-01", "2027-00-01", "",
                           "today", "2027-01-0x", "2027-01-01 "})
    EXPECT_FALSE(scan_date(text)) << text;
  EXPECT_EQ(date_text(2027y / March / 5), "2027-03-05");
}

}  // namespace
}  // namespace rm::test
