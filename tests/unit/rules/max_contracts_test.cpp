// max_contracts: above the limit, never at it; gross and net; reduce and flatten; working orders; the newest increase
// is cut first.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

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
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{SizeAboveMax{std::nullopt, Lots{8}, Lots{5}}}));
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

TEST(MaxContracts, MiniEquivalentCountsAMicroATenth) {
  for (const int sign : {+1, -1}) {
    Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent}"};
    desk.fill(desk.mnq, 20 * sign, "21000");
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.fill(desk.mnq, 1 * sign, "21000");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 20 because SIZE_ABOVE_MAX"));
    EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{MiniSizeAboveMax{21, 20}}));
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.mnq), Lots{20 * sign});
  }
}

TEST(MaxContracts, MiniEquivalentAddsMinisAndMicrosOfBothSides) {
  Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent}"};
  desk.fill(desk.es, -1, "6300");
  desk.fill(desk.mnq, 10, "21000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1s);
  desk.fill(desk.m2k, 3, "2000");
  EXPECT_THAT(desk.heard(), ElementsAre("close M2K because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, MiniEquivalentAMiniCountsAWholeOneWhateverItsTick) {
  Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent}"};
  desk.fill(desk.jpy, 2, "0.0068400");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.jpy, 1, "0.0068400");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce 6J to 2 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, MiniEquivalentCutsNoMoreLotsOfTheNewestThanNeeded) {
  Desk desk{"max_contracts: {max_contracts: 3, count: mini_equivalent}"};
  desk.fill(desk.mnq, 15, "21000");
  desk.pass(1s);
  desk.fill(desk.es, 2, "6300");  // 3.5: half a mini too many is one mini
  EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 1 because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  desk.pass(1s);
  desk.fill(desk.mnq, 9, "21000");  // 3.4: four micros
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 20 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, WeightsOfTheConfigurationReplaceTheUsualOnes) {
  Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent, weights: {MNQ: 0.5, F.US.EP: 1.5}}"};
  desk.fill(desk.mnq, 4, "21000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 4 because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  desk.fill(desk.mnq, -4, "21000");
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1s);
  desk.fill(desk.m2k, 6, "2000");  // 1.5 + 0.6
  EXPECT_THAT(desk.heard(), ElementsAre("reduce M2K to 5 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, OfTwoWeightsOfOneProductTheHeavierCounts) {
  for (const char* weights : {"{ES: 1, EP: 2}", "{ES: 2, EP: 1}"}) {
    Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent, weights: " + std::string{weights} + "}"};
    desk.fill(desk.es, 2, "6300");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 1 because SIZE_ABOVE_MAX"));
  }
}

TEST(MaxContracts, WeightsAreOfNoConcernUnlessMinisAreCounted) {
  Desk desk{"max_contracts: {max_contracts: 2, weights: {MNQ: 0.1}}"};
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 2 because SIZE_ABOVE_MAX"));
}

TEST(MaxContracts, AProductNotKnownYetCountsAsAMini) {
  Desk desk{"max_contracts: {max_contracts: 1, count: mini_equivalent}"};
  const ContractId unknown = desk.contracts.intern("CON.F.US.MXX.U26");
  desk.publish(PositionUpdated{Position{desk.main_account(), unknown, Lots{2}, Price::parse("5").value(), desk.now}});
  desk.pass(1s);
  ASSERT_FALSE(desk.decisions.empty());
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{MiniSizeAboveMax{20, 10}}));
}

TEST(MaxContracts, StatusCountsInMinis) {
  Desk desk{"max_contracts: {max_contracts: 2, count: mini_equivalent}"};
  desk.fill(desk.mnq, 15, "21000");
  const RuleStatus status = desk.guard().rules().front().rule->status(desk.book());
  EXPECT_EQ(status.limit, "2");
  EXPECT_EQ(status.value, "1.5");
  EXPECT_EQ(status.used_percent, 75);
}

const char* const kWithOrders = "max_contracts: {max_contracts: 5, include_working_orders: true}";

std::string cancelled(OrderId id) {
  return "cancel order " + std::to_string(id.value()) + " because ORDER_WOULD_BREACH";
}

TEST(MaxContracts, WithWorkingOrdersTheyCountTogetherAndTheFirstStay) {
  for (const Side side : {Side::Buy, Side::Sell}) {
    Desk desk{kWithOrders};
    const char* away = side == Side::Buy ? "20000" : "22000";
    desk.order(desk.mnq, OrderType::Limit, side, 3, away);
    desk.pass(1s);
    desk.order(desk.es, OrderType::Stop, side, 2, side == Side::Buy ? "7000" : "5000");
    EXPECT_THAT(desk.heard(), IsEmpty()) << "exactly the limit together";
    desk.pass(1s);
    const OrderId third = desk.order(desk.mnq, OrderType::Limit, side, 1, away);
    EXPECT_THAT(desk.heard(), ElementsAre(cancelled(third)));
    EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{OrderWouldBreach{third, Lots{6}, Lots{5}}}));
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().working_orders().size(), 2U);
  }
}

TEST(MaxContracts, WithWorkingOrdersEachSideCountsForItself) {
  Desk desk{kWithOrders};
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 5, "20000");
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 5, "22000");
  EXPECT_THAT(desk.heard(), IsEmpty()) << "only one of them can become a position of five";
}

TEST(MaxContracts, WithWorkingOrdersASmallerOneBehindOneThatIsTooLargeMayStay) {
  Desk desk{kWithOrders};
  desk.fill(desk.mnq, 2, "21000");
  const OrderId large = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 4, "20000");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(large)));
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 3, "20000");
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.account().working_orders().size(), 1U);
}

TEST(MaxContracts, WithWorkingOrdersAPositionThatGrowsLeavesLessRoomForTheNewest) {
  Desk desk{kWithOrders};
  const OrderId older = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20000");
  const OrderId newer = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20000");
  desk.fill(desk.es, 2, "6300");
  EXPECT_THAT(desk.heard(), AllOf(Contains(cancelled(newer)), Not(Contains(cancelled(older)))));
  EXPECT_TRUE(desk.settle());
  ASSERT_EQ(desk.account().working_orders().size(), 1U);
  EXPECT_EQ(desk.account().working_orders()[0].id, older);
}

TEST(MaxContracts, WithWorkingOrdersOneThatDoesNotRaiseTheSizeStaysWhileAPositionIsCut) {
  Desk desk{kWithOrders};
  desk.broker.halted = true;
  desk.fill(desk.mnq, 7, "21000");
  const OrderId back = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 8, "22000");  // 1 short
  EXPECT_THAT(desk.heard(), Not(Contains(cancelled(back))));
  const OrderId over = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 8, "22000");  // with it 9 short
  EXPECT_THAT(desk.heard(), Contains(cancelled(over)));
}

TEST(MaxContracts, WithWorkingOrdersChildrenOfABracketAreNotCounted) {
  Desk desk{kWithOrders};
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    Order entry;
    entry.contract = desk.mnq;
    entry.type = OrderType::Limit;
    entry.side = Side::Buy;
    entry.size = Lots{5};
    entry.limit_price = Price::parse("20000").value();
    account.place_bracket(entry, Price::from_nanos(-10'000'000'000), Price::from_nanos(10'000'000'000), desk.now,
                          told);
  });
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "19000");
  EXPECT_THAT(desk.heard(), IsEmpty()) << "the suspended sells of the bracket leave room for this one";
  EXPECT_EQ(desk.account().working_orders().size(), 4U);
}

TEST(MaxContracts, WithWorkingOrdersAnyNumberOfExitsMayRest) {
  for (const int sign : {+1, -1}) {
    Desk desk{kWithOrders};
    desk.fill(desk.mnq, 5 * sign, "21000");
    const Side exit = sign > 0 ? Side::Sell : Side::Buy;
    desk.order(desk.mnq, OrderType::Stop, exit, 5, sign > 0 ? "20000" : "22000");
    for (int i = 0; i < 3; ++i) desk.order(desk.mnq, OrderType::Limit, exit, 5, sign > 0 ? "22000" : "20000");
    EXPECT_THAT(desk.heard(), IsEmpty());
  }
}

TEST(MaxContracts, WithWorkingOrdersNetCountsEachSideFromTheNetSize) {
  Desk desk{"max_contracts: {max_contracts: 5, count: net, include_working_orders: true}"};
  desk.fill(desk.mnq, 5, "21000");
  desk.order(desk.es, OrderType::Limit, Side::Sell, 10, "6400");  // 5 - 10 = -5
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId sell = desk.order(desk.es, OrderType::Limit, Side::Sell, 1, "6400");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(sell)));
  const OrderId buy = desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6000");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(buy)));
}

TEST(MaxContracts, WithWorkingOrdersMicrosCountATenth) {
  Desk desk{"max_contracts: {max_contracts: 1, count: mini_equivalent, include_working_orders: true}"};
  desk.fill(desk.mnq, 9, "21000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId eleventh = desk.order(desk.m2k, OrderType::Limit, Side::Buy, 1, "1900");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(eleventh)));
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{MiniOrderWouldBreach{eleventh, 11, 10}}));
}

TEST(MaxContracts, WarnsOnTheWayAndAtTheLimitWhichIsStillAllowed) {
  Desk desk{"max_contracts: {max_contracts: 5, warn_at: [80, 90]}"};
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 80%"));
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 90%"));
  desk.fill(desk.mnq, -2, "21000");
  desk.fill(desk.mnq, +1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 80%")) << "armed again at 60 %";
}

TEST(MaxContracts, AboveTheLimitTheRuleItselfSpeaks) {
  Desk desk{"max_contracts: {max_contracts: 5, warn_at: [50, 99]}"};
  desk.fill(desk.mnq, 6, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 5 because SIZE_ABOVE_MAX"));
}

// The trade comes before the order's own message: what has filled is held, and no longer to be filled.
TEST(MaxContracts, AnOrderThatFitsIsNotCancelledWhenAPartOfItFills) {
  Desk desk{"max_contracts: {max_contracts: 4, include_working_orders: true}"};
  const OrderId order = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 4, "21000.00");
  for (int i = 0; i < 3; ++i) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(order, Lots{1}, Price::parse("21000.00").value(), desk.now, told);
    });
  }
  EXPECT_TRUE(desk.decisions.empty());
}

}  // namespace
}  // namespace rm::test
