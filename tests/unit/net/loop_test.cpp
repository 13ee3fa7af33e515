#include "net/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "run_until.h"

namespace rm::net {
namespace {

using test::run_until;
using testing::ElementsAre;

constexpr std::int64_t ms = 1'000'000;

TEST(Loop, RunsWhatOtherThreadsPostUntilOneStopsIt) {
  Loop loop;
  std::vector<int> ran;
  std::thread other{[&] {
    loop.post([&] { ran.push_back(1); });
    loop.post([&] { ran.push_back(2); });
    loop.stop();
  }};
  other.join();
  loop.run();  // stopped before it began: at once
  EXPECT_THAT(ran, ElementsAre());
  loop.post([&] { loop.stop(); });
  loop.run();
  EXPECT_THAT(ran, ElementsAre(1, 2));
}

TEST(Loop, NothingPostedRunsInsideTheCall) {
  Loop loop;
  bool inside = false;
  bool ran = false;
  loop.post([&] {
    inside = true;
    loop.post([&] {
      EXPECT_FALSE(inside);
      ran = true;
    });
    inside = false;
  });
  EXPECT_TRUE(run_until(loop, [&] { return ran; }));
}

TEST(Timer, FiresInTheOrderOfTheDeadlinesEqualOnesInTheOrderOfArming) {
  Loop loop;
  std::vector<int> fired;
  Loop::Timer a{loop, [&] { fired.push_back(1); }};
  Loop::Timer b{loop, [&] { fired.push_back(2); }};
  Loop::Timer c{loop, [&] { fired.push_back(3); }};
  Loop::Timer d{loop, [&] { fired.push_back(4); }};
  const std::int64_t now = loop.monotonic_ns();
  d.arm_at(now + 3 * ms);
  b.arm_at(now + 2 * ms);
  a.arm_at(now + 3 * ms);
  c.arm_at(now - 5 * ms);
  EXPECT_TRUE(run_until(loop, [&] { return fired.size() == 4; }));
  EXPECT_THAT(fired, ElementsAre(3, 2, 4, 1));
  EXPECT_GE(loop.monotonic_ns(), now + 3 * ms);
}

TEST(Timer, ArmedAgainItForgetsTheEarlierTimeAndCancelledItIsSilent) {
  Loop loop;
  int early = 0;
  int late = 0;
  Loop::Timer moved{loop, [&] { ++early; }};
  Loop::Timer cancelled{loop, [&] { ADD_FAILURE() << "cancelled"; }};
  Loop::Timer last{loop, [&] { ++late; }};
  const std::int64_t now = loop.monotonic_ns();
  moved.arm_at(now + 1 * ms);
  moved.arm_at(now + 3'600'000 * ms);
  cancelled.arm_at(now + 1 * ms);
  EXPECT_TRUE(cancelled.armed());
  cancelled.cancel();
  EXPECT_FALSE(cancelled.armed());
  last.arm_at(now + 20 * ms);
  EXPECT_TRUE(run_until(loop, [&] { return late == 1; }));
  EXPECT_EQ(early, 0);
  EXPECT_TRUE(moved.armed());
  moved.arm_at(now);
  EXPECT_TRUE(run_until(loop, [&] { return early == 1; }));
}

TEST(Timer, MayArmOrDestroyItselfInItsCallback) {
  Loop loop;
  int rounds = 0;
  std::unique_ptr<Loop::Timer> timer;
  timer = std::make_unique<Loop::Timer>(loop, [&] {
    if (++rounds < 3) return timer->arm_at(loop.monotonic_ns());
    timer.reset();
  });
  timer->arm_at(0);
  EXPECT_TRUE(run_until(loop, [&] { return timer == nullptr; }));
  EXPECT_EQ(rounds, 3);
}

TEST(Timer, ATimerThatIsAlwaysDueDoesNotStarveTheRest) {
  Loop loop;
  Loop::Timer busy{loop, [&] { busy.arm_at(0); }};
  busy.arm_at(0);
  bool posted = false;
  loop.post([&] { posted = true; });
  EXPECT_TRUE(run_until(loop, [&] { return posted; }));
}

// A thousand timers armed, moved and cancelled at random against a sorted list.
TEST(Timer, ManyTimersFireAsASortedListWould) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    Loop loop;
    std::vector<int> fired;
    std::vector<std::unique_ptr<Loop::Timer>> timers;
    std::vector<std::pair<std::int64_t, int>> expected;
    for (int i = 0; i < 1000; ++i)
      timers.push_back(std::make_unique<Loop::Timer>(loop, [&fired, i] { fired.push_back(i); }));
    for (int i = 0; i < 1000; ++i) {
      timers[static_cast<std::size_t>(i)]->arm_at(1 + static_cast<std::int64_t>(random() % 1000));
      auto& other = *timers[random() % 1000];
      if (random() % 3 == 0) other.cancel();
    }
    for (int i = 0; i < 1000; ++i) {
      auto& timer = *timers[static_cast<std::size_t>(i)];
      const std::int64_t at = 10'000 * (1 + static_cast<std::int64_t>(random() % 100'000)) + i;  // unique
      if (random() % 2 == 0) timer.cancel();
      if (random() % 2 == 0) timer.arm_at(at);
      if (timer.armed()) {
        timer.arm_at(at);
        expected.emplace_back(at, i);
      }
    }
    std::ranges::sort(expected);
    EXPECT_TRUE(run_until(loop, [&] { return fired.size() == expected.size(); }));
    for (std::size_t i = 0; i < fired.size(); ++i) ASSERT_EQ(fired[i], expected[i].second) << i;
  }
}

TEST(Loop, ReportsEverySignalItWatches) {
  Loop loop;
  std::vector<int> seen;
  loop.on_signal({SIGUSR1, SIGUSR2}, [&](int signal) { seen.push_back(signal); });
  kill(getpid(), SIGUSR1);
  EXPECT_TRUE(run_until(loop, [&] { return seen.size() == 1; }));
  kill(getpid(), SIGUSR2);
  EXPECT_TRUE(run_until(loop, [&] { return seen.size() == 2; }));
  EXPECT_THAT(seen, ElementsAre(SIGUSR1, SIGUSR2));
}

}  // namespace
}  // namespace rm::net
