// R8, R12: entries are cancelled and the position closed at the same time; what protects stays until the position is
// gone; nothing is asked twice while it is under way.
#include <algorithm>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const char* const kRule = "daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}";

std::string cancel(OrderId id) {
  return "cancel " + std::to_string(id.value());
}

TEST(OrderOfActions, EntriesFirstTogetherWithTheCloseExitsAfter) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 10, "20900");
  const OrderId entry = desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.quote(desk.mnq, "20950");
  EXPECT_THAT(desk.actions(), ElementsAre(cancel(entry), "closeContract MNQ")) << "in the same instant";
  desk.pass(14ms);
  EXPECT_EQ(desk.actions().size(), 2U) << "the stop protects until the position is gone";
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre(cancel(entry), "closeContract MNQ", cancel(stop)));
  EXPECT_TRUE(desk.account().flat());
}

TEST(OrderOfActions, EveryContractIsClosedAtOnce) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  desk.fill(desk.es, -1, "6300");
  desk.fill(desk.jpy, 1, "0.00684");
  desk.quote(desk.mnq, "20950");
  EXPECT_THAT(desk.actions(), UnorderedElementsAre("closeContract MNQ", "closeContract ES", "closeContract 6J"));
}

TEST(OrderOfActions, WhatIsUnderWayIsNotAskedAgain) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  desk.broker.to_broker = 2s;
  desk.quote(desk.mnq, "20950");
  for (int i = 0; i < 10; ++i) {
    desk.quote(desk.mnq, "20940");
    desk.pass(100ms);
  }
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
}

TEST(OrderOfActions, OurOwnClosingOrderIsNotCancelled) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  desk.quote(desk.mnq, "20950");
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"))
      << "the trade comes before the order's own last message";
}

// A close that takes its time to fill, of before a restart or the trader's own: it works at the broker.
class BeingFilled : public testing::Test {
 protected:
  Desk desk{kRule};
  OrderId exit;
  void breach_while_it_works() {
    desk.fill(desk.mnq, 10, "21000");
    Order market;
    market.contract = desk.mnq;
    market.type = OrderType::Market;
    market.side = Side::Sell;
    market.size = Lots{10};
    market.status = OrderStatus::Pending;
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) { exit = account.place(market, desk.now, told); });
    desk.quote(desk.mnq, "20950");
    desk.pass(20s);
  }
};

TEST_F(BeingFilled, APositionIsNotClosedOnceMoreMeanwhile) {
  breach_while_it_works();
  EXPECT_THAT(desk.actions(), IsEmpty());
  EXPECT_LE(desk.sent().size(), 40U) << "looked at less and less often";
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(exit, Lots{10}, *account.last(desk.mnq), desk.now, told);
  });
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), IsEmpty());
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(BeingFilled, WhenItEndsWithoutAFillThePositionIsClosed) {
  breach_while_it_works();
  desk.cancel_orders(desk.mnq);
  desk.pass(1s);
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
  EXPECT_TRUE(desk.account().flat());
}

// The broker says yes to a close, and its order works for ever.
class HangingExit : public testing::Test {
 protected:
  Desk desk{kRule};
  int hanging = 1;  // so many closes hang
  void SetUp() override {
    desk.broker.pretend = [this](const BrokerRequest& request) {
      if (!std::holds_alternative<ClosePosition>(request.ask) || hanging == 0) return false;
      --hanging;
      Order market;
      market.contract = desk.mnq;
      market.type = OrderType::Market;
      market.side = Side::Sell;
      market.size = Lots{10};
      market.status = OrderStatus::Pending;
      desk.broker.act(desk.main_account(), desk.now,
                      [&](FakeAccount& account, FakeAccount::Told& told) { account.place(market, desk.now, told); });
      return true;
    };
    desk.fill(desk.mnq, 10, "21000");
    desk.quote(desk.mnq, "20950");
    desk.pass(100ms);
  }
  void prices_come(Duration length) {
    for (const BrokerTime end = desk.now + length; desk.now < end; desk.pass(500ms)) desk.quote(desk.mnq, "20949");
  }
  int most_exits_at_work() {
    int most = 0, working = 0;
    for (const RiskEvent& event : desk.events) {
      const auto* said = std::get_if<OrderUpdated>(&event.body);
      if (!said || said->order.type != OrderType::Market || said->order.side != Side::Sell) continue;
      working += said->order.working() ? 1 : -1;
      most = std::max(most, working);
    }
    return most;
  }
};

TEST_F(HangingExit, IsTakenBackAndClosedAgainOnceItIsGone) {
  prices_come(9s);
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ")) << "it may fill yet";
  prices_come(8s);
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ", testing::StartsWith("cancel "), "closeContract MNQ"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(most_exits_at_work(), 1);
}

TEST_F(HangingExit, HangsAgainAndIsTakenBackAgain) {
  hanging = 2;
  prices_come(45s);
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(most_exits_at_work(), 1);
}

TEST_F(HangingExit, WithoutPricesItIsLeftFirstInTheQueueOfAHaltedMarket) {
  desk.pass(55s);
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
  desk.pass(15s);
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(HangingExit, WhenItsCancelComesTooLateNothingIsTurnedRound) {
  const OrderId exit = desk.account().working_orders().front().id;
  bool filled = false;
  desk.broker.on_sent = [&](const BrokerRequest& request) {
    if (!std::holds_alternative<CancelOrder>(request.ask) || std::exchange(filled, true)) return;
    desk.broker.act(desk.main_account(), desk.now, [&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(exit, Lots{10}, *account.last(desk.mnq), desk.now, told);
    });
  };
  prices_come(20s);
  ASSERT_TRUE(filled);
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ", testing::StartsWith("cancel ")));
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(HangingExit, OneThatFillsInPiecesIsNotHanging) {
  const OrderId exit = desk.account().working_orders().front().id;
  for (int i = 0; i < 9; ++i) {
    prices_come(5s);
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(exit, Lots{1}, *account.last(desk.mnq), desk.now, told);
    });
  }
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
}

TEST(OrderOfActions, SuspendedBracketChildrenAreCancelled) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  Order entry;
  entry.contract = desk.es;
  entry.type = OrderType::Limit;
  entry.side = Side::Buy;
  entry.size = Lots{1};
  entry.limit_price = Price::parse("6200").value();
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.place_bracket(entry, Price::parse("-10").value(), Price::parse("20").value(), desk.now, told);
  });
  EXPECT_EQ(desk.account().working_orders().size(), 3U);
  desk.quote(desk.mnq, "20950");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(OrderOfActions, ALegThatFillsWhileThePositionIsClosedIsUndone) {
  Desk desk{kRule};
  desk.fill(desk.mnq, 10, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 10, "20945");
  desk.quote(desk.mnq, "20950");
  desk.pass(12ms);  // the close is executed, the stop is still there
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{0});
  desk.quote(desk.mnq, "20944");  // and now opens a short
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{-10});
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(OrderOfActions, SeveralDecisionsAreWorkedOffTogether) {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}, max_contracts: {max_contracts: 9}"};
  desk.broker.to_broker = 300ms;
  desk.fill(desk.mnq, 10, "21000");  // reduce to 9 …
  desk.quote(desk.mnq, "20940");     // … and then everything
  ASSERT_EQ(desk.decisions.size(), 2U);
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  ASSERT_EQ(desk.receipts.size(), 2U) << "a receipt for each";
  EXPECT_EQ(desk.receipts.at(0).verified_at, desk.receipts.at(1).verified_at);
}

TEST(OrderOfActions, AReductionIsNotRepeatedWhenTheBrokerIsSlowToShowIt) {
  for (const Fault fault :
       {Fault::LateStream, Fault::SilentStream, Fault::LoseAnswer, Fault::ResetBeforeDone, Fault::SlowAnswer}) {
    SCOPED_TRACE(name_of(fault));
    for (const Duration lag : {Duration{0}, Duration{500ms}, Duration{1500ms}}) {
      Desk desk{"max_contracts: {max_contracts: 5}"};
      desk.broker.read_lag = lag;
      desk.broker.remember(desk.now);
      desk.pass(5s);
      desk.fill(desk.mnq, 8, "21000");
      ASSERT_TRUE(desk.settle());
      EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
      desk.broker.fail_next(fault);
      desk.fill(desk.mnq, 3, "21000");
      EXPECT_TRUE(desk.settle());
      EXPECT_EQ(desk.account().held(desk.mnq), Lots{5}) << "never a lot too many";
    }
  }
}

}  // namespace
}  // namespace rm::test
