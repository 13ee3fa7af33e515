#include "desk.h"

namespace paper {
namespace {

Account auto_oco() {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  return account;
}

PlaceRequest long_with_brackets() {
  return {.side = Side::Buy,
          .size = 2,
          .custom_tag = "t-17",
          .stop_loss = BracketLeg{-40, OrderType::Stop},
          .take_profit = BracketLeg{80, OrderType::Limit}};
}

OrderId nth(int n) {
  return OrderId{3'500'000'000 + n};
}

TEST(Brackets, TheWholeLifeOfAStoppedOutEntry) {
  Desk desk{{}, auto_oco()};
  EXPECT_EQ(desk.place(long_with_brackets()).order, nth(1));
  EXPECT_THAT(desk.take(), ElementsAre("order 2 status 8", "order 1 status 6", "order 3 status 8",
                                       "trade 1 action 0 buy 2 @ 29500", "order 1 status 2 filled 29500",
                                       "position 1 action 1 type 1 size 2 average 29500", "balance 149998.78",
                                       "order 3 status 1 limit 29520", "order 2 status 1 stop 29490"));
  desk.pass(50ms);
  EXPECT_THAT(desk.take(), ElementsAre("balance 149998.78"));

  desk.price(kMnq, 29490_d);
  EXPECT_THAT(desk.take(), ElementsAre("trade 2 action 0 sell 2 @ 29489.75 pnl -41", "trade 1 action 1 buy 2 @ 29500",
                                       "order 2 status 2 stop 29490 filled 29489.75",
                                       "position 1 action 2 type 0 size 0 average 29500", "balance 149956.56"));
  desk.pass(11'999us);
  EXPECT_THAT(desk.take(), IsEmpty());
  desk.pass(1us);
  EXPECT_THAT(desk.take(), ElementsAre("order 3 status 3 limit 29520"));
}

TEST(Brackets, ChildrenCarryTheirParentTagAndDistance) {
  Desk desk{{}, auto_oco()};
  desk.place(long_with_brackets());
  const Order entry = desk.order(nth(1)), stop = desk.order(nth(2)), target = desk.order(nth(3));
  EXPECT_EQ(stop.custom_tag, "t-17-SL");
  EXPECT_EQ(target.custom_tag, "t-17-TP");
  EXPECT_EQ(stop.parent, entry.id);
  EXPECT_EQ(target.parent, entry.id);
  EXPECT_EQ(target.linked, stop.id);
  EXPECT_EQ(stop.linked, std::nullopt);
  EXPECT_EQ(stop.side, Side::Sell);
  EXPECT_EQ(stop.trail_distance, -40);
  EXPECT_EQ(stop.trail_price, -10_d);
  EXPECT_EQ(target.trail_price, 20_d);
  EXPECT_EQ(stop.created, entry.created);
  EXPECT_EQ(target.created, entry.created);
  EXPECT_GT(stop.updated, entry.created);
}

TEST(Brackets, AShortEntryHasItsStopAbove) {
  Desk desk{{}, auto_oco()};
  desk.place({.side = Side::Sell,
              .size = 1,
              .stop_loss = BracketLeg{20, OrderType::Stop},
              .take_profit = BracketLeg{-8, OrderType::Limit}});
  EXPECT_EQ(desk.order(nth(2)).stop_price, 29504.75_d);  // sold at the bid, 29499.75
  EXPECT_EQ(desk.order(nth(3)).limit_price, 29497.75_d);
  EXPECT_EQ(desk.order(nth(2)).custom_tag, std::nullopt);
  desk.price(kMnq, 29497.5_d);
  EXPECT_EQ(desk.position(), 0);
  EXPECT_EQ(desk.order(nth(3)).filled_price, 29497.75_d);
  desk.pass(12ms);
  EXPECT_EQ(desk.order(nth(2)).status, OrderStatus::Cancelled);
}

TEST(Brackets, ASiblingIsNotFilledWhileItsCancellationIsUnderWay) {
  Desk desk{{}, auto_oco()};
  desk.place(long_with_brackets());
  desk.price(kMnq, 29490_d);
  desk.pass(5ms);
  desk.price(kMnq, 29530_d);  // through the target
  EXPECT_EQ(desk.position(), 0);
  desk.pass(7ms);
  EXPECT_EQ(desk.order(nth(3)).status, OrderStatus::Cancelled);
}

TEST(Brackets, LegsOfARestingEntrySleepAndGoWithIt) {
  Desk desk{{}, auto_oco()};
  PlaceRequest request = long_with_brackets();
  request.type = OrderType::Limit;
  request.limit_price = 29480_d;
  desk.place(request);
  EXPECT_EQ(desk.order(nth(2)).status, OrderStatus::Suspended);
  EXPECT_EQ(desk.exchange.open_orders(desk.id).size(), 1U);
  EXPECT_EQ(desk.exchange.working_orders(desk.id).size(), 3U);
  EXPECT_EQ(desk.exchange.orders(desk.id, {}, {}).size(), 1U);
  desk.take();
  EXPECT_TRUE(desk.cancel(nth(1)).ok());
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 3 limit 29480", "order 2 status 3", "order 3 status 3"));
}

TEST(Brackets, LegsOfARestingEntryAreMeasuredFromItsFill) {
  Desk desk{{}, auto_oco()};
  PlaceRequest request = long_with_brackets();
  request.type = OrderType::Limit;
  request.limit_price = 29510_d;  // through the market: filled at the ask, 29500
  desk.place(request);
  EXPECT_EQ(desk.order(nth(2)).stop_price, 29490_d);
  EXPECT_EQ(desk.order(nth(3)).limit_price, 29520_d);
}

TEST(Brackets, ClosingThePositionLeavesTheLegsAndAnOrphanOpensAnother) {
  Desk desk{{}, auto_oco()};
  desk.place(long_with_brackets());
  EXPECT_TRUE(desk.close().ok());
  EXPECT_EQ(desk.position(), 0);
  EXPECT_EQ(desk.exchange.open_orders(desk.id).size(), 2U);
  desk.price(kMnq, 29521_d);
  EXPECT_EQ(desk.position(), -2);
}

TEST(Brackets, CancellingALegKeepsTheOtherUnlessTheSwitchSaysSo) {
  for (const bool together : {false, true}) {
    Desk desk{{.cancel_sibling_on_manual_cancel = together}, auto_oco()};
    desk.place(long_with_brackets());
    EXPECT_TRUE(desk.cancel(nth(2)).ok());
    EXPECT_EQ(desk.order(nth(3)).status, together ? OrderStatus::Cancelled : OrderStatus::Open);
  }
}

TEST(Brackets, ATrailingLegFollowsTheMarket) {
  Desk desk{{}, auto_oco()};
  desk.place({.side = Side::Buy, .size = 1, .stop_loss = BracketLeg{-40, OrderType::TrailingStop}});
  desk.price(kMnq, 29520_d);
  EXPECT_EQ(desk.order(nth(2)).stop_price, 29510_d);
  EXPECT_EQ(desk.order(nth(2)).trail_distance, -40);
  desk.price(kMnq, 29509_d);
  EXPECT_EQ(desk.position(), 0);
}

TEST(Brackets, APartFilledEntryThatIsCancelledKeepsProtectionForWhatItHas) {
  Desk desk{{.max_fill_size = 1}, auto_oco()};
  PlaceRequest request = long_with_brackets();
  request.type = OrderType::Limit;
  request.limit_price = 29490_d;
  desk.place(request);
  desk.price(kMnq, 29490_d);
  EXPECT_EQ(desk.position(), 1);
  EXPECT_EQ(desk.order(nth(1)).status, OrderStatus::Open);
  EXPECT_EQ(desk.order(nth(2)).status, OrderStatus::Suspended);
  EXPECT_TRUE(desk.cancel(nth(1)).ok());
  EXPECT_EQ(desk.order(nth(2)).status, OrderStatus::Open);
  EXPECT_EQ(desk.order(nth(2)).size, 1);
  desk.price(kMnq, 29480_d);
  EXPECT_EQ(desk.position(), 0);
}

TEST(Brackets, APartFilledTargetLeavesTheStopTheRest) {
  Desk desk{{.max_fill_size = 1}, auto_oco()};
  desk.place(long_with_brackets());
  desk.take();
  desk.price(kMnq, 29521_d);
  EXPECT_EQ(desk.position(), 1);
  EXPECT_EQ(desk.order(nth(2)).size, 1);
  EXPECT_EQ(desk.take().back(), "order 2 status 1 stop 29490");
  desk.price(kMnq, 29489_d);
  EXPECT_EQ(desk.position(), 0);
  desk.pass(12ms);
  EXPECT_EQ(desk.order(nth(3)).status, OrderStatus::Cancelled);
  EXPECT_EQ(desk.order(nth(3)).fill_volume, 1);
}

}  // namespace
}  // namespace paper
