#include "paper_gateway/exchange/calendar.h"

#include <fstream>
#include <map>
#include <regex>
#include <string>

#include "desk.h"
#include "paper_gateway/exchange/holidays.h"

namespace paper {
namespace {

using std::chrono::sys_days;

TEST(Calendar, SummerTimeChangesAtTwoInTheMorning) {
  EXPECT_EQ(chicago_offset(at("2026-03-08T07:59:59Z")), -6h);
  EXPECT_EQ(chicago_offset(at("2026-03-08T08:00:00Z")), -5h);
  EXPECT_EQ(chicago_offset(at("2026-11-01T06:59:59Z")), -5h);
  EXPECT_EQ(chicago_offset(at("2026-11-01T07:00:00Z")), -6h);
  EXPECT_EQ(chicago_offset(at("2027-03-14T08:00:00Z")), -5h);
}

TEST(Calendar, TheTradingDayTurnsAtFiveInTheAfternoon) {
  const auto day = [](unsigned d) { return sys_days{std::chrono::year{2026} / 9 / d}; };
  EXPECT_EQ(trade_date(at("2026-09-01T21:59:59-00:00")), day(1));
  EXPECT_EQ(trade_date(at("2026-09-01T22:00:00Z")), day(2));
  EXPECT_EQ(trade_date(at("2026-09-02T04:59:59Z")), day(2));
}

TEST(Calendar, TheFirmsWindow) {
  const struct {
    const char* time;  // Chicago is five hours behind
    bool open;
  } cases[] = {{"2026-09-01T20:09:59Z", true},   // Tuesday 15:09:59
               {"2026-09-01T20:10:00Z", false},  // 15:10
               {"2026-09-01T21:59:59Z", false},  // 16:59:59
               {"2026-09-01T22:00:00Z", true},   // 17:00
               {"2026-09-04T22:00:00Z", false},  // Friday 17:00
               {"2026-09-05T15:00:00Z", false},  // Saturday
               {"2026-09-06T21:59:59Z", false},  // Sunday 16:59:59
               {"2026-09-06T22:00:00Z", true}};  // Sunday 17:00
  for (const auto& c : cases) EXPECT_EQ(firm_window_open(at(c.time)), c.open) << c.time;
}

TEST(Calendar, TheNextFlatTimePassesOverTheWeekendAndTheClockChange) {
  EXPECT_EQ(next_flat_time(at("2026-09-01T20:09:59Z")), at("2026-09-01T20:10:00Z"));
  EXPECT_EQ(next_flat_time(at("2026-09-01T20:10:00Z")), at("2026-09-02T20:10:00Z"));
  EXPECT_EQ(next_flat_time(at("2026-09-11T20:10:00Z")), at("2026-09-14T20:10:00Z"));
  EXPECT_EQ(next_flat_time(at("2026-10-30T21:00:00Z")), at("2026-11-02T21:10:00Z"));  // winter by then
}

TEST(Calendar, OnHolidaysTheWindowEndsEarlyOrDoesNotOpen) {
  const struct {
    const char* time;
    bool open;
  } cases[] = {{"2026-09-07T16:59:59Z", true},   // Labor Day, 11:59:59
               {"2026-09-07T17:00:00Z", false},  // 12:00
               {"2026-09-07T22:00:00Z", true},   // 17:00: Tuesday has begun
               {"2026-12-24T18:14:59Z", true},   // Christmas Eve, 12:14:59 in winter
               {"2026-12-24T18:15:00Z", false},
               {"2026-12-25T00:00:00Z", false},  // what would be its evening is Christmas
               {"2026-12-25T16:00:00Z", false},  // a Friday: closed until Sunday
               {"2026-12-27T23:00:00Z", true}};  // Sunday 17:00
  for (const auto& c : cases) EXPECT_EQ(firm_window_open(at(c.time)), c.open) << c.time;
  EXPECT_EQ(next_flat_time(at("2026-09-07T12:00:00Z")), at("2026-09-07T17:00:00Z"));
  EXPECT_EQ(next_flat_time(at("2026-12-24T19:00:00Z")), at("2026-12-28T21:10:00Z"));
}

// The calendar that comes with the risk manager is a list, this one is worked out: each is the other's test.
TEST(Calendar, AgreesWithThePublishedHolidays) {
  std::ifstream file{RM_CME_CALENDAR_FILE};
  std::map<sys_days, Nanos> listed;
  const std::regex row{R"(date: (\d+)-(\d+)-(\d+), closed: (all day|from (\d+):(\d+)))"};
  std::smatch part;
  for (std::string line; std::getline(file, line);) {
    if (!std::regex_search(line, part, row)) continue;
    const auto number = [&](int i) { return std::stoi(part[static_cast<std::size_t>(i)]); };
    const sys_days date{std::chrono::year{number(1)} / number(2) / number(3)};
    listed[date] =
        part[5].matched ? Nanos{std::chrono::hours{number(5)} + std::chrono::minutes{number(6)}} : Nanos{0};
  }
  ASSERT_GE(listed.size(), 30U);
  for (sys_days day{std::chrono::year{2025} / 1 / 1}; day < sys_days{std::chrono::year{2028} / 1 / 1};
       day += std::chrono::days{1}) {
    const auto known = listed.find(day);
    const auto expected = known == listed.end() ? std::nullopt : std::optional{known->second};
    EXPECT_EQ(holiday_close(day), expected) << day.time_since_epoch().count();
  }
}

TEST(Calendar, TheSessionOpenedAtFiveInTheAfternoon) {
  EXPECT_EQ(session_open(at("2026-09-01T14:30:00Z")), at("2026-08-31T22:00:00Z"));
  EXPECT_EQ(session_open(at("2026-09-01T21:59:59Z")), at("2026-08-31T22:00:00Z"));
  EXPECT_EQ(session_open(at("2026-09-01T22:00:00Z")), at("2026-09-01T22:00:00Z"));
  EXPECT_EQ(session_open(at("2026-03-08T14:00:00Z")), at("2026-03-07T23:00:00Z")) << "the day clocks go forward";
  EXPECT_EQ(session_open(at("2026-03-08T22:00:00Z")), at("2026-03-08T22:00:00Z"));
  EXPECT_EQ(session_open(at("2026-01-05T14:30:00Z")), at("2026-01-04T23:00:00Z"));
}

}  // namespace
}  // namespace paper
