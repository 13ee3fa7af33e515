// R21: an enforcement that was unfinished when the program stopped goes on, from whatever state the broker is in.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

struct ResumeTest : ::testing::Test {
  Desk desk{"daily_loss: {max_loss: -1000.00}", DeskOptions{.connect = false}};
  void hold(int lots) {
    desk.act([&](FakeAccount& account, FakeAccount::Told&) {
      FakeAccount::Told untold;
      account.set_last(desk.mnq, Price::parse("21000").value());
      account.market_order(desk.mnq, Lots{lots}, desk.now, untold);
    });
  }
  void resume(const Goal& goal) {
    desk.engine().resume(desk.main_account(), EnforcementId{7}, goal);
    desk.executor().resume(
        UnfinishedEnforcement{
            EnforcementId{7}, desk.main_account(), goal, {"daily_loss"}, {LossAtLimit{}}, desk.now - 1s},
        desk.now);
  }
};

TEST_F(ResumeTest, NothingIsSentBeforeTheAccountIsKnown) {
  hold(3);
  resume(Goal{true, {}, {}});
  desk.pass(1s);
  EXPECT_THAT(desk.sent(), ::testing::IsEmpty());
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  ASSERT_THAT(desk.receipts, SizeIs(1));
  EXPECT_EQ(desk.receipts.at(0).enforcement, EnforcementId{7});
  EXPECT_THAT(desk.receipts.at(0).rules, ElementsAre("daily_loss"));
}

TEST_F(ResumeTest, WhatWasDoneMeanwhileIsOnlyVerified) {
  resume(Goal{true, {}, {}});
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ::testing::IsEmpty());
  EXPECT_THAT(desk.receipts, SizeIs(1));
}

TEST_F(ResumeTest, AReductionGoesOnFromWhereTheBrokerIs) {
  hold(6);
  resume(Goal{false, {{desk.mnq, Lots{5}}}, {}});
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre("partialCloseContract MNQ by 1"));
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST_F(ResumeTest, AReductionThatOnlyALaggingReadCouldShowIsNotRepeated) {
  desk.broker.read_lag = 1500ms;
  desk.broker.remember(desk.now);
  hold(8);
  desk.pass(2s);
  resume(Goal{false, {{desk.mnq, Lots{5}}}, {}});
  desk.broker.faults[5] = Fault::SilentStream;  // behind the four reads of the snapshot
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre("partialCloseContract MNQ by 3"));
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST_F(ResumeTest, AReadThatMayShowTheWorldOfBeforeTheStartProvesNothing) {
  desk.broker.read_lag = 1500ms;
  desk.broker.remember(desk.now);
  desk.pass(2s);
  hold(8);
  resume(Goal{true, {}, {}});
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
}

TEST_F(ResumeTest, AnOldOneIsEscalatedOnceNotForEveryTimeThatWasMissed) {
  hold(3);
  desk.broker.halted = true;
  const Goal flat{true, {}, {}};
  desk.executor().resume(
      {EnforcementId{7}, desk.main_account(), flat, {"daily_loss"}, {LossAtLimit{}}, desk.now - 200s}, desk.now);
  desk.connect();
  desk.pass(10s);
  ASSERT_THAT(desk.escalations, SizeIs(1));
  EXPECT_GE(desk.escalations.at(0).waiting, 200s);
}

TEST_F(ResumeTest, AResumedFlattenIsNoStrikeOfItsOwnLock) {
  hold(3);
  desk.engine().restore(Lock{desk.main_account(), std::nullopt, LockKind::Hard, "daily_loss", LossAtLimit{}, desk.now,
                             UntilTime{chicago("17:00:00")}, EnforcementId{7}});
  resume(Goal{true, {}, {}});
  desk.connect();
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.guard().strikes(), 0U);
  EXPECT_THAT(desk.receipts, SizeIs(1));
}

}  // namespace
}  // namespace rm::test
