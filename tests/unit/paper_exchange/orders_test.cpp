#include "desk.h"

namespace paper {
namespace {

TEST(Orders, AMarketOrderIsFilledAtTheTouchAndToldInTheWiresOrder) {
  Desk desk;
  const auto placed = desk.market(Side::Buy, 2);
  EXPECT_TRUE(placed.ok());
  EXPECT_THAT(desk.take(),
              ElementsAre("order 1 status 6", "trade 1 action 0 buy 2 @ 29500", "order 1 status 2 filled 29500",
                          "position 1 action 1 type 1 size 2 average 29500", "balance 149998.78"));
  const Order order = desk.order(*placed.order);
  EXPECT_EQ(order.updated, order.created);  // a fill does not move it
  const Trade trade = desk.exchange.trades(desk.id, {}, {}).front();
  EXPECT_EQ(trade.fees, 0.72_d);
  EXPECT_EQ(trade.commissions, 0.5_d);
  EXPECT_EQ(trade.profit_and_loss, std::nullopt);
  EXPECT_EQ(trade.order, placed.order);
  EXPECT_GT(trade.created, order.created);
}

TEST(Orders, ALimitExitIsToldOrderFirst) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.limit(Side::Sell, 1, 29510_d);
  desk.take();
  desk.price(kMnq, 29512_d);
  EXPECT_THAT(desk.take(), ElementsAre("order 2 status 2 limit 29510 filled 29510",
                                       "trade 2 action 0 sell 1 @ 29510 pnl 20", "trade 1 action 1 buy 1 @ 29500",
                                       "position 1 action 2 type 0 size 0 average 29500", "balance 150018.78"));
}

TEST(Orders, ALimitRestsUntilTheTouchReachesIt) {
  Desk desk;
  const OrderId order = *desk.limit(Side::Buy, 1, 29490_d).order;
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 6 limit 29490", "order 1 status 1 limit 29490"));
  desk.price(kMnq, 29490_d, 29490.25_d);
  EXPECT_EQ(desk.order(order).status, OrderStatus::Open);
  desk.price(kMnq, 29489.75_d, 29490_d);
  EXPECT_EQ(desk.order(order).status, OrderStatus::Filled);
}

TEST(Orders, ARestingLimitGetsItsPriceAndAnArrivingOneTheBetterTouch) {
  Desk desk;
  const OrderId resting = *desk.limit(Side::Sell, 1, 29510_d).order;
  desk.price(kMnq, 29540_d);
  EXPECT_EQ(desk.order(resting).filled_price, 29510_d);
  const OrderId arriving = *desk.limit(Side::Sell, 1, 29510_d).order;
  EXPECT_EQ(desk.order(arriving).filled_price, 29539.75_d);
}

TEST(Orders, AStopFollowsTheLastPriceAndFillsAtTheTouch) {
  Desk desk;
  const OrderId sell = *desk.stop(Side::Sell, 1, 29490_d).order;
  desk.price(kMnq, 29480_d, 29481_d);  // a quote alone is no trade
  EXPECT_EQ(desk.order(sell).status, OrderStatus::Open);
  desk.price(kMnq, 29490.25_d);
  EXPECT_EQ(desk.order(sell).status, OrderStatus::Open);
  desk.price(kMnq, 29490_d);
  EXPECT_EQ(desk.order(sell).status, OrderStatus::Filled);
  EXPECT_EQ(desk.order(sell).type, OrderType::Stop);
  EXPECT_EQ(desk.order(sell).filled_price, 29489.75_d);

  const OrderId buy = *desk.stop(Side::Buy, 1, 29500_d).order;
  desk.price(kMnq, 29502_d);
  EXPECT_EQ(desk.order(buy).filled_price, 29502_d);
}

TEST(Orders, ATrailingStopKeepsItsDistanceAndNeverGivesWay) {
  Desk desk;
  const OrderId id =
      *desk.place({.type = OrderType::TrailingStop, .side = Side::Sell, .size = 1, .trail_price = 29474.75_d}).order;
  EXPECT_EQ(desk.order(id).trail_distance, 101);
  EXPECT_EQ(desk.order(id).trail_price, 25.25_d);
  desk.price(kMnq, 29600_d);
  desk.price(kMnq, 29580_d);
  EXPECT_EQ(desk.order(id).stop_price, 29574.75_d);
  desk.price(kMnq, 29575_d);
  EXPECT_EQ(desk.order(id).status, OrderStatus::Open);
  desk.price(kMnq, 29574.75_d);
  EXPECT_EQ(desk.order(id).filled_price, 29574.5_d);
}

TEST(Orders, ABuyTrailingStopIsTheMirrorImage) {
  Desk desk;
  const OrderId id =
      *desk.place({.type = OrderType::TrailingStop, .side = Side::Buy, .size = 1, .trail_price = 29510_d}).order;
  desk.price(kMnq, 29400_d);
  EXPECT_EQ(desk.order(id).stop_price, 29410_d);
  desk.price(kMnq, 29410_d);
  EXPECT_EQ(desk.order(id).filled_price, 29410_d);
}

TEST(Orders, JoinOrdersTakeTheirPriceFromTheTouch) {
  Desk desk;
  const OrderId bid = *desk.place({.type = OrderType::JoinBid, .side = Side::Buy, .size = 1}).order;
  const OrderId ask = *desk.place({.type = OrderType::JoinAsk, .side = Side::Sell, .size = 1}).order;
  EXPECT_EQ(desk.order(bid).limit_price, 29499.75_d);
  EXPECT_EQ(desk.order(bid).status, OrderStatus::Open);
  EXPECT_EQ(desk.order(ask).limit_price, 29500_d);
  desk.price(kMnq, 29499.75_d);
  EXPECT_EQ(desk.order(bid).filled_price, 29499.75_d);
}

TEST(Orders, OrdersAreFilledInTheOrderTheyCame) {
  Desk desk;
  desk.limit(Side::Buy, 1, 29480_d);
  desk.limit(Side::Buy, 1, 29490_d);
  desk.price(kMnq, 29470_d);
  const auto trades = desk.exchange.trades(desk.id, {}, {});
  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(trades[1].price, 29480_d);
  EXPECT_EQ(trades[0].price, 29490_d);
}

TEST(Orders, AnotherContractsPriceMovesNothing) {
  Desk desk;
  const OrderId order = *desk.limit(Side::Buy, 1, 29490_d).order;
  desk.price(kEs, 100_d);
  EXPECT_EQ(desk.order(order).status, OrderStatus::Open);
}

TEST(Orders, NoTwoInstantsAreAlike) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.market(Side::Buy, 1);
  const auto trades = desk.exchange.trades(desk.id, {}, {});
  EXPECT_GT(trades[0].created, trades[1].created);
  EXPECT_EQ(trades[0].created.ns % 100, 0);
}

}  // namespace
}  // namespace paper
