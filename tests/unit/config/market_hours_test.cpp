// When prices are to be expected from CME Globex.
#include "config/market_hours.h"

#include "unit/config/table.h"

namespace rm::test {
namespace {

BrokerTime at(std::string_view time) {
  return parse_timestamp(time).value();
}

SessionTable hours() {
  return market_hours(at("2026-06-01T00:00:00Z")).value();
}

TEST(MarketHours, FromSundayToFridayWithAnHourOfPause) {
  const SessionTable open = hours();
  EXPECT_FALSE(open.open_at(at("2026-09-13T21:59:59Z")));  // Sunday, 16:59:59 in Chicago
  EXPECT_TRUE(open.open_at(at("2026-09-13T22:00:00Z")));
  EXPECT_TRUE(open.open_at(at("2026-09-14T20:59:59Z")));
  EXPECT_FALSE(open.open_at(at("2026-09-14T21:00:00Z")));  // Monday, 16:00
  EXPECT_TRUE(open.open_at(at("2026-09-14T22:00:00Z")));
  EXPECT_TRUE(open.open_at(at("2026-09-18T20:59:59Z")));
  EXPECT_FALSE(open.open_at(at("2026-09-18T21:00:00Z")));  // Friday
  EXPECT_FALSE(open.open_at(at("2026-09-18T22:00:00Z")));
  EXPECT_FALSE(open.open_at(at("2026-09-19T17:00:00Z")));
}

TEST(MarketHours, GoByTheClocksOfChicago) {
  EXPECT_FALSE(hours().open_at(at("2026-12-14T22:30:00Z")));  // 16:30 in winter
  EXPECT_TRUE(hours().open_at(at("2026-12-14T21:30:00Z")));
}

TEST(MarketHours, LeaveOutHolidaysAndEarlyCloses) {
  EXPECT_FALSE(hours().open_at(at("2026-12-25T16:00:00Z")));
  EXPECT_TRUE(hours().open_at(at("2026-11-26T17:59:00Z")));   // Thanksgiving, 11:59
  EXPECT_FALSE(hours().open_at(at("2026-11-26T18:00:00Z")));  // 12:00
}

TEST(MarketHours, BehindTheHolidayCalendarEveryWeekdayCounts) {
  EXPECT_TRUE(hours().open_at(at("2028-12-25T16:00:00Z")));
}

}  // namespace
}  // namespace rm::test
