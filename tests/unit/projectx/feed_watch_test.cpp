#include "projectx/hub/feed_watch.h"

#include <gtest/gtest.h>

namespace rm::projectx {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t kSecond = 1'000'000'000;

TEST(FeedWatch, AFeedWithoutDataForItsPatienceIsFrozen) {
  FeedWatch watch{15s};
  watch.on_connected(0);
  EXPECT_FALSE(watch.frozen(true, 15 * kSecond - 1));
  EXPECT_TRUE(watch.frozen(true, 15 * kSecond));
}

TEST(FeedWatch, DataStartsTheWaitOver) {
  FeedWatch watch{15s};
  watch.on_connected(0);
  watch.on_data(14 * kSecond);
  EXPECT_FALSE(watch.frozen(true, 29 * kSecond - 1));
  EXPECT_TRUE(watch.frozen(true, 29 * kSecond));
}

TEST(FeedWatch, SilenceWhileNothingIsExpectedDoesNotCount) {
  FeedWatch watch{15s};
  watch.on_connected(0);
  EXPECT_FALSE(watch.frozen(false, 1000 * kSecond));
  EXPECT_FALSE(watch.frozen(true, 1014 * kSecond));
  EXPECT_TRUE(watch.frozen(true, 1015 * kSecond));
}

TEST(FeedWatch, WithoutAConnectionThereIsNothingToWatch) {
  FeedWatch watch{15s};
  EXPECT_FALSE(watch.frozen(true, 100 * kSecond));
  watch.on_connected(100 * kSecond);
  watch.on_lost();
  EXPECT_FALSE(watch.frozen(true, 200 * kSecond));
}

TEST(FeedWatch, AReconnectInVainIsFollowedByTwiceTheWaitUntilDataComes) {
  FeedWatch watch{15s};
  std::int64_t now = 0;
  for (const int wait : {15, 30, 60, 120, 240, 300, 300}) {
    watch.on_connected(now);
    EXPECT_FALSE(watch.frozen(true, now + wait * kSecond - 1)) << wait;
    now += wait * kSecond;
    EXPECT_TRUE(watch.frozen(true, now)) << wait;
  }
  watch.on_connected(now);
  watch.on_data(now);
  EXPECT_TRUE(watch.frozen(true, now + 15 * kSecond));
}

TEST(FeedWatch, APatienceBeyondFiveMinutesStaysAsItIs) {
  FeedWatch watch{1h};
  watch.on_connected(0);
  EXPECT_TRUE(watch.frozen(true, 3600 * kSecond));
  EXPECT_FALSE(watch.frozen(true, 2 * 3600 * kSecond - 1));
}

}  // namespace
}  // namespace rm::projectx
