#include "desk.h"
#include "paper_gateway/exchange/paper_clock.h"

namespace paper {
namespace {

TEST(PaperTimeText, EachPlaceHasItsOwnDigits) {
  const PaperTime time = at("2026-08-19T20:49:25.3938333Z");
  EXPECT_EQ(hub_time(time), "2026-08-19T20:49:25.3938333+00:00");
  EXPECT_EQ(rest_time(time), "2026-08-19T20:49:25.393833+00:00");
  EXPECT_EQ(quote_time(time), "2026-08-19T20:49:25.393+00:00");
  EXPECT_EQ(hub_time(at("2026-08-19T20:49:25.120Z")), "2026-08-19T20:49:25.12+00:00");
  EXPECT_EQ(hub_time(at("2026-08-19T20:49:25Z")), "2026-08-19T20:49:25+00:00");
  EXPECT_EQ(http_date(at("2026-09-01T14:30:00Z")), "Tue, 01 Sep 2026 14:30:00 GMT");
  EXPECT_EQ(clock_text(at("2026-09-01T14:30:00.123Z")), "09:30:00.123");
  EXPECT_EQ(clock_text(at("2026-01-05T14:30:00Z")), "08:30:00.000");
}

TEST(PaperTimeText, OffsetsAreHonoured) {
  EXPECT_EQ(at("2026-09-01T09:30:00-05:00"), at("2026-09-01T14:30:00Z"));
  EXPECT_EQ(at("2026-09-01T20:00:00+05:30"), at("2026-09-01T14:30:00Z"));
  EXPECT_EQ(at("2026-09-01T14:30:00"), at("2026-09-01T14:30:00+00:00"));
  EXPECT_EQ(at("2026-09-01T14:30:00.123456789Z").ns % 1'000'000'000, 123'456'789);
}

TEST(PaperTimeText, RefusesOtherTexts) {
  for (const char* text : {"", "2026-09-01", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-09-01T24:00:00Z",
                           "2026-09-01T14:30:00.Z", "2026-09-01T14:30:00.1234567890Z", "2026-09-01T14:30:00Zx",
                           "2026-09-01T14:30:00+5:00", "9999-01-01T00:00:00Z", "0000-00-00T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(PaperClock, FollowsTheMonotonicClockFromItsStart) {
  PaperClock clock{at("2026-09-01T14:30:00Z"), 1'000};
  EXPECT_EQ(clock.now(1'000), at("2026-09-01T14:30:00Z"));
  EXPECT_EQ(clock.now(1'000 + 1'500'000'000), at("2026-09-01T14:30:01.5Z"));
  EXPECT_EQ(clock.now(0), at("2026-09-01T14:30:00Z"));
  clock.advance(1h);
  EXPECT_EQ(clock.now(1'000), at("2026-09-01T15:30:00Z"));
  clock.advance(-5h);
  EXPECT_EQ(clock.now(1'000), at("2026-09-01T15:30:00Z"));
}

TEST(PaperClock, ATimerSetForAnInstantFindsItReached) {
  for (const double speed : {0.25, 1.0, 3.0, 60.0}) {
    const PaperClock clock{at("2026-09-01T14:30:00Z"), 77, speed};
    const PaperTime wanted = at("2026-09-01T14:31:00.0000001Z");
    const std::int64_t reading = clock.monotonic_at(wanted);
    EXPECT_GE(clock.now(reading), wanted) << speed;
    EXPECT_LT(clock.now(reading - 10), wanted) << speed;
    EXPECT_EQ(clock.monotonic_at(at("2020-01-01T00:00:00Z")), 77) << speed;
  }
}

}  // namespace
}  // namespace paper
