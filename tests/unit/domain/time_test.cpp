// Broker timestamps: one table, both directions; the forms of the hub and of REST; hostile text.
#include <chrono>
#include <random>

#include "domain/time.h"

namespace rm {
namespace {

struct Case {
  const char* text;
  std::int64_t nanos;
  const char* written;
};

constexpr Case kCases[] = {
    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
    {"2026-08-19T20:49:25.3938333+00:00", 1'787'172'565'393'833'300, "2026-08-19T20:49:25.3938333Z"},
    {"2026-08-19T20:49:25.393833+00:00", 1'787'172'565'393'833'000, "2026-08-19T20:49:25.393833Z"},
    {"2026-08-19T20:49:25+00:00", 1'787'172'565'000'000'000, "2026-08-19T20:49:25Z"},
    {"2026-08-19T20:49:25", 1'787'172'565'000'000'000, "2026-08-19T20:49:25Z"},
    {"2026-08-19T15:49:25.5-05:00", 1'787'172'565'500'000'000, "2026-08-19T20:49:25.5Z"},
    {"2026-08-20T02:19:25+05:30", 1'787'172'565'000'000'000, "2026-08-19T20:49:25Z"},
    {"2024-02-29T23:59:59.999999999Z", 1'709'251'199'999'999'999, "2024-02-29T23:59:59.999999999Z"},
    {"2026-09-01T00:00:00.000000001Z", 1'788'220'800'000'000'001, "2026-09-01T00:00:00.000000001Z"},
};

TEST(Timestamp, TextAndNanosBothWays) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    ASSERT_TRUE(parse_timestamp(c.text).has_value());
    EXPECT_EQ(parse_timestamp(c.text)->nanos(), c.nanos);
    EXPECT_EQ(format_timestamp(BrokerTime::from_nanos(c.nanos)), c.written);
    EXPECT_EQ(parse_timestamp(c.written)->nanos(), c.nanos);
  }
}

TEST(Timestamp, HostileTextIsMalformed) {
  for (const char* text : {"",
                           "2026",
                           "2026-08-19",
                           "2026-08-19 20:49:25",
                           "2026-08-19T20:49",
                           "2026-13-01T00:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-00-10T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-08-19T24:00:00Z",
                           "2026-08-19T20:60:00Z",
                           "2026-08-19T20:49:61Z",
                           "2026-08-19T20:49:25.Z",
                           "2026-08-19T20:49:25.1234567890123Z",
                           "2026-08-19T20:49:25+0000",
                           "2026-08-19T20:49:25+00:00x",
                           "2026-08-19T20:49:25+15:00",
                           "2026-08-19T20:49:25+00:60",
                           "2026-08-19T20:49:25ZZ",
                           "1969-12-31T23:59:59Z",
                           "2201-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z",
                           "-026-08-19T20:49:25Z",
                           "2026-8-19T20:49:25Z",
                           "2026-08-19T2 :49:25Z",
                           "null"}) {
    SCOPED_TRACE(text);
    ASSERT_FALSE(parse_timestamp(text).has_value());
    EXPECT_EQ(parse_timestamp(text).error().code, ErrorCode::Malformed);
  }
}

TEST(Timestamp, EveryInstantSurvivesTextAndBack) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 2'000; ++i) {
    const auto t = BrokerTime::from_nanos(static_cast<std::int64_t>(random() % 7'000'000'000'000'000'000ULL));
    ASSERT_EQ(parse_timestamp(format_timestamp(t)).value(), t);
  }
}

TEST(BrokerTime, Arithmetic) {
  using namespace std::chrono_literals;
  const auto t = BrokerTime::from_seconds(100);
  EXPECT_EQ(t + 1500ms, BrokerTime::from_nanos(101'500'000'000));
  EXPECT_EQ(t - 1s, BrokerTime::from_seconds(99));
  EXPECT_EQ((t + 1ns) - t, 1ns);
  EXPECT_LT(t, t + 1ns);
}

}  // namespace
}  // namespace rm
