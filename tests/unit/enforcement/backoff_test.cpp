#include "enforcement/backoff.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, GrowsToFiveSecondsAndAtMostAQuarterOfJitter) {
  const Duration base[] = {250ms, 500ms, 1s, 2s, 4s, 5s, 5s, 5s};
  for (std::uint32_t attempt = 1; attempt <= 8; ++attempt) {
    for (std::uint64_t request = 1; request < 500; ++request) {
      const Duration delay = backoff_delay(attempt, RequestId{request});
      ASSERT_GE(delay, base[attempt - 1]);
      ASSERT_LT(delay, base[attempt - 1] * 5 / 4);
    }
  }
  EXPECT_GE(backoff_delay(4'000'000'000U, RequestId{1}), 5s) << "however long it goes on";
}

TEST(Backoff, RequestsDoNotAllComeBackAtOnce) {
  std::set<Duration> delays;
  for (std::uint64_t request = 1; request <= 50; ++request) delays.insert(backoff_delay(3, RequestId{request}));
  EXPECT_GT(delays.size(), 30U);
  EXPECT_EQ(backoff_delay(3, RequestId{7}), backoff_delay(3, RequestId{7})) << "and a replay sees the same";
}

}  // namespace
}  // namespace rm
