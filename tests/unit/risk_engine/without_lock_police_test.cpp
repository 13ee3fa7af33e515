// R40: the lock police is cut out of this binary. Nothing but the standing check sees what a lock forbids, and it
// acts.
#include "support/desk.h"

namespace rm {

void LockPolice::look(const AccountBook&, const RiskEvent&, const UnderWay&, Findings&) {}
void LockPolice::on_lock_set(const AccountBook&, const Lock&) {}
std::uint32_t LockPolice::strikes() const {
  return 0;
}

}  // namespace rm

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

class WithoutLockPolice : public testing::Test {
 protected:
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  void SetUp() override {
    desk.fill(desk.mnq, 10, "21000");
    desk.quote(desk.mnq, "20950");
    ASSERT_TRUE(desk.settle());
    desk.pass(1min);
    (void)desk.heard();
  }
};

TEST_F(WithoutLockPolice, APositionUnderTheLockIsAnIncidentAndClosed) {
  desk.fill(desk.es, 2, "6300");
  desk.pass(StandingCheck::kGrace - 100ms);
  EXPECT_EQ(desk.account().held(desk.es), Lots{2}) << "nobody else looks";
  desk.pass(2s);
  ASSERT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.guard().incidents(), 1U);
  EXPECT_EQ(code(desk.decisions.back().violations.at(0).reason), "POST_CONDITION_BROKEN");
  EXPECT_THAT(desk.receipts, SizeIs(2));
}

TEST_F(WithoutLockPolice, AnOrderUnderTheLockIsCancelled) {
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(10s);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.guard().incidents(), 1U);
}

TEST_F(WithoutLockPolice, WhatTheStreamHidesIsFoundByTheNextReads) {
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.es, 2, "6300");
  desk.pass(2min);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.guard().incidents(), 1U);
}

TEST_F(WithoutLockPolice, EachTimeAgain) {
  for (std::uint32_t n = 1; n <= 3; ++n) {
    desk.fill(desk.es, 1, "6300");
    desk.pass(30s);
    EXPECT_TRUE(desk.account().flat());
    EXPECT_EQ(desk.guard().incidents(), n);
  }
}

class WithoutLockPoliceOfEntries : public testing::Test {
 protected:
  Desk desk{"trade_frequency_limit: {per_hour: 1, cooldown: {per_hour: 1h}}"};
  void SetUp() override {
    desk.fill(desk.mnq, 2, "21000");
    stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20900");
    desk.pass(10s);
    ASSERT_EQ(desk.book().locks().all().size(), 1U);
  }
  OrderId stop;
};

TEST_F(WithoutLockPoliceOfEntries, AnEntryOrderIsCancelledAndTheStopStays) {
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20950");
  desk.order(desk.es, OrderType::Stop, Side::Buy, 1, "6400");
  desk.pass(StandingCheck::kGrace - 100ms);
  EXPECT_THAT(desk.account().working_orders(), SizeIs(3)) << "nobody else looks";
  desk.pass(1min);
  const auto left = desk.account().working_orders();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].id, stop);
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  EXPECT_EQ(desk.guard().incidents(), 2U);
}

TEST_F(WithoutLockPoliceOfEntries, WhatIsOpenedInAnotherContractIsClosed) {
  desk.fill(desk.es, 1, "6300");
  desk.pass(1min);
  EXPECT_EQ(desk.account().held(desk.es), Lots{});
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  EXPECT_EQ(desk.guard().incidents(), 1U);
}

}  // namespace
}  // namespace rm::test
