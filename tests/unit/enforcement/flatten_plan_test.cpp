// What is still between the book and a goal: what may open goes first, exits stay until their position is gone.
#include "enforcement/flatten_plan.h"

#include "support/desk.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct PlanTest : ::testing::Test {
  Desk desk{""};
  Plan plan_for(const Goal& goal) {
    Plan plan;
    make_plan(desk.book(), goal, plan);
    return plan;
  }
  static Goal flat() { return Goal{true, {}, {}}; }
};

TEST_F(PlanTest, AFlatAccountNeedsNothing) {
  EXPECT_TRUE(plan_for(flat()).done());
}

TEST_F(PlanTest, EntriesGoNowExitsLater) {
  desk.fill(desk.mnq, 2, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20900");
  const OrderId target = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 2, "21100");
  const OrderId more = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20950");
  const OrderId elsewhere = desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  const Plan plan = plan_for(flat());
  EXPECT_THAT(plan.cancel_now, UnorderedElementsAre(more, elsewhere));
  EXPECT_THAT(plan.cancel_later, UnorderedElementsAre(stop, target));
  ASSERT_EQ(plan.close_now.size(), 1U);
  EXPECT_TRUE(plan.close_now[0].whole);
}

TEST_F(PlanTest, AnExitThatWouldReverseThePositionIsNoExit) {
  desk.fill(desk.mnq, 2, "21000");
  const OrderId reverses = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "20900");
  EXPECT_THAT(plan_for(flat()).cancel_now, ElementsAre(reverses));
}

TEST_F(PlanTest, AContractGoalLeavesTheOthersAlone) {
  desk.fill(desk.mnq, 2, "21000");
  desk.fill(desk.es, 1, "6300");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6200");
  const Plan plan = plan_for(Goal{false, {{desk.mnq, Lots{0}}}, {}});
  ASSERT_EQ(plan.close_now.size(), 1U);
  EXPECT_EQ(plan.close_now[0].contract, desk.mnq);
  EXPECT_THAT(plan.cancel_now, IsEmpty());
  EXPECT_THAT(plan.cancel_later, IsEmpty());
}

TEST_F(PlanTest, AReductionIsTheExcessAndKeepsExits) {
  desk.fill(desk.mnq, -8, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Buy, 8, "21100");
  const OrderId more = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 1, "21050");
  const Plan plan = plan_for(Goal{false, {{desk.mnq, Lots{5}}}, {}});
  ASSERT_EQ(plan.close_now.size(), 1U);
  EXPECT_EQ(plan.close_now[0].by, Lots{3});
  EXPECT_FALSE(plan.close_now[0].whole);
  EXPECT_THAT(plan.cancel_now, ElementsAre(more));
  EXPECT_THAT(plan.cancel_later, IsEmpty());
}

TEST_F(PlanTest, AnEntryThatStaysWithinTheLimitStays) {
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 3, "20900");
  EXPECT_TRUE(plan_for(Goal{false, {{desk.mnq, Lots{5}}}, {}}).done());
}

TEST_F(PlanTest, AnOrderToGoGoes) {
  const OrderId order = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 3, "20900");
  EXPECT_THAT(plan_for(Goal{false, {}, {order}}).cancel_now, ElementsAre(order));
  EXPECT_TRUE(plan_for(Goal{false, {}, {OrderId{7}}}).done());
}

TEST_F(PlanTest, InADisputeClosingGoesByTheLargerFigureReducingByTheSmaller) {
  desk.fill(desk.mnq, 8, "21000");
  desk.publish(
      PositionUpdated{Position{desk.main_account(), desk.mnq, Lots{6}, Price::parse("21000").value(), desk.now}});
  ASSERT_TRUE(desk.book().disputed());
  EXPECT_EQ(plan_for(flat()).close_now[0].by, Lots{8});
  EXPECT_EQ(plan_for(Goal{false, {{desk.mnq, Lots{5}}}, {}}).close_now[0].by, Lots{1})
      << "a lot too many would be wrong for good";
}

TEST_F(PlanTest, APositionThatOnlyThePositionMessageShowsIsClosed) {
  desk.publish(
      PositionUpdated{Position{desk.main_account(), desk.mnq, Lots{-4}, Price::parse("21000").value(), desk.now}});
  ASSERT_EQ(plan_for(flat()).close_now.size(), 1U);
}

TEST_F(PlanTest, OnTheWordOfALaggingReadNothingIsClosed) {
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.mnq, -1, "21000");
  desk.now = desk.now + std::chrono::milliseconds{50};
  auto read = std::make_shared<const std::vector<Position>>(
      std::vector{Position{desk.main_account(), desk.mnq, Lots{1}, Price::parse("21000").value(), desk.now}});
  desk.publish(ReadBack{desk.main_account(), read, nullptr, desk.now, true});
  ASSERT_TRUE(desk.book().disputed());
  EXPECT_TRUE(plan_for(flat()).done());
}

}  // namespace
}  // namespace rm::test
