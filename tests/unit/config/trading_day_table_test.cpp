#include "config/trading_day_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

BrokerTime at(const char* text) {
  return parse_timestamp(text).value();
}

std::vector<std::string> resets(const std::string& zone, minutes reset, const char* from, const char* to) {
  const auto table = trading_day_resets(zone, reset, at(from), at(to));
  EXPECT_TRUE(table) << (table ? "" : table.error().message);
  std::vector<std::string> out;
  for (const BrokerTime time : table.value_or(std::vector<BrokerTime>{})) out.push_back(format_timestamp(time));
  return out;
}

constexpr const char* kChicago = "America/Chicago";
constexpr minutes kFive = hours{17};

TEST(TradingDayTable, StaysAtTheLocalTimeOverBothClockChanges) {
  // Chicago is 6 hours behind in winter, 5 in summer; the clocks change at 2 in the morning.
  EXPECT_THAT(resets(kChicago, kFive, "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z"),
              ElementsAre("2026-03-07T23:00:00Z", "2026-03-08T22:00:00Z", "2026-03-09T22:00:00Z"));
  EXPECT_THAT(resets(kChicago, kFive, "2026-10-31T00:00:00Z", "2026-11-03T00:00:00Z"),
              ElementsAre("2026-10-31T22:00:00Z", "2026-11-01T23:00:00Z", "2026-11-02T23:00:00Z"));
  EXPECT_THAT(resets(kChicago, kFive, "2027-03-13T00:00:00Z", "2027-03-16T00:00:00Z"),
              ElementsAre("2027-03-13T23:00:00Z", "2027-03-14T22:00:00Z", "2027-03-15T22:00:00Z"));
  EXPECT_THAT(resets(kChicago, kFive, "2027-11-06T00:00:00Z", "2027-11-09T00:00:00Z"),
              ElementsAre("2027-11-06T22:00:00Z", "2027-11-07T23:00:00Z", "2027-11-08T23:00:00Z"));
}

TEST(TradingDayTable, ASkippedLocalTimeIsTheInstantOfTheChange) {
  // 02:30 does not exist on 8 March 2026: 01:59:59 is followed by 03:00:00, at 08:00 UTC.
  EXPECT_THAT(resets(kChicago, hours{2} + minutes{30}, "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z"),
              ElementsAre("2026-03-07T08:30:00Z", "2026-03-08T08:00:00Z", "2026-03-09T07:30:00Z"));
}

TEST(TradingDayTable, ALocalTimeThatComesTwiceIsTheFirst) {
  // 01:30 comes at 06:30 UTC (summer time) and again at 07:30 UTC on 1 November 2026.
  EXPECT_THAT(resets(kChicago, hours{1} + minutes{30}, "2026-10-31T00:00:00Z", "2026-11-03T00:00:00Z"),
              ElementsAre("2026-10-31T06:30:00Z", "2026-11-01T06:30:00Z", "2026-11-02T07:30:00Z"));
}

TEST(TradingDayTable, BothEndsBelongToTheRange) {
  EXPECT_THAT(resets(kChicago, kFive, "2026-01-05T23:00:00Z", "2026-01-06T23:00:00Z"),
              ElementsAre("2026-01-05T23:00:00Z", "2026-01-06T23:00:00Z"));
  EXPECT_THAT(resets(kChicago, kFive, "2026-01-05T23:00:00.000000001Z", "2026-01-06T22:59:59.999999999Z"), IsEmpty());
  EXPECT_THAT(resets(kChicago, kFive, "2026-01-06T00:00:00Z", "2026-01-05T00:00:00Z"), IsEmpty());
}

TEST(TradingDayTable, ADayThatAZoneLeftOutHasNoResetOfItsOwn) {
  // Samoa went from 29 to 31 December 2011.
  EXPECT_THAT(resets("Pacific/Apia", minutes{0}, "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z"),
              ElementsAre("2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"));
}

TEST(TradingDayTable, OneADayForTwoYears) {
  const auto all = resets(kChicago, kFive, "2026-01-01T00:00:00Z", "2027-12-31T23:59:59Z");
  EXPECT_THAT(all, SizeIs(730));
  EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST(TradingDayTable, KnowsTheSummerOfTheLastYear) {
  EXPECT_THAT(resets(kChicago, kFive, "2037-07-01T00:00:00Z", "2037-07-01T23:59:59Z"),
              ElementsAre("2037-07-01T22:00:00Z"));
}

TEST(TradingDayTable, UnknownZonesAreRefusedWithTheNearestNames) {
  const auto table =
      trading_day_resets("America/Chigaco", kFive, at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::UnknownValue);
  EXPECT_THAT(table.error().message, HasSubstr("did you mean America/Chicago"));
  EXPECT_FALSE(check_timezone(""));
  EXPECT_FALSE(check_timezone("../UTC"));
  EXPECT_FALSE(check_timezone("/etc/localtime"));
  EXPECT_TRUE(check_timezone("UTC"));
}

TEST(TradingDayTable, RangesBeyondReasonAreRefused) {
  const auto code = [](minutes reset, BrokerTime from, BrokerTime to) {
    const auto table = trading_day_resets(kChicago, reset, from, to);
    return table ? ErrorCode{} : table.error().code;
  };
  const BrokerTime now = at("2026-01-01T00:00:00Z");
  EXPECT_EQ(code(hours{24}, now, now), ErrorCode::OutOfRange);
  EXPECT_EQ(code(minutes{-1}, now, now), ErrorCode::OutOfRange);
  EXPECT_EQ(code(kFive, BrokerTime::from_seconds(-1), now), ErrorCode::OutOfRange);
  EXPECT_EQ(code(kFive, now, BrokerTime::from_nanos(std::numeric_limits<std::int64_t>::max())),
            ErrorCode::OutOfRange);
  EXPECT_EQ(code(kFive, now, at("2038-01-01T00:00:00Z")), ErrorCode::OutOfRange);
}

}  // namespace
}  // namespace rm::test
