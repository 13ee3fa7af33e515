// Messages and reads of orders cross: what ended never comes back to life, what is young is not read away.
#include "book/working_orders.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

Order order(std::int64_t id, OrderStatus status, int size = 2) {
  Order made;
  made.id = OrderId{id};
  made.status = status;
  made.size = Lots{size};
  return made;
}

struct WorkingOrdersTest : ::testing::Test {
  WorkingOrders orders;
  BrokerTime now = BrokerTime::from_seconds(1000);
  bool read(const std::vector<Order>& list) { return orders.on_read(list, now); }
};

TEST_F(WorkingOrdersTest, KeepsWhatCanFill) {
  for (const OrderStatus status :
       {OrderStatus::Open, OrderStatus::Pending, OrderStatus::PendingCancellation, OrderStatus::Suspended}) {
    EXPECT_TRUE(orders.on_order(order(static_cast<int>(status), status), now));
  }
  EXPECT_EQ(orders.all().size(), 4U) << "suspended bracket children included";
  for (const OrderStatus status :
       {OrderStatus::Filled, OrderStatus::Cancelled, OrderStatus::Expired, OrderStatus::Rejected}) {
    orders.on_order(order(1, OrderStatus::Open), now);
    orders.on_order(order(1, status), now);
    EXPECT_FALSE(orders.find(OrderId{1}));
  }
}

TEST_F(WorkingOrdersTest, ATagIsNotTakenAwayByAMessageThatDoesNotTellIt) {
  Order own = order(1, OrderStatus::Open);
  own.tag = StopTag{7};
  orders.on_order(own, now);
  orders.on_order(order(1, OrderStatus::Open, 1), now + 1ms);
  EXPECT_EQ(orders.find(OrderId{1})->tag, StopTag{7});
  EXPECT_EQ(orders.find(OrderId{1})->size, Lots{1});
}

TEST_F(WorkingOrdersTest, AnEndedOrderStaysEnded) {
  orders.on_order(order(1, OrderStatus::Open), now);
  orders.on_order(order(1, OrderStatus::Cancelled), now + 1ms);
  EXPECT_FALSE(orders.on_order(order(1, OrderStatus::Open), now + 2ms)) << "an older message that comes late";
  now = now + 100ms;
  EXPECT_FALSE(read({order(1, OrderStatus::Open)})) << "a read that lags";
  EXPECT_FALSE(orders.any());
}

TEST_F(WorkingOrdersTest, AReadLongAfterwardsIsBelieved) {
  orders.on_order(order(1, OrderStatus::Cancelled), now);
  now = now + 3s;
  EXPECT_TRUE(read({order(1, OrderStatus::Open)})) << "the broker is the truth";
  EXPECT_TRUE(orders.any());
}

TEST_F(WorkingOrdersTest, AYoungOrderIsNotReadAway) {
  orders.on_order(order(1, OrderStatus::Open), now);
  now = now + 1s;
  EXPECT_FALSE(read({}));
  EXPECT_TRUE(orders.find(OrderId{1}));
  now = now + 1s;
  EXPECT_TRUE(read({}));
  EXPECT_FALSE(orders.any());
}

TEST_F(WorkingOrdersTest, AReadFindsWhatTheStreamNeverTold) {
  EXPECT_TRUE(read({order(1, OrderStatus::Suspended)}));
  EXPECT_FALSE(read({order(1, OrderStatus::Suspended)})) << "nothing new";
  now = now + 1ms;
  EXPECT_TRUE(read({})) << "and what only a read told, the next read may take back";
}

TEST_F(WorkingOrdersTest, AReadOlderThanTheLastOneIsLeftAlone) {
  read({});
  EXPECT_FALSE(orders.on_read(std::vector{order(1, OrderStatus::Open)}, now - 1ms));
  EXPECT_FALSE(orders.any());
}

TEST_F(WorkingOrdersTest, TheStreamsYoungerFiguresStay) {
  orders.on_order(order(1, OrderStatus::Open, 5), now);
  now = now + 100ms;
  read({order(1, OrderStatus::Open, 3)});
  EXPECT_EQ(orders.find(OrderId{1})->size, Lots{5});
  now = now + 3s;
  read({order(1, OrderStatus::Open, 3)});
  EXPECT_EQ(orders.find(OrderId{1})->size, Lots{3});
}

TEST_F(WorkingOrdersTest, FillsEndAnOrderOnlyWhenTheyMakeItsSize) {
  orders.on_order(order(1, OrderStatus::Pending, 3), now);
  orders.on_fill(OrderId{1}, Lots{2}, now);
  EXPECT_TRUE(orders.any());
  orders.on_fill(OrderId{1}, Lots{1}, now);
  EXPECT_FALSE(orders.any());
  EXPECT_FALSE(orders.on_order(order(1, OrderStatus::Pending, 3), now)) << "its own older message comes after";
  orders.on_fill(OrderId{99}, Lots{1}, now);
}

TEST_F(WorkingOrdersTest, AnOrderSeenFirstWhenPartlyFilledNeverEndsEarly) {
  Order part = order(1, OrderStatus::Open, 3);
  part.filled = Lots{1};
  orders.on_order(part, now);
  orders.on_fill(OrderId{1}, Lots{1}, now);  // the same one lot, told after the order
  orders.on_fill(OrderId{1}, Lots{1}, now);
  EXPECT_TRUE(orders.any()) << "one lot still works";
}

// ── fills told by the order before its trade ──

struct FilledAhead : WorkingOrdersTest {
  static constexpr ContractId kContract{3};
  static Order stop(int filled, OrderStatus status = OrderStatus::Open) {
    Order made = order(1, status, 3);
    made.contract = kContract;
    made.side = Side::Sell;
    made.filled = Lots{filled};
    return made;
  }
  [[nodiscard]] int ahead() const { return orders.filled_ahead(kContract, Side::Sell).value(); }
  void SetUp() override { orders.on_order(stop(0), now); }
};

TEST_F(FilledAhead, CountsUntilItsTradesHaveCome) {
  orders.on_order(stop(2), now);
  EXPECT_EQ(ahead(), 2);
  EXPECT_EQ(orders.filled_ahead(kContract, Side::Buy), Lots{});
  EXPECT_EQ(orders.filled_ahead(ContractId{4}, Side::Sell), Lots{});
  orders.on_fill(OrderId{1}, Lots{1}, now);
  EXPECT_EQ(ahead(), 1);
  orders.on_order(stop(3, OrderStatus::Filled), now);
  EXPECT_EQ(ahead(), 2);
  orders.on_fill(OrderId{1}, Lots{2}, now);
  EXPECT_EQ(ahead(), 0);
  EXPECT_EQ(orders.oldest_ahead(), std::nullopt);
}

TEST_F(FilledAhead, IsNothingWhenTheTradesCameFirst) {
  orders.on_fill(OrderId{1}, Lots{1}, now);
  orders.on_order(stop(1), now);
  EXPECT_EQ(ahead(), 0);
  orders.on_fill(OrderId{1}, Lots{1}, now);
  orders.on_order(stop(3, OrderStatus::Filled), now);  // of two lots one has been traded
  EXPECT_EQ(ahead(), 1);
}

TEST_F(FilledAhead, FilledMeansTheWholeSizeWhateverTheVolumeSays) {
  orders.on_order(stop(0, OrderStatus::Filled), now);
  EXPECT_EQ(ahead(), 3);
}

TEST_F(FilledAhead, ACancelledOrderIsNotFilled) {
  orders.on_order(stop(0, OrderStatus::Cancelled), now);
  EXPECT_EQ(ahead(), 0);
}

TEST_F(FilledAhead, IsForgottenWhenItIsOld) {
  orders.on_order(stop(1), now);
  EXPECT_EQ(orders.oldest_ahead(), now);
  orders.forget_ahead(now - 1ns);
  EXPECT_EQ(ahead(), 1);
  orders.forget_ahead(now);
  EXPECT_EQ(ahead(), 0);
}

TEST_F(FilledAhead, WhatAReadShowsIsNotAhead) {
  now = now + 5s;
  read({stop(1)});
  EXPECT_EQ(ahead(), 0);
  orders.on_order(stop(1), now);
  EXPECT_EQ(ahead(), 0);
}

TEST_F(WorkingOrdersTest, WhatATradeToldNoLongerRemains) {
  orders.on_order(order(1, OrderStatus::Open, 4), now);
  orders.on_fill(OrderId{1}, Lots{1}, now);
  EXPECT_EQ(orders.find(OrderId{1})->remaining(), Lots{3}) << "its own message is still on its way";
  Order said = order(1, OrderStatus::Open, 4);
  said.filled = Lots{1};
  orders.on_order(said, now);
  EXPECT_EQ(orders.find(OrderId{1})->remaining(), Lots{3}) << "and does not count twice";
  said.filled = Lots{3};
  orders.on_order(said, now);
  orders.on_fill(OrderId{1}, Lots{2}, now);
  EXPECT_EQ(orders.find(OrderId{1})->remaining(), Lots{1}) << "nor when it comes first";
  orders.on_order(order(1, OrderStatus::Open, 4), now);
  EXPECT_EQ(orders.find(OrderId{1})->remaining(), Lots{1}) << "an older message that comes late";
}

TEST_F(WorkingOrdersTest, ATradeThatAReadShowedAlreadyDoesNotCountAgain) {
  Order known = order(1, OrderStatus::Open, 4);
  known.filled = Lots{2};
  read({known});
  orders.on_fill(OrderId{1}, Lots{2}, now);
  EXPECT_EQ(orders.find(OrderId{1})->remaining(), Lots{2});
}

TEST_F(WorkingOrdersTest, ManyEndsAreRememberedWithoutGrowing) {
  for (int i = 0; i < 1000; ++i) {
    orders.on_order(order(i, OrderStatus::Open), now);
    orders.on_order(order(i, OrderStatus::Filled), now);
  }
  EXPECT_FALSE(orders.any());
  EXPECT_FALSE(orders.on_order(order(999, OrderStatus::Open), now));
}

}  // namespace
}  // namespace rm
