// A stop is moved once at a time and at most once a second; lost, late and refused answers; never while the contract
// is being flattened, never away from the market.
#include <gmock/gmock.h>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Price price(std::string_view text) {
  return Price::parse(text).value();
}

// Long 2 MNQ at 21000 with a stop that follows 8 ticks (2 points) behind the market.
struct Trailing {
  explicit Trailing(const std::string& rules = {})
      : desk{"trade_management: {trailing_stop: {activation_ticks: 4, distance_ticks: 8}}" + rules} {
    desk.fill(desk.mnq, 2, "21000");
    stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
    desk.pass(5s);
  }
  std::vector<std::string> moves() {
    std::vector<std::string> list;
    for (const std::string& action : desk.actions()) {
      if (action.starts_with("modify ")) list.push_back(action.substr(action.rfind(' ') + 1));
    }
    return list;
  }
  std::string shown() {
    for (const Order& order : desk.account().working_orders()) {
      if (order.id == stop) return order.stop_price->text();
    }
    return "gone";
  }
  Desk desk;
  OrderId stop;
};
struct StopMoverTest : ::testing::Test, Trailing {};

TEST_F(StopMoverTest, ARequestNamesTheOrderAndThePrice) {
  desk.quote(desk.mnq, "21010");
  EXPECT_THAT(desk.actions(), ElementsAre("modify " + std::to_string(stop.value()) + " to 21008"));
  desk.pass(1s);
  EXPECT_EQ(shown(), "21008");
}

TEST_F(StopMoverTest, AtMostOnceASecondAndThenToTheNearestPriceOfThatSecond) {
  desk.quote(desk.mnq, "21010");
  const BrokerTime first = desk.now;
  for (const char* last : {"21011", "21013", "21012"}) {
    desk.pass(100ms);
    desk.quote(desk.mnq, last);
  }
  desk.run_until(first + 1s - 1ns);
  EXPECT_THAT(moves(), ElementsAre("21008"));
  desk.run_until(first + 1s);
  EXPECT_THAT(moves(), ElementsAre("21008", "21011"));
  desk.pass(1s);
  EXPECT_EQ(shown(), "21011");
}

TEST_F(StopMoverTest, APriceThatTheMarketHasFallenThroughMeanwhileGivesWayToTheNewestOne) {
  desk.quote(desk.mnq, "21005");
  for (const char* last : {"21012", "21009", "21006.25"}) {
    desk.pass(100ms);
    desk.quote(desk.mnq, last);  // wanted 21010, then 21007, then 21004.25; the market stands at 21006.25
  }
  desk.pass(2s);
  EXPECT_THAT(moves(), ElementsAre("21003", "21004.25"));
}

TEST_F(StopMoverTest, OneInFlightHoweverLongTheAnswerTakes) {
  desk.broker.fail_next(Fault::SlowAnswer);
  desk.quote(desk.mnq, "21010");
  for (int i = 1; i <= 3; ++i) {
    desk.pass(1s);
    desk.quote(desk.mnq, std::to_string(21010 + i));
  }
  EXPECT_THAT(moves(), SizeIs(1));
  desk.pass(2s);
  EXPECT_THAT(moves(), ElementsAre("21008", "21011"));
}

TEST_F(StopMoverTest, WaitsUntilTheOrderShowsThePrice) {
  desk.broker.fail_next(Fault::LateStream);  // shows it after a second
  desk.quote(desk.mnq, "21010");
  desk.pass(1s);
  desk.quote(desk.mnq, "21012");
  EXPECT_THAT(moves(), SizeIs(1));
  desk.pass(100ms);
  EXPECT_THAT(moves(), ElementsAre("21008", "21010"));
}

TEST_F(StopMoverTest, WhatTheStreamNeverShowsIsReadAndNotDoneAgain) {
  desk.broker.fail_next(Fault::SilentStream);
  desk.quote(desk.mnq, "21010");
  const auto before = desk.sent().size();
  desk.pass(2s);
  EXPECT_THAT(desk.sent(), SizeIs(before));
  desk.pass(1s);
  EXPECT_EQ(desk.sent().back(), "readWorkingOrders");
  EXPECT_EQ(*desk.book().orders().find(stop)->stop_price, price("21008"));
  EXPECT_THAT(moves(), SizeIs(1));
  desk.quote(desk.mnq, "21012");
  EXPECT_THAT(moves(), ElementsAre("21008", "21010"));
}

TEST_F(StopMoverTest, ALostAnswerIsSettledByWhatTheOrderShows) {
  desk.broker.fail_next(Fault::LoseAnswer);
  desk.quote(desk.mnq, "21010");
  desk.pass(10s);
  EXPECT_THAT(moves(), SizeIs(1));
}

TEST_F(StopMoverTest, ALostRequestIsReadBeforeItIsAskedAgain) {
  desk.broker.fail_next(Fault::LoseRequest);
  desk.quote(desk.mnq, "21010");
  desk.pass(4900ms);  // no answer in 3 s, patience of 2 s
  EXPECT_THAT(moves(), SizeIs(1));
  desk.pass(5s);
  EXPECT_THAT(moves(), ElementsAre("21008", "21008"));
  EXPECT_EQ(shown(), "21008");
}

TEST_F(StopMoverTest, AReadThatFailsIsTakenAgain) {
  desk.broker.fail_next(Fault::LoseRequest);
  desk.quote(desk.mnq, "21010");
  desk.broker.fail_next(Fault::NotSent);  // of the read
  desk.pass(15s);
  EXPECT_THAT(moves(), ElementsAre("21008", "21008"));
  EXPECT_EQ(shown(), "21008");
}

TEST_F(StopMoverTest, ARefusalIsTriedAgainLaterAndLater) {
  desk.broker.refuse_next(3, "Rejected", 4);
  desk.quote(desk.mnq, "21010");
  desk.pass(1s - 1ns);
  EXPECT_THAT(moves(), SizeIs(1)) << "not within the second";
  desk.pass(1ns);
  EXPECT_THAT(moves(), SizeIs(2));
  desk.quote(desk.mnq, "21010.25");
  desk.quote(desk.mnq, "21010");
  EXPECT_THAT(moves(), SizeIs(2)) << "prices do not hurry it";
  desk.pass(20s);
  EXPECT_THAT(moves(), ElementsAre("21008", "21008", "21008.25", "21008.25", "21008.25"));
  EXPECT_EQ(shown(), "21008.25");
}

TEST_F(StopMoverTest, WhateverHappensToARequestTheStopIsThereInTheEndAndNeverFurtherAway) {
  for (const Fault fault : kAllFaults) {
    SCOPED_TRACE(name_of(fault));
    Trailing again;
    again.desk.broker.fail_next(fault);
    Price nearest = price("20950");
    const std::vector<const char*> rise{"21010.25", "21011.25", "21010.75", "21012", "21011", "21013", "21014.25"};
    for (std::size_t i = 0; i < 40; ++i) {
      again.desk.quote(again.desk.mnq, i < rise.size() ? rise[i] : "21013.25");
      again.desk.pass(333ms);
      const Price now = price(again.shown());
      EXPECT_GE(now, nearest);
      nearest = now;
    }
    EXPECT_EQ(again.shown(), "21012.25");
  }
}

TEST_F(StopMoverTest, AStopThatIsGoneIsLeftAlone) {
  desk.quote(desk.mnq, "21010");
  desk.pass(100ms);
  desk.quote(desk.mnq, "21012");
  desk.cancel_orders(desk.mnq);
  desk.pass(10s);
  EXPECT_THAT(moves(), ElementsAre("21008"));
}

TEST_F(StopMoverTest, AStopThatTheTraderDrewNearerMeanwhileIsNotPutBack) {
  desk.quote(desk.mnq, "21010");
  desk.pass(100ms);
  desk.quote(desk.mnq, "21012");  // 21010 is wanted when the second is over
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.modify_stop(stop, price("21011"), desk.now, told);
  });
  desk.pass(10s);
  EXPECT_THAT(moves(), ElementsAre("21008"));
  EXPECT_EQ(shown(), "21011");
}

TEST_F(StopMoverTest, APositionThatIsClosedNeedsNoStopMoved) {
  desk.quote(desk.mnq, "21010");
  desk.pass(100ms);
  desk.quote(desk.mnq, "21012");
  desk.fill(desk.mnq, -2, "21012");
  desk.pass(10s);
  EXPECT_THAT(moves(), ElementsAre("21008"));
}

TEST_F(StopMoverTest, NothingWhileTheStreamIsDown) {
  desk.disconnect();
  desk.pass(1s);
  desk.quote(desk.mnq, "21010");
  desk.pass(2s);
  EXPECT_THAT(moves(), IsEmpty());
  desk.connect();
  desk.pass(2s);
  desk.quote(desk.mnq, "21010");
  EXPECT_THAT(moves(), ElementsAre("21008"));
}

constexpr const char* kGuards = ", auth_loss_guard: {}, no_stop_loss_grace: {grace: 10s}";

TEST(StopMover, DoesNothingWhileTheAccountIsBeingFlattened) {
  Trailing at{kGuards};
  at.desk.broker.halted = true;  // the closes are refused
  at.desk.can_trade(false);
  at.desk.quote(at.desk.mnq, "21010");
  at.desk.pass(10s);
  EXPECT_THAT(at.moves(), IsEmpty());
}

TEST(StopMover, DoesNothingInAContractThatIsBeingClosed) {
  Trailing at{kGuards};
  at.desk.broker.halted = true;
  at.desk.fill(at.desk.mnq, 1, "21000");  // 3 held, 2 covered
  at.desk.pass(10s);
  ASSERT_THAT(at.desk.decisions, SizeIs(1));
  at.desk.quote(at.desk.mnq, "21010");
  at.desk.pass(5s);
  EXPECT_FALSE(at.desk.tightenings.empty()) << "it is wanted";
  EXPECT_THAT(at.moves(), IsEmpty());
}

TEST(StopMover, GoesOnInOtherContracts) {
  Trailing at{kGuards};
  at.desk.broker.halted = true;
  at.desk.fill(at.desk.es, 1, "6300");
  at.desk.pass(10s);
  ASSERT_THAT(at.desk.decisions, SizeIs(1));
  at.desk.quote(at.desk.mnq, "21010");
  EXPECT_THAT(at.moves(), ElementsAre("21008"));
}

TEST(StopMover, ABreakingRuleComesFirstAndTheStopIsThenLeftAlone) {
  Desk both{
      "trade_management: {trailing_stop: {distance_ticks: 8}}, max_contracts: {max_contracts: 2, on_breach: "
      "flatten}"};
  both.fill(both.mnq, 2, "21000");
  both.order(both.mnq, OrderType::Stop, Side::Sell, 2, "20950");
  both.pass(3s);
  const auto before = both.actions().size();
  both.broker.halted = true;
  both.fill(both.mnq, 1, "21010");  // the fill breaks one rule and wants the stop nearer by the other
  ASSERT_THAT(both.decisions, SizeIs(1));
  both.quote(both.mnq, "21020");
  both.pass(1s);
  const auto actions = both.actions();
  EXPECT_GT(actions.size(), before);
  for (std::size_t i = before; i < actions.size(); ++i)
    EXPECT_THAT(actions[i], ::testing::Not(::testing::StartsWith("modify")));
}

TEST_F(StopMoverTest, DoesNothingWhenNothingIsToBeDone) {
  EXPECT_EQ(desk.stop_mover().next_deadline(), std::nullopt);
  desk.quote(desk.mnq, "21010");
  desk.pass(5s);
  EXPECT_EQ(desk.stop_mover().next_deadline(), std::nullopt) << "done: nothing is waited for";
}

}  // namespace
}  // namespace rm::test
