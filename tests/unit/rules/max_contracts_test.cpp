// max_contracts: above the limit, never at it; gross and net; reduce and flatten; working orders; the newest increase
// is cut first.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MaxContracts, AtTheLimitNothingAboveItTheExcess) {
  for (const int sign : {+1, -1}) {
    Desk desk{"max_contracts: {max_contracts: 5}"};
    desk.fill(desk.mnq, 5 * sign, "21000");
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.fill(desk.mnq, 3 * sign, "21000");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 5 because SIZE_ABOVE_MAX"));
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.mnq), Lots{5 * sign});
    EXPECT_THAT(desk.actions(), ElementsAre("partialCloseContract MNQ by 3")) << "the exact excess, once";
    EXPECT_THAT(desk.book().locks().all(), IsEmpty());
  }
}

TEST(MaxContracts, TheContractIncreasedLastIsCutFirst) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.fill(desk.mnq, 3, "21000");
  desk.pass(1s);
  desk.fill(desk.es, 2, "6300");
  desk.pass(1s);
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 3 because SIZE_ABOVE_MAX"));
  desk.settle();
  desk.pass(1s);
  desk.fill(desk.es, 3, "6300");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 2 because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{3});
  EXPECT_EQ(desk.account().held(desk.es), Lots{2});
}

TEST(MaxContracts, AnExcessLargerThanTheNewestPositionGoesOnToTheNext) {
  Desk desk{"max_contracts: {max_contracts: 2}"};
  desk.disconnect();
  desk.broker.act(desk.main_account(), desk.now, [&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.set_last(desk.es, Price::parse("6300").value());
    account.market_order(desk.mnq, Lots{4}, desk.now, told);
    account.market_order(desk.es, Lots{1}, desk.now, told);
  });
  desk.connect();
  EXPECT_TRUE(desk.settle());
  desk.pass(5s);
  EXPECT_EQ(desk.account().held(desk.mnq).value() + desk.account().held(desk.es).value(), 2);
}

TEST(MaxContracts, GrossCountsBothSides) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.fill(desk.mnq, 3, "21000");
  desk.fill(desk.es, -2, "6300");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1s);
  desk.fill(desk.es, -1, "6300");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 2 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, NetLetsAHedgeCountAgainst) {
  Desk desk{"max_contracts: {max_contracts: 5, count: net}"};
  desk.fill(desk.mnq, 5, "21000");
  desk.fill(desk.es, -3, "6300");
  desk.pass(1s);
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.es, -1, "6300");
  desk.fill(desk.mnq, 2, "21000");  // 10 - 4 = 6
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 9 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, NetCutsOnlyTheSideThatIsTooLarge) {
  Desk desk{"max_contracts: {max_contracts: 2, count: net}"};
  desk.fill(desk.mnq, 4, "21000");  // cut to 2 at once
  desk.settle();
  desk.fill(desk.es, -6, "6300");  // 2 - 6 = -4
  desk.heard();
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  EXPECT_EQ(desk.account().held(desk.es), Lots{-4});
}

TEST(MaxContracts, ZeroMeansNothingAtAll) {
  Desk desk{"max_contracts: {max_contracts: 0}"};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(MaxContracts, FlattenClosesEverything) {
  Desk desk{"max_contracts: {max_contracts: 5, on_breach: flatten}"};
  desk.fill(desk.mnq, 3, "21000");
  desk.fill(desk.es, 3, "6300");
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(MaxContracts, TheReasonHasTheFigures) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.fill(desk.mnq, 8, "21000");
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions[0].violations[0].reason, (Reason{SizeAboveMax{std::nullopt, Lots{8}, Lots{5}}}));
}

TEST(MaxContracts, OrdersThatWouldRaiseItAgainGoWithTheReduction) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  const OrderId more = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20900");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "20800");
  desk.fill(desk.mnq, 6, "21000");
  EXPECT_TRUE(desk.settle());
  const auto left = desk.account().working_orders();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, stop) << "protection stays";
  EXPECT_NE(left[0].id, more);
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST(MaxContracts, AWorkingOrderIsOfNoConcernByDefault) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 6, "20900");
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(MaxContracts, WithWorkingOrdersTheOneThatWouldBreachIsCancelledBeforeItFills) {
  Desk desk{"max_contracts: {max_contracts: 5, include_working_orders: true}"};
  desk.fill(desk.mnq, 3, "21000");
  const OrderId fits = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20900");
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId breaches = desk.order(desk.es, OrderType::Limit, Side::Sell, 3, "6400");
  EXPECT_THAT(desk.heard(),
              ElementsAre("cancel order " + std::to_string(breaches.value()) + " because ORDER_WOULD_BREACH"));
  EXPECT_TRUE(desk.settle());
  const auto left = desk.account().working_orders();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, fits);
}

TEST(MaxContracts, WithWorkingOrdersAnExitIsNeverInTheWay) {
  Desk desk{"max_contracts: {max_contracts: 5, include_working_orders: true}"};
  desk.fill(desk.mnq, 5, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "20900");
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 5, "21100");
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(MaxContracts, WithWorkingOrdersAReversalCounts) {
  Desk desk{"max_contracts: {max_contracts: 5, include_working_orders: true}"};
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 7, "20900");  // would be 5 short
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId eight = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 8, "20900");  // 6 short
  EXPECT_THAT(desk.heard(),
              ElementsAre("cancel order " + std::to_string(eight.value()) + " because ORDER_WOULD_BREACH"));
}

TEST(MaxContracts, PartialFillsAreCutAsTheyCome) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  const OrderId order = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 7, "21000");
  for (int i = 0; i < 7; ++i) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      if (account.working_orders().empty()) return;
      account.fill_part(order, Lots{1}, Price::parse("21000").value(), desk.now, told);
    });
  }
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

}  // namespace
}  // namespace rm::test
