// With all rules on, an event that breaches nothing allocates nothing once the day is warm. The global allocator of
// this test binary counts.
#include <gtest/gtest.h>

#include <utility>

#include "bench/count_allocations.h"
#include "bench/engine_load.h"

namespace rm::test {
namespace {

struct Allocation : ::testing::Test {
  EngineLoad load{kAllRules};
};

TEST_F(Allocation, AllRulesAreOn) {
  EXPECT_EQ(std::as_const(load.engine).find(kLoadAccount)->rules().size(), rule_registry().size());
}

TEST_F(Allocation, TheCounterCounts) {
  const std::uint64_t before = allocations_so_far();
  const auto one = std::make_unique<int>(1);
  EXPECT_EQ(allocations_so_far() - before, 1U);
}

TEST_F(Allocation, NoneForQuotes) {
  load.quote();
  const std::uint64_t evaluations = load.engine.evaluations(), before = allocations_so_far();
  for (int i = 0; i < 1000; ++i) load.quote();
  EXPECT_EQ(allocations_so_far() - before, 0U);
  EXPECT_EQ(load.engine.evaluations() - evaluations, 1000U);
  EXPECT_EQ(load.listener.said, 0);
}

TEST_F(Allocation, NoneForTheFillsOfABusyDay) {
  load.fill();
  load.fill();
  const std::uint64_t before = allocations_so_far();
  for (int i = 2; i < kLoadFills; ++i) load.fill();
  EXPECT_EQ(allocations_so_far() - before, 0U);
  EXPECT_EQ(load.book.find(kLoadAccount)->day().result().trade_count, static_cast<std::uint32_t>(kLoadFills));
  EXPECT_EQ(load.listener.said, 0);
}

TEST_F(Allocation, NoneForOrdersPositionsAndAccounts) {
  const auto events = [&] {
    Order order;
    order.id = OrderId{3'300'000'900};
    order.account = kLoadAccount;
    order.contract = load.contracts[1];
    order.type = OrderType::Limit;
    order.side = Side::Sell;
    order.size = Lots{1};
    order.limit_price = EngineLoad::price(22'000);
    for (const OrderStatus status : {OrderStatus::Open, OrderStatus::Open}) {
      order.status = status;
      order.limit_price = Price::from_nanos(order.limit_price->nanos() + 250'000'000);
      load.bus.publish(OrderUpdated{order}, load.now);
    }
    load.bus.publish(
        PositionUpdated{Position{kLoadAccount, load.contracts[1], Lots{2}, EngineLoad::price(21'000), load.now}},
        load.now);
    load.bus.publish(AccountUpdated{AccountInfo{kLoadAccount, Money::from_units(150'000), true}}, load.now);
  };
  events();
  const std::uint64_t before = allocations_so_far();
  for (int i = 0; i < 100; ++i) events();
  EXPECT_EQ(allocations_so_far() - before, 0U);
  EXPECT_EQ(load.listener.said, 0);
}

}  // namespace
}  // namespace rm::test
