#include "paper_gateway/feed/session_shape.h"

#include <gtest/gtest.h>

#include <string_view>

#include "paper_gateway/exchange/paper_time.h"

namespace paper {
namespace {

int second_at(std::string_view utc) {
  return chicago_second_of_day(parse_time(utc).value().ns);
}

TEST(SessionShape, ChicagoTimeFollowsDaylightSaving) {
  struct Case {
    const char* utc;
    int hour, minute;
  };
  const Case cases[] = {
      {"2026-01-15T14:30:00Z", 8, 30},  {"2026-07-15T13:30:00Z", 8, 30},
      {"2026-03-08T07:59:00Z", 1, 59},  {"2026-03-08T08:00:00Z", 3, 0},  // clocks go forward
      {"2026-11-01T06:59:00Z", 1, 59},  {"2026-11-01T07:00:00Z", 1, 0},  // and back
      {"2026-12-31T23:30:00Z", 17, 30}, {"2027-01-01T05:59:00Z", 23, 59},
  };
  for (const auto& c : cases) EXPECT_EQ(second_at(c.utc), (c.hour * 60 + c.minute) * 60) << c.utc;
}

TEST(SessionShape, BusyAtTheOpenQuietAtLunchThinAtNight) {
  const auto at = [](int hour, int minute) { return session_intensity_permille((hour * 60 + minute) * 60); };
  EXPECT_GT(at(8, 30), 3 * at(12, 30));
  EXPECT_GT(at(14, 58), 2 * at(12, 30));
  EXPECT_LT(at(16, 30), at(12, 30));
  EXPECT_LT(at(0, 30), at(12, 30));
  EXPECT_GT(at(17, 0), at(16, 59));
}

TEST(SessionShape, NeverStops) {
  for (int second = 0; second < 24 * 3600; second += 60) ASSERT_GT(session_intensity_permille(second), 0) << second;
}

}  // namespace
}  // namespace paper
