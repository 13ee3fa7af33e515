#include "projectx/rest/request_budget.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace rm::projectx {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

int take_all(RequestBudget& budget, Priority priority, std::int64_t now) {
  int taken = 0;
  while (budget.try_take(priority, now)) ++taken;
  return taken;
}

TEST(RequestBudget, NormalRequestsLeaveTheReserveToExits) {
  RequestBudget budget;
  EXPECT_EQ(budget.remaining(Priority::Normal, 0), 100);
  EXPECT_EQ(budget.remaining(Priority::Urgent, 0), 160);
  EXPECT_EQ(take_all(budget, Priority::Normal, 0), 100);
  EXPECT_EQ(take_all(budget, Priority::Urgent, 0), 60);
  EXPECT_EQ(budget.remaining(Priority::Urgent, 0), 0);
}

TEST(RequestBudget, ARequestCountsForExactlySixtySeconds) {
  RequestBudget budget;
  take_all(budget, Priority::Urgent, 5);
  EXPECT_FALSE(budget.try_take(Priority::Urgent, 60 * kSecond + 4));
  EXPECT_EQ(budget.next_chance(Priority::Urgent, kSecond), 60 * kSecond + 5);
  EXPECT_TRUE(budget.try_take(Priority::Urgent, 60 * kSecond + 5));
}

TEST(RequestBudget, TooManyRequestsStopsAllButExits) {
  RequestBudget budget;
  budget.on_rate_limited(0, std::nullopt);
  EXPECT_TRUE(budget.stopped(60 * kSecond - 1));
  EXPECT_FALSE(budget.try_take(Priority::Normal, 60 * kSecond - 1));
  EXPECT_TRUE(budget.try_take(Priority::Urgent, 0));
  EXPECT_EQ(budget.next_chance(Priority::Normal, 0), 60 * kSecond);
  EXPECT_TRUE(budget.try_take(Priority::Normal, 60 * kSecond));
  budget.on_rate_limited(100 * kSecond, 5);
  EXPECT_FALSE(budget.try_take(Priority::Normal, 105 * kSecond - 1));
  EXPECT_TRUE(budget.try_take(Priority::Normal, 105 * kSecond));
}

TEST(RequestBudget, AgreesWithAListOfTimes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    BudgetSettings settings;
    settings.limit = 20;
    settings.reserve = 7;
    RequestBudget budget{settings};
    std::deque<std::int64_t> taken;
    std::int64_t now = 0;
    for (int i = 0; i < 2000; ++i) {
      now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(8 * kSecond));
      while (!taken.empty() && now - taken.front() >= 60 * kSecond) taken.pop_front();
      const bool urgent = random() % 2 == 0;
      const bool expected = taken.size() < (urgent ? 20U : 13U);
      const Priority priority = urgent ? Priority::Urgent : Priority::Normal;
      ASSERT_EQ(budget.next_chance(priority, now) == now, expected) << "seed " << seed << " step " << i;
      ASSERT_EQ(budget.try_take(priority, now), expected) << "seed " << seed << " step " << i;
      if (expected) taken.push_back(now);
    }
  }
}

}  // namespace
}  // namespace rm::projectx
