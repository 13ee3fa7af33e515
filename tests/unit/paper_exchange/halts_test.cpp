#include "desk.h"

namespace paper {
namespace {

struct Halts : testing::Test {
  void halt(HaltKind kind, Nanos length, const std::string& contract = {}) {
    const auto done = desk.exchange.halt({.kind = kind, .contract = contract, .length = length}, desk.now);
    EXPECT_TRUE(done) << done.error();
  }
  Desk desk;
};

TEST_F(Halts, RefuseOrdersAsAClosedWindowDoesUntilTheyAreOver) {
  desk.market(Side::Buy, 2);
  halt(HaltKind::Closed, 10s);
  const auto refused = desk.market(Side::Buy, 1);
  EXPECT_EQ(refused.code, codes::kPlaceRejected);
  EXPECT_EQ(refused.message, "Trading is currently unavailable. The instrument is not in an active trading status.");
  EXPECT_EQ(desk.order(*refused.order).status, OrderStatus::Rejected);
  EXPECT_EQ(desk.close().code, codes::kCloseOrderRejected);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, 1, desk.now).code, codes::kPartialOrderRejected);
  desk.pass(10s - 1ns);
  EXPECT_EQ(desk.market(Side::Buy, 1).code, codes::kPlaceRejected);
  desk.pass(1ns);
  EXPECT_TRUE(desk.close().ok());
  EXPECT_EQ(desk.position(), 0);
}

TEST_F(Halts, RefuseChangesOfOrdersAndAllowToCancelThem) {
  const OrderId id = *desk.limit(Side::Buy, 1, 29490_d).order;
  halt(HaltKind::Closed, 10s);
  ModifyRequest change;
  change.account = desk.id;
  change.order = id;
  change.limit_price = 29480_d;
  EXPECT_EQ(desk.exchange.modify(change, desk.now).code, codes::kModifyRejected);
  EXPECT_TRUE(desk.cancel(id).ok());
}

TEST_F(Halts, ALonePriceBelowTheHeldBackBidMovesTheOtherSideToo) {
  halt(HaltKind::Outage, 10s);
  desk.price(kMnq, 29400_d, 29401_d);
  EXPECT_TRUE(desk.exchange.set_price({.contract = kMnq, .ask = 29300_d}, desk.now))
      << "from where the price will be";
  EXPECT_FALSE(desk.exchange.set_price({.contract = kMnq, .ask = 29300.1_d}, desk.now)) << "checked when it comes";
  desk.pass(10s);
  EXPECT_EQ(desk.exchange.quote(kMnq)->ask, 29300_d);
  EXPECT_EQ(desk.exchange.quote(kMnq)->bid, 29299.75_d);
  halt(HaltKind::Outage, 10s);
  desk.price(kMnq, 29400_d, 29401_d);
  EXPECT_TRUE(desk.exchange.set_price({.contract = kMnq, .bid = 29400.5_d}, desk.now));
  desk.pass(10s);
  EXPECT_EQ(desk.exchange.quote(kMnq)->ask, 29401_d) << "the ask of before the last update";
}

TEST_F(Halts, MayBeOfOneContract) {
  desk.price(kEs, 7730_d);
  halt(HaltKind::Closed, 10s, kEs);
  EXPECT_TRUE(desk.market(Side::Buy, 1).ok());
  EXPECT_EQ(desk.market(Side::Buy, 1, kEs).code, codes::kPlaceRejected);
  EXPECT_FALSE(desk.exchange.halt({.contract = "CON.F.US.NO.U26", .length = 1s}, desk.now));
}

TEST_F(Halts, QuotesFlowInAClosedWindowAndFillNothing) {
  const OrderId id = *desk.limit(Side::Buy, 1, 29490_d).order;
  halt(HaltKind::Closed, 10s);
  desk.market_lines.clear();
  desk.price(kMnq, 29480_d);
  EXPECT_FALSE(desk.market_lines.empty());
  EXPECT_EQ(desk.order(id).status, OrderStatus::Open);
  desk.pass(10s);
  EXPECT_EQ(desk.order(id).filled_price, 29490_d);
}

TEST_F(Halts, PricesStandStillInAnOutageAndGapAfterwards) {
  desk.market(Side::Buy, 1);
  const OrderId id = *desk.stop(Side::Sell, 1, 29400_d).order;
  halt(HaltKind::Outage, 10h);
  desk.market_lines.clear();
  desk.price(kMnq, 29450_d);
  desk.price(kMnq, 29300_d, 29301_d);
  desk.price(kMnq, 29290_d);
  EXPECT_THAT(desk.market_lines, IsEmpty());
  EXPECT_EQ(desk.exchange.quote(kMnq)->last, 29500_d);
  EXPECT_EQ(desk.order(id).status, OrderStatus::Open);
  EXPECT_TRUE(desk.cancel(*desk.limit(Side::Buy, 1, 29000_d).order).code != 0) << "refused orders do not work";
  desk.pass(10h);
  EXPECT_EQ(desk.exchange.quote(kMnq)->last, 29290_d);
  EXPECT_EQ(desk.order(id).filled_price, 29289.75_d) << "the first bid after the gap";
}

TEST_F(Halts, AVelocityPauseCancelsWhatIsOnItsWayAndKeepsWhatRests) {
  desk.exchange.settings().latency = 20ms;
  const OrderId resting = *desk.limit(Side::Buy, 1, 29000_d).order;
  desk.pass(20ms);
  const OrderId under_way = *desk.market(Side::Buy, 1).order;
  halt(HaltKind::Velocity, 5s);
  EXPECT_EQ(desk.order(under_way).status, OrderStatus::Cancelled);
  EXPECT_EQ(desk.order(resting).status, OrderStatus::Open);
  desk.pass(5s);
  EXPECT_EQ(desk.position(), 0);
  EXPECT_TRUE(desk.market(Side::Buy, 1).ok());
}

TEST_F(Halts, AnOutageKeepsWhatIsOnItsWay) {
  desk.exchange.settings().latency = 20ms;
  desk.market(Side::Buy, 1);
  halt(HaltKind::Outage, 5s);
  desk.pass(4s);
  EXPECT_EQ(desk.position(), 0);
  desk.pass(1s);
  EXPECT_EQ(desk.position(), 1);
}

TEST_F(Halts, EndAtOnceWithALengthOfZero) {
  halt(HaltKind::Outage, 10h);
  desk.price(kMnq, 29510_d);
  halt(HaltKind::Outage, 0s);
  EXPECT_EQ(desk.exchange.quote(kMnq)->last, 29510_d);
  EXPECT_TRUE(desk.market(Side::Sell, 1).ok());
}

}  // namespace
}  // namespace paper
