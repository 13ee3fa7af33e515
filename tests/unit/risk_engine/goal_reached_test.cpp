// Whether the book shows a goal. Not known is not reached; a dispute is not reached; each part is looked at.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

Goal flat() {
  return Goal{true, {}, {}};
}

TEST(GoalReached, NotKnownIsNotReached) {
  Desk desk{"", DeskOptions{.connect = false}};
  EXPECT_FALSE(goal_reached(desk.book(), flat()));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{}));
}

TEST(GoalReached, EachPartIsLookedAt) {
  Desk desk{""};
  EXPECT_TRUE(goal_reached(desk.book(), flat()));
  desk.fill(desk.mnq, 3, "21000");
  const OrderId stop = desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6200");
  EXPECT_FALSE(goal_reached(desk.book(), flat()));
  EXPECT_TRUE(goal_reached(desk.book(), Goal{false, {{desk.mnq, Lots{3}}}, {}}));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{false, {{desk.mnq, Lots{2}}}, {}}));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{false, {{desk.mnq, Lots{0}}}, {}}));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{false, {{desk.es, Lots{0}}}, {}})) << "its working order";
  EXPECT_TRUE(goal_reached(desk.book(), Goal{false, {{desk.es, Lots{1}}}, {}}));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{false, {}, {stop}}));
  EXPECT_TRUE(goal_reached(desk.book(), Goal{false, {}, {OrderId{1}}}));
}

TEST(GoalReached, ADisputeIsNotReached) {
  Desk desk{""};
  desk.publish(
      PositionUpdated{Position{desk.main_account(), desk.mnq, Lots{1}, Price::parse("21000").value(), desk.now}});
  EXPECT_FALSE(goal_reached(desk.book(), flat()));
  EXPECT_FALSE(goal_reached(desk.book(), Goal{false, {{desk.mnq, Lots{5}}}, {}}));
}

}  // namespace
}  // namespace rm::test
