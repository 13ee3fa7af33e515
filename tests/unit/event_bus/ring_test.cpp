#include "event_bus/ring.h"

#include <deque>
#include <memory>
#include <random>

namespace rm {
namespace {

TEST(Ring, GrowsWhenFullAndKeepsTheOrder) {
  Ring<int> ring{2};
  for (int i = 0; i < 3; ++i) ring.push(i);
  EXPECT_EQ(ring.pop(), 0);
  for (int i = 3; i < 20; ++i) ring.push(i);
  for (int i = 1; i < 20; ++i) ASSERT_EQ(ring.pop(), i);
  EXPECT_TRUE(ring.empty());
}

TEST(Ring, OfNoCapacityStillTakes) {
  Ring<int> ring{0};
  ring.push(7);
  EXPECT_EQ(ring.size(), 1U);
  EXPECT_EQ(ring.pop(), 7);
}

TEST(Ring, KeepsNothingAliveThatWasTaken) {
  Ring<std::shared_ptr<int>> ring{4};
  const auto value = std::make_shared<int>(1);
  ring.push(value);
  static_cast<void>(ring.pop());
  EXPECT_EQ(value.use_count(), 1);
}

TEST(Ring, BehavesLikeADeque) {
  std::mt19937 random{3};
  Ring<int> ring{1};
  std::deque<int> model;
  for (int i = 0; i < 10'000; ++i) {
    if (random() % 5 < 3) {
      ring.push(i);
      model.push_back(i);
    } else if (!model.empty()) {
      ASSERT_EQ(ring.pop(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(ring.size(), model.size());
  }
}

}  // namespace
}  // namespace rm
