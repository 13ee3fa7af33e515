// While a hard lock holds, whatever appears is undone at once, each time, and counted. Locks outlive a restart.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct LockedDesk : ::testing::Test {
  LockedDesk() {
    desk.fill(desk.mnq, 10, "21000.00");
    desk.quote(desk.mnq, "20950.00");
    EXPECT_TRUE(desk.settle());
    desk.pass(5s);
    desk.heard();
  }
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", DeskOptions{.free_of_costs = true}};
};
using LocksTest = LockedDesk;

TEST_F(LocksTest, WhateverIsOpenedIsClosedAndCounted) {
  for (std::uint32_t strike = 1; strike <= 3; ++strike) {
    desk.fill(desk.es, 1, "6300.00");
    ASSERT_FALSE(desk.decisions.empty());
    const Decision& decision = desk.decisions.back();
    EXPECT_TRUE(decision.goal.account_flat);
    EXPECT_EQ(decision.violations.back().reason, Reason{ActivityWhileLocked{strike}});
    EXPECT_THAT(decision.locks, IsEmpty()) << "the lock holds already and is not set anew";
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
    desk.pass(5s);
  }
  EXPECT_EQ(desk.guard().strikes(), 3U);
  EXPECT_THAT(desk.book().locks().all(), SizeIs(1));
}

TEST_F(LocksTest, AWorkingOrderIsCancelled) {
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000.00");
  EXPECT_THAT(desk.heard(), ::testing::Contains(::testing::HasSubstr("ACTIVITY_WHILE_LOCKED")));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(LocksTest, AReadThatLagsIsNoActivity) {
  const auto decided = desk.decisions.size();
  auto positions = std::make_shared<const std::vector<Position>>(
      std::vector{Position{desk.main_account(), desk.mnq, Lots{10}, Price::parse("21000").value(), desk.now}});
  desk.publish(ReadBack{desk.main_account(), positions, nullptr, desk.now, false});
  EXPECT_THAT(desk.decisions, SizeIs(decided));
  desk.pass(3s);
  EXPECT_THAT(desk.decisions, SizeIs(decided));
  EXPECT_EQ(desk.guard().strikes(), 0U);
}

TEST_F(LocksTest, AStricterLockCanBeAddedWhileOneHolds) {
  Desk both{"daily_loss: {max_loss: -1000.00, warn_at: []}, auth_loss_guard: {}", DeskOptions{.free_of_costs = true}};
  both.fill(both.mnq, 10, "21000.00");
  both.quote(both.mnq, "20950.00");
  both.can_trade(false);
  EXPECT_TRUE(both.settle());
  EXPECT_THAT(both.book().locks().all(), SizeIs(2));
  both.run_until(chicago("17:00:00"));
  ASSERT_THAT(both.book().locks().all(), SizeIs(1));
  EXPECT_EQ(both.first_lock().rule, "auth_loss_guard");
  both.can_trade(true);
  EXPECT_THAT(both.book().locks().all(), IsEmpty());
}

TEST(RestoredLock, HoldsAfterARestartAndIsNotSetAgain) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", DeskOptions{.connect = false, .free_of_costs = true}};
  // The day so far, at the broker: a realised loss beyond the limit.
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{10}, desk.now, untold);
    account.set_last(desk.mnq, Price::parse("20940").value());
    account.market_order(desk.mnq, Lots{-10}, desk.now, untold);
  });
  const Lock lock{desk.main_account(),
                  std::nullopt,
                  LockKind::Hard,
                  "daily_loss",
                  LossAtLimit{},
                  desk.now,
                  UntilTime{chicago("17:00:00")},
                  EnforcementId{1}};
  desk.engine().restore(lock);
  desk.connect();
  desk.pass(1min);
  EXPECT_THAT(desk.decisions, IsEmpty()) << "locked and flat as before: nothing to decide";
  EXPECT_THAT(desk.book().locks().all(), ElementsAre(lock));
  desk.fill(desk.mnq, 1, "20940.00");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  desk.run_until(chicago("17:00:00"));
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(RestoredLock, IsRestoredByTheBrokersHistoryEvenIfItWasForgotten) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", DeskOptions{.connect = false, .free_of_costs = true}};
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{10}, desk.now, untold);
    account.set_last(desk.mnq, Price::parse("20940").value());
    account.market_order(desk.mnq, Lots{-10}, desk.now, untold);
  });
  desk.connect();
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), Contains("lock account hard until reset"));
}

TEST(RestoredLock, EndsInTimeThoughTheBrokerCannotBeReached) {
  Desk desk{"daily_loss: {max_loss: -1000.00}", DeskOptions{.connect = false}};
  desk.broker.to_broker = 100h;  // nothing arrives
  desk.engine().restore(Lock{desk.main_account(), std::nullopt, LockKind::Hard, "daily_loss", LossAtLimit{}, desk.now,
                             UntilTime{desk.now + 1h}, EnforcementId{1}});
  desk.engine().restore(Lock{desk.main_account(), std::nullopt, LockKind::Hard, "auth_loss_guard",
                             TradingRefusedByBroker{}, desk.now, UntilBrokerAllows{}, EnforcementId{1}});
  desk.run_until(desk.now + 2h);  // and no deadline spins meanwhile
  ASSERT_THAT(desk.book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk.first_lock().rule, "auth_loss_guard") << "what the broker allows is not known";
}

}  // namespace
}  // namespace rm::test
