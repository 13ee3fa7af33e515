#include "projectx/hub/reconnect_policy.h"

#include <gtest/gtest.h>

namespace rm::projectx {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t kSecond = 1'000'000'000;

TEST(ReconnectPolicy, AtOnceThenSlowerNeverBeyondFifteenSecondsForEver) {
  ReconnectPolicy policy{1};
  EXPECT_EQ(policy.on_lost(HubLoss::Transport, 0), 0ns);
  for (const auto most : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 15000ms, 15000ms, 15000ms}) {
    const auto delay = policy.on_lost(HubLoss::Silence, 0);
    EXPECT_LE(delay, most);
    EXPECT_GE(delay, most * 3 / 4);
  }
  for (int i = 0; i < 10'000; ++i) EXPECT_GE(policy.on_lost(HubLoss::Transport, 0), 11s);
}

TEST(ReconnectPolicy, TheSameSeedGivesTheSameDelays) {
  ReconnectPolicy a{7}, b{7}, c{8};
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const auto delay = a.on_lost(HubLoss::Transport, 0);
    EXPECT_EQ(delay, b.on_lost(HubLoss::Transport, 0));
    differs = differs || delay != c.on_lost(HubLoss::Transport, 0);
  }
  EXPECT_TRUE(differs);
}

TEST(ReconnectPolicy, OnlyAConnectionThatLastsStartsOver) {
  ReconnectPolicy policy{1};
  (void)policy.on_lost(HubLoss::Transport, 0);
  policy.on_connected(kSecond);
  EXPECT_GT(policy.on_lost(HubLoss::Transport, 31 * kSecond - 1), 0ns) << "it lasted a moment less than 30 s";
  policy.on_connected(40 * kSecond);
  EXPECT_EQ(policy.on_lost(HubLoss::Transport, 70 * kSecond), 0ns);
}

TEST(ReconnectPolicy, AfterALogoutItStepsBack) {
  ReconnectPolicy policy{1};
  for (const auto delay : {2s, 4s, 6s, 8s, 10s, 12s, 14s, 15s, 15s})
    EXPECT_EQ(policy.on_lost(HubLoss::LoggedOut, 0), delay);
}

TEST(ReconnectPolicy, FiveLogoutsInTwoMinutesArePushingOut) {
  ReconnectPolicy policy{1};
  for (int i = 0; i < 4; ++i) (void)policy.on_lost(HubLoss::LoggedOut, i * 10 * kSecond);
  EXPECT_FALSE(policy.pushed_out(40 * kSecond));
  (void)policy.on_lost(HubLoss::LoggedOut, 40 * kSecond);
  EXPECT_TRUE(policy.pushed_out(40 * kSecond));
  EXPECT_TRUE(policy.pushed_out(120 * kSecond));
  EXPECT_FALSE(policy.pushed_out(120 * kSecond + 1));
}

}  // namespace
}  // namespace rm::projectx
