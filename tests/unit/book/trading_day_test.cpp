// The trading day: from one reset to the next, at the local time on the days the clocks change too.
#include "book/trading_day.h"

#include "config/trading_day_table.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

BrokerTime at(const char* text) {
  return parse_timestamp(text).value();
}

TradingCalendar chicago() {
  return TradingCalendar{
      trading_day_resets("America/Chicago", 17h, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).value()};
}

TEST(TradingCalendar, TheInstantOfTheResetBeginsTheDay) {
  const TradingCalendar calendar = chicago();
  const BrokerTime reset = at("2026-09-01T17:00:00-05:00");
  EXPECT_EQ(calendar.day_of(reset), reset);
  EXPECT_EQ(calendar.day_of(reset - 1ns), reset - 24h);
  EXPECT_EQ(calendar.next_reset(reset - 1ns), reset);
  EXPECT_EQ(calendar.next_reset(reset), reset + 24h);
}

TEST(TradingCalendar, StaysAtTheLocalTimeWhenTheClocksChange) {
  const TradingCalendar calendar = chicago();
  EXPECT_EQ(calendar.next_reset(at("2026-03-07T23:30:00Z")), at("2026-03-08T22:00:00Z"))
      << "the short day has 23 hours";
  EXPECT_EQ(calendar.day_of(at("2026-03-08T21:59:59Z")), at("2026-03-07T23:00:00Z"));
  EXPECT_EQ(calendar.next_reset(at("2026-10-31T22:00:00Z")), at("2026-11-01T23:00:00Z")) << "the long one 25";
}

TEST(TradingCalendar, BeyondItsTableADayStillLasts) {
  const TradingCalendar empty;
  EXPECT_EQ(empty.next_reset(at("2026-09-01T00:00:00Z")), at("2026-09-02T00:00:00Z"));
  EXPECT_EQ(empty.day_of(at("2026-09-01T00:00:00Z")), BrokerTime{});
  const TradingCalendar one{{at("2026-09-01T22:00:00Z")}};
  EXPECT_EQ(one.day_of(at("2026-08-01T00:00:00Z")), at("2026-09-01T22:00:00Z"));
  EXPECT_EQ(one.day_of(at("2026-10-01T00:00:00Z")), at("2026-09-01T22:00:00Z"));
  EXPECT_GT(one.next_reset(at("2026-10-01T00:00:00Z")), at("2026-10-01T00:00:00Z"));
}

}  // namespace
}  // namespace rm
