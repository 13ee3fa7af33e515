#include "desk.h"

namespace paper {
namespace {

constexpr auto late = Exchange::Seen::Late;

struct ReadLag : testing::Test {
  ReadLag() {
    auto& settings = desk.exchange.settings();
    settings.position_read_lag = settings.order_read_lag = settings.trade_read_lag = 2s;
  }
  int seen() {
    const auto rows = desk.exchange.positions(desk.id, late);
    return rows.empty() ? 0 : rows.at(0).size;
  }
  Desk desk;
};

TEST_F(ReadLag, APositionIsSeenWithItsSizeOfThen) {
  desk.market(Side::Buy, 1);
  desk.pass(1s);
  desk.market(Side::Buy, 2);
  EXPECT_EQ(desk.position(), 3) << "the truth is not late";
  EXPECT_EQ(seen(), 0);
  desk.pass(1s - 1ns);
  EXPECT_EQ(seen(), 0);
  desk.pass(1ns);
  EXPECT_EQ(seen(), 1);
  desk.pass(1s);
  EXPECT_EQ(seen(), 3);
  desk.close();
  EXPECT_EQ(seen(), 3);
  desk.pass(2s);
  EXPECT_EQ(seen(), 0);
}

TEST_F(ReadLag, AnOrderIsSeenWithItsStatusOfThen) {
  const OrderId id = *desk.limit(Side::Buy, 1, 29490_d).order;
  EXPECT_THAT(desk.exchange.open_orders(desk.id, late), IsEmpty());
  EXPECT_EQ(desk.exchange.order(desk.id, id, late), std::nullopt);
  EXPECT_EQ(desk.exchange.query({.account = desk.id}, late)->total, 0);
  desk.pass(2s);
  EXPECT_EQ(desk.exchange.open_orders(desk.id, late).size(), 1U);
  desk.price(kMnq, 29480_d);
  EXPECT_THAT(desk.exchange.open_orders(desk.id), IsEmpty());
  EXPECT_EQ(desk.exchange.open_orders(desk.id, late).size(), 1U);
  EXPECT_EQ(desk.exchange.order(desk.id, id, late)->status, OrderStatus::Open);
  desk.pass(2s);
  EXPECT_THAT(desk.exchange.open_orders(desk.id, late), IsEmpty());
  EXPECT_EQ(desk.exchange.orders(desk.id, {}, {}, late).at(0).status, OrderStatus::Filled);
}

TEST_F(ReadLag, ATradeIsSeenLater) {
  desk.market(Side::Buy, 1);
  desk.pass(2s - 1us);
  EXPECT_THAT(desk.exchange.trades(desk.id, {}, {}, late), IsEmpty());
  desk.pass(1ms);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}, late).size(), 1U);
}

TEST_F(ReadLag, EachKindHasItsOwn) {
  desk.exchange.settings().trade_read_lag = 0s;
  desk.exchange.settings().order_read_lag = 0s;
  const OrderId id = *desk.market(Side::Buy, 1).order;
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}, late).size(), 1U);
  EXPECT_EQ(desk.exchange.order(desk.id, id, late)->status, OrderStatus::Filled);
  EXPECT_EQ(seen(), 0);
}

TEST_F(ReadLag, SwitchedOnInBetweenItHidesNothingThatIsOld) {
  Desk other;
  other.market(Side::Buy, 1);
  other.pass(1h);
  other.exchange.settings().position_read_lag = 2s;
  EXPECT_EQ(other.exchange.positions(other.id, late).size(), 1U);
}

}  // namespace
}  // namespace paper
