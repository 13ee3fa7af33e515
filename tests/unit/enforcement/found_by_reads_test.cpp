#include "enforcement/told_by_stream.h"

#include <gtest/gtest.h>

namespace rm {
namespace {

using namespace std::chrono_literals;

constexpr AccountId kAccount{1}, kOther{2};
const BrokerTime kStart = BrokerTime::from_seconds(1'000'000);

TEST(FoundByReads, AFillTheStreamNeverTellsCountsOnceItsPatienceIsOver) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  EXPECT_EQ(found.settle(kStart + FoundByReads::kPatience - 1ns)[0], 0U);
  EXPECT_EQ(found.settle(kStart + FoundByReads::kPatience)[0], 1U);
  EXPECT_EQ(found.settle(kStart + 1h)[0], 0U) << "counted once";
}

TEST(FoundByReads, AStreamThatIsOnlyLateHasHiddenNothing) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  found.on_stream(kAccount, TradeId{7});
  EXPECT_EQ(found.settle(kStart + 1h)[0], 0U);
}

TEST(FoundByReads, TheSameNumberOfAnotherAccountIsAnotherFill) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  found.on_stream(kOther, TradeId{7});
  EXPECT_EQ(found.settle(kStart + 1h)[0], 1U);
}

// What the stream of an account said of a position and two orders, long before the read.
class ToldByStreamTest : public testing::Test {
 protected:
  static constexpr ContractId kMnq{1};
  static Order order(std::int64_t id) {
    Order out;
    out.id = OrderId{id};
    out.account = kAccount;
    out.contract = kMnq;
    out.status = OrderStatus::Open;
    out.type = OrderType::Limit;
    out.size = Lots{2};
    out.limit_price = Price::parse("21000").value();
    return out;
  }
  static Position position(int size) { return Position{kAccount, kMnq, Lots{size}, {}, {}}; }

  void SetUp() override {
    told.on_order(order(1), kStart);
    told.on_order(order(2), kStart);
    told.on_position(position(5), kStart);
  }
  void read(std::vector<Order> orders, std::vector<Position> positions, Duration after = 10s) {
    at = kStart + after;
    const ReadBack back{kAccount, std::make_shared<const std::vector<Position>>(std::move(positions)),
                        std::make_shared<const std::vector<Order>>(std::move(orders)), at};
    told.on_read(back, found, at);
  }
  // Hidden orders and positions, once the patience is over.
  std::pair<std::uint64_t, std::uint64_t> hidden() {
    const auto counts = found.settle(at + FoundByReads::kPatience);
    return {counts[1], counts[2]};
  }
  static std::pair<std::uint64_t, std::uint64_t> count(std::uint64_t orders, std::uint64_t positions) {
    return {orders, positions};
  }
  ToldByStream told;
  FoundByReads found;
  BrokerTime at;
};

TEST_F(ToldByStreamTest, WhatTheStreamToldIsNotFound) {
  read({order(1), order(2)}, {position(5)});
  EXPECT_EQ(hidden(), count(0, 0));
}

TEST_F(ToldByStreamTest, AnOrderNobodyToldOfIsFoundOnce) {
  read({order(1), order(2), order(3)}, {position(5)});
  read({order(1), order(2), order(3)}, {position(5)}, 11s);
  EXPECT_EQ(hidden(), count(1, 0));
}

TEST_F(ToldByStreamTest, AnEndOrAChangeOfAnOrderThatNobodyToldIsFound) {
  Order moved = order(1);
  moved.limit_price = Price::parse("20990").value();
  read({moved}, {position(5)});
  read({moved}, {position(5)}, 11s);
  EXPECT_EQ(hidden(), count(2, 0));
}

TEST_F(ToldByStreamTest, APositionThatIsLargerOrGoneIsFoundOnce) {
  read({order(1), order(2)}, {position(6)});
  read({order(1), order(2)}, {}, 11s);
  read({order(1), order(2)}, {}, 12s);
  EXPECT_EQ(hidden(), count(0, 2));
}

TEST_F(ToldByStreamTest, AReadThatMayLagTheStreamFindsNothing) {
  told.on_order(order(3), kStart + 9s);
  told.on_position(position(6), kStart + 9s);
  read({order(1), order(2)}, {position(5)});
  EXPECT_EQ(hidden(), count(0, 0));
}

TEST_F(ToldByStreamTest, AStreamThatIsOnlyLateHasHiddenNothing) {
  read({order(1), order(2), order(3)}, {position(6)});
  found.on_stream(kAccount, OrderId{3});
  found.on_stream(kAccount, kMnq);
  EXPECT_EQ(hidden(), count(0, 0));
}

TEST_F(ToldByStreamTest, AnOrderThatItsTradesHaveFilledIsNotMissed) {
  Trade trade;
  trade.contract = kMnq;
  trade.order = OrderId{2};
  trade.size = Lots{2};
  told.on_fill(trade, kStart + 1s);
  told.on_position(position(7), kStart + 1s);
  read({order(1)}, {position(7)});
  EXPECT_EQ(hidden(), count(0, 0));
}

TEST_F(ToldByStreamTest, ASnapshotIsABeginningNotAFind) {
  AccountSnapshot snapshot;
  snapshot.working_orders = {order(7)};
  snapshot.positions = {position(-1)};
  told.on_snapshot(snapshot);
  read({order(7)}, {position(-1)});
  EXPECT_EQ(hidden(), count(0, 0));
}

TEST_F(ToldByStreamTest, ATrailingStopFollowsThePriceWithoutAMessage) {
  Order trailing = order(1);
  trailing.type = OrderType::TrailingStop;
  trailing.stop_price = Price::parse("20900").value();
  told.on_order(trailing, kStart);
  trailing.stop_price = Price::parse("20910").value();
  read({trailing, order(2)}, {position(5)});
  EXPECT_EQ(hidden(), count(0, 0));
}

}  // namespace
}  // namespace rm
