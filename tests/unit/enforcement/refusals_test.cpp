// Refused, unsent, limited, lost: tried again with back-off, read before it is repeated, escalated to a person, never
// given up.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct RefusalsTest : ::testing::Test {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  void breach() {
    desk.fill(desk.mnq, 10, "21000");
    desk.pass(10s);
    desk.quote(desk.mnq, "20950");
  }
};

TEST_F(RefusalsTest, ARefusedCloseIsTriedAgainWithGrowingPauses) {
  desk.broker.halted = true;
  breach();
  desk.pass(1min);
  std::vector<BrokerTime> tried;
  for (const ReceiptStep& step : desk.executor().find(desk.main_account())->serving()[0].steps) {
    if (step.what == "closeContract") tried.push_back(step.requested_at);
  }
  ASSERT_GE(tried.size(), 8U) << "a minute of refusals";
  EXPECT_LT(tried[1] - tried[0], 500ms);
  for (std::size_t i = 1; i < tried.size(); ++i)
    EXPECT_LE(tried[i] - tried[i - 1], 7s) << "never slower than this, so that the first tick of trading finds us";
  EXPECT_GT(tried.back() - tried[tried.size() - 2], 4s);
  desk.broker.halted = false;
  EXPECT_TRUE(desk.settle(10s));
  EXPECT_TRUE(desk.account().flat());
}

// A minute of refusals: the next attempt on its own is seconds away.
struct Halted : RefusalsTest {
  void SetUp() override {
    desk.broker.halted = true;
    breach();
    desk.pass(1min);
    const std::size_t before = closes();
    while (closes() == before) desk.pass(10ms);
    desk.pass(50ms);  // refused
  }
  std::size_t closes() {
    const auto all = desk.actions();
    return static_cast<std::size_t>(std::ranges::count(all, "closeContract MNQ"));
  }
};

TEST_F(Halted, TheFirstPriceAfterAHaltIsNotWaitedBehindTheBackOff) {
  desk.pass(500ms);
  const std::size_t before = closes();
  desk.broker.halted = false;
  desk.quote(desk.mnq, "20950");
  EXPECT_EQ(closes(), before + 1);
  EXPECT_TRUE(desk.settle(1s));
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(Halted, APriceRightAfterARefusalIsActedUponAMomentLater) {
  desk.broker.halted = false;
  const std::size_t before = closes();
  desk.quote(desk.mnq, "20950");
  EXPECT_EQ(closes(), before);
  EXPECT_TRUE(desk.settle(1s));
  EXPECT_EQ(closes(), before + 1);
}

TEST_F(Halted, APriceOfAnotherContractSaysNothing) {
  desk.pass(500ms);
  const std::size_t before = closes();
  desk.quote(desk.es, "6300");
  EXPECT_EQ(closes(), before);
}

TEST_F(Halted, PricesThatGoOnInAHaltDoNotSpendTheRequestsOfExits) {
  const std::size_t before = closes();
  for (int i = 0; i < 600; ++i) {
    desk.quote(desk.mnq, i % 2 == 0 ? "20950" : "20949.75");
    desk.pass(100ms);
  }
  const std::size_t in_a_minute = closes() - before;
  EXPECT_GE(in_a_minute, 30U);
  EXPECT_LE(in_a_minute, 55U) << "160 requests a minute are for everything";
}

TEST_F(RefusalsTest, WhatWasNotRefusedIsNotBroughtForwardByAPrice) {
  desk.fill(desk.mnq, 10, "21000");
  for (std::size_t i = 1; i <= 40; ++i) desk.broker.faults[desk.broker.sent.size() + i] = Fault::RateLimited;
  desk.quote(desk.mnq, "20950");
  desk.pass(20s);
  const std::size_t before = desk.actions().size();
  for (int i = 0; i < 9; ++i) {
    desk.quote(desk.mnq, "20949");
    desk.pass(100ms);
  }
  EXPECT_LE(desk.actions().size(), before + 1);
}

TEST_F(RefusalsTest, EscalatesToAPersonAfter5And45And180Seconds) {
  desk.broker.halted = true;
  breach();
  const BrokerTime decided = desk.now;
  desk.run_until(decided + 5s - 1ns);
  EXPECT_THAT(desk.escalations, IsEmpty());
  desk.run_until(decided + 5s);
  ASSERT_THAT(desk.escalations, SizeIs(1));
  EXPECT_EQ(desk.escalations.at(0).waiting, 5s);
  EXPECT_EQ(desk.escalations.at(0).last_answer, "The instrument is not in an active trading status.")
      << "the broker's own words";
  desk.run_until(decided + 45s);
  EXPECT_THAT(desk.escalations, SizeIs(2));
  desk.run_until(decided + 180s);
  EXPECT_THAT(desk.escalations, SizeIs(3));
  desk.run_until(decided + 360s);
  EXPECT_THAT(desk.escalations, SizeIs(4)) << "and every three minutes from then on";
  EXPECT_EQ(desk.escalations.at(0).enforcement, desk.decisions.at(0).id);
}

TEST_F(RefusalsTest, ANewDecisionNeitherRepeatsTheEscalationsOfTheOldNorPutsThemOff) {
  Desk both{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}, auth_loss_guard: {}"};
  both.fill(both.mnq, 10, "21000");
  both.broker.halted = true;
  both.quote(both.mnq, "20950");
  both.pass(50s);
  EXPECT_THAT(both.escalations, SizeIs(2));
  both.can_trade(false);
  both.pass(10s);
  ASSERT_THAT(both.escalations, SizeIs(3));
  EXPECT_EQ(both.escalations.at(2).enforcement, both.decisions.at(1).id) << "five seconds of the new one";
  both.pass(120s);
  ASSERT_THAT(both.escalations, SizeIs(5));
  EXPECT_EQ(both.escalations.at(4).enforcement, both.decisions.at(0).id) << "and 180 of the old one";
}

TEST_F(RefusalsTest, EscalatesWhileTheAccountIsNotKnown) {
  Desk silent{"daily_loss: {max_loss: -1000.00}", DeskOptions{.connect = false}};
  silent.broker.to_broker = 100h;
  silent.executor().resume(
      UnfinishedEnforcement{
          EnforcementId{1}, silent.main_account(), Goal{true, {}, {}}, {"daily_loss"}, {LossAtLimit{}}, silent.now},
      silent.now);
  silent.pass(10s);
  ASSERT_THAT(silent.escalations, SizeIs(1));
  EXPECT_EQ(silent.escalations.at(0).last_answer, "the state of the account is not known");
}

TEST_F(RefusalsTest, ALostAnswerIsReadBeforeItIsRepeated) {
  for (const Fault fault : {Fault::LoseAnswer, Fault::LoseRequest, Fault::ResetBeforeDone}) {
    SCOPED_TRACE(name_of(fault));
    Desk lossy{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
    lossy.fill(lossy.mnq, 10, "21000");
    lossy.pass(10s);
    lossy.broker.fail_next(fault);
    lossy.quote(lossy.mnq, "20950");
    EXPECT_TRUE(lossy.settle());
    EXPECT_TRUE(lossy.account().flat());
    const auto sent = lossy.sent();
    bool closed = false, read = false;
    for (const std::string& what : sent) {
      if (what == "readPositions") read = true;
      if (what != "closeContract MNQ") continue;
      EXPECT_TRUE(!closed || read) << "a second close without a read";
      closed = true;
      read = false;
    }
  }
}

TEST_F(RefusalsTest, NothingIsSentWhileTheConnectionIsOutAndEverythingAfter) {
  for (const Fault fault : {Fault::NotSent, Fault::RateLimited, Fault::Unauthorised}) {
    SCOPED_TRACE(name_of(fault));
    Desk out{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
    out.fill(out.mnq, 10, "21000");
    const std::size_t next = out.broker.sent.size();
    for (std::size_t i = 1; i <= 10; ++i) out.broker.faults[next + i] = fault;
    out.quote(out.mnq, "20950");
    EXPECT_TRUE(out.settle(2min));
    EXPECT_TRUE(out.account().flat());
  }
}

TEST_F(RefusalsTest, ARefusalMayMeanThatThereIsNothingLeftToDo) {
  desk.fill(desk.mnq, 10, "21000");
  desk.pass(10s);
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.mnq, -10, "20990");  // the trader closes, and the stream hides it
  desk.publish(QuoteUpdated{desk.mnq, Price::parse("20950").value(), {}, {}});
  EXPECT_TRUE(desk.settle(5s));
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ")) << "refused: there is no position; read, and seen";
}

// The stream, back just now, is lost again just after it told an order, and the order fills.
struct FilledInTheGap : testing::Test {
  Desk desk{"max_contracts: {max_contracts: 5, include_working_orders: true}"};
  OrderId order;
  void SetUp() override {
    desk.fill(desk.mnq, 5, "21000");
    desk.pass(1min);
    desk.disconnect();
    desk.connect();
    desk.pass(300ms);  // it was looked at just now: the fill is read some seconds later
    order = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20990");
    desk.broker.stream_up = false;
    desk.quote(desk.mnq, "20989");  // filled before its cancel arrives
    desk.disconnect();
  }
  std::size_t cancels() {
    const auto all = desk.actions();
    return static_cast<std::size_t>(std::ranges::count(all, "cancel " + std::to_string(order.value())));
  }
};

TEST_F(FilledInTheGap, ItsRefusedCancelIsFollowedByAReadAndNotRepeated) {
  ASSERT_EQ(desk.account().held(desk.mnq), Lots{7});
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(cancels(), 1U);
  desk.pass(30s);
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(FilledInTheGap, WhileNothingCanBeReadItIsTriedAgain) {
  desk.broker.reads_fail = true;
  desk.pass(20s);
  EXPECT_GT(cancels(), 2U) << "a refusal alone says nothing";
  desk.broker.reads_fail = false;
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST_F(RefusalsTest, ACancelThatIsRefusedAlthoughTheOrderWorksIsRepeated) {
  Desk stubborn{"max_contracts: {max_contracts: 5, include_working_orders: true}"};
  stubborn.fill(stubborn.mnq, 5, "21000");
  stubborn.pass(1min);
  stubborn.broker.refuse_next(3, "Rejected", 3);
  stubborn.order(stubborn.mnq, OrderType::Limit, Side::Buy, 2, "20990");
  EXPECT_TRUE(stubborn.settle());
  EXPECT_THAT(stubborn.account().working_orders(), IsEmpty());
}

TEST_F(RefusalsTest, ACancelRefusedBecauseTheOrderFilledIsNoObstacle) {
  desk.fill(desk.mnq, 10, "21000");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.quote(desk.mnq, "20950");  // cancel under way …
  desk.quote(desk.es, "6199");    // … and it fills
  EXPECT_EQ(desk.account().held(desk.es), Lots{1});
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

}  // namespace
}  // namespace rm::test
