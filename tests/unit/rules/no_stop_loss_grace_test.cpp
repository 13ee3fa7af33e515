// no_stop_loss_grace: what covers a position, when the clock starts and stops, the instant at which it is closed, and
// that a stop which is being filled is not a lost stop.
#include <algorithm>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kTenSeconds = "no_stop_loss_grace: {grace: 10s}";
const DeskOptions kQuietMarket{.stale_after = 24h};  // no alarm because no quote comes
const std::string kClosed = "close MNQ because WITHOUT_STOP";

Price price(std::string_view text) {
  return Price::parse(text).value();
}

OrderId place(Desk& desk, Order order) {
  OrderId id;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { id = account.place(order, desk.now, told); });
  return id;
}

Order stop_order(ContractId contract, OrderType type, Side side, int lots, OrderStatus status = OrderStatus::Open) {
  Order order;
  order.contract = contract;
  order.type = type;
  order.side = side;
  order.size = Lots{lots};
  order.status = status;
  order.stop_price = price(side == Side::Sell ? "20000" : "22000");
  return order;
}

TEST(NoStopLossGrace, ClosesAtTheGraceNotAnInstantBefore) {
  Desk all{""};
  const struct {
    ContractId contract;
    int lots;
    const char *price, *closed;
  } cases[] = {
      {all.mnq, +2, "21000", "close MNQ because WITHOUT_STOP"},
      {all.mnq, -2, "21000", "close MNQ because WITHOUT_STOP"},
      {all.es, +1, "6300.25", "close ES because WITHOUT_STOP"},
      {all.es, -1, "6300.25", "close ES because WITHOUT_STOP"},
      {all.jpy, +3, "0.0067255", "close 6J because WITHOUT_STOP"},
      {all.jpy, -3, "0.0067255", "close 6J because WITHOUT_STOP"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string{c.closed} + " " + std::to_string(c.lots));
    Desk desk{kTenSeconds, kQuietMarket};
    desk.fill(c.contract, c.lots, c.price);
    const BrokerTime opened = desk.now;
    desk.run_until(opened + 10s - 1ns);
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.run_until(opened + 10s);
    EXPECT_THAT(desk.heard(), ElementsAre(c.closed));
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
    EXPECT_THAT(desk.book().locks().all(), IsEmpty());
    desk.pass(60s);
    EXPECT_THAT(desk.decisions, SizeIs(1));
  }
}

TEST(NoStopLossGrace, TenSecondsUnlessItSaysOtherwise) {
  Desk desk{"no_stop_loss_grace: {}"};
  desk.fill(desk.mnq, 1, "21000");
  desk.pass(10s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
  EXPECT_THROW(rules_from("no_stop_loss_grace: {grace: -1s}"), std::invalid_argument);
}

TEST(NoStopLossGrace, WithoutGraceItIsClosedAtOnce) {
  Desk desk{"no_stop_loss_grace: {grace: 0s}", kQuietMarket};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, TheReasonHasTheFigures) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, -3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Buy, 2, "21050");
  desk.pass(10s);
  ASSERT_THAT(desk.decisions, SizeIs(1));
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{WithoutStop{desk.mnq, Lots{3}, Lots{2}}}));
}

TEST(NoStopLossGrace, EveryTypeOfStopCoversOnceItIsOpenAndNothingElseDoes) {
  const struct {
    OrderType type;
    Side side;
    OrderStatus status;
    bool mini, covers;
  } cases[] = {
      {OrderType::Stop, Side::Sell, OrderStatus::Open, false, true},
      {OrderType::StopLimit, Side::Sell, OrderStatus::Open, false, true},
      {OrderType::TrailingStop, Side::Sell, OrderStatus::Open, false, true},
      {OrderType::Stop, Side::Sell, OrderStatus::Pending, false, true},
      {OrderType::Stop, Side::Sell, OrderStatus::PendingCancellation, false, true},
      {OrderType::Stop, Side::Sell, OrderStatus::Suspended, false, false},
      {OrderType::Limit, Side::Sell, OrderStatus::Open, false, false},
      {OrderType::Stop, Side::Buy, OrderStatus::Open, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Open, true, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::to_string(static_cast<int>(c.type)) + " " + std::to_string(static_cast<int>(c.status)));
    Desk desk{kTenSeconds, kQuietMarket};
    desk.fill(desk.mnq, 2, "21000");
    place(desk, stop_order(c.mini ? desk.nq : desk.mnq, c.type, c.side, 2, c.status));
    desk.pass(10s);
    EXPECT_THAT(desk.heard(), SizeIs(c.covers ? 0 : 1));
  }
}

TEST(NoStopLossGrace, SizesOfSeveralStopsAreAdded) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20900");
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(NoStopLossGrace, TheClockStartsWhenTheCoverIsLost) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
  desk.pass(60s);
  desk.cancel_orders(desk.mnq);
  desk.pass(10s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, TheClockStartsWhenTheSizeGrowsBeyondTheCoverAndFurtherGrowthDoesNotStartItAgain) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20950");
  desk.pass(60s);
  desk.fill(desk.mnq, 1, "21000");  // as large as the stop
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  desk.pass(6s);
  desk.fill(desk.mnq, 1, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");  // covers a part of it
  desk.pass(4s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, FullCoverStopsTheClockAndTheNextLossHasTheWholeGrace) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 2, "21000");
  for (int i = 0; i < 5; ++i) {
    desk.pass(10s - 1ns);
    desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
    desk.pass(1s);
    desk.cancel_orders(desk.mnq);
  }
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(10s);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, APartThatIsClosedMayBringFullCoverBack) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
  desk.pass(9s);
  desk.fill(desk.mnq, -1, "21000");
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(NoStopLossGrace, APositionThatWasTurnedAroundOrOpenedAgainHasAClockOfItsOwn) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 2, "21000");
  desk.pass(8s);
  desk.fill(desk.mnq, -4, "21000");
  desk.pass(8s);
  desk.fill(desk.mnq, 2, "21000");  // flat
  desk.pass(1s);
  desk.fill(desk.mnq, 1, "21000");
  desk.pass(10s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, OtherContractsAreLeftAlone) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.es, 1, "6300");
  const OrderId stop = desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6250");
  desk.fill(desk.mnq, 2, "21000");
  desk.pass(10s);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.es), Lots{1});
  ASSERT_THAT(desk.account().working_orders(), SizeIs(1));
  EXPECT_EQ(desk.account().working_orders()[0].id, stop);
}

TEST(NoStopLossGrace, ChildrenOfABracketCoverOnceTheyAreOpen) {
  Desk desk{"no_stop_loss_grace: {grace: 5s}", kQuietMarket};
  Order entry;
  entry.contract = desk.mnq;
  entry.type = OrderType::Limit;
  entry.side = Side::Buy;
  entry.size = Lots{2};
  entry.limit_price = price("21000");
  FakeAccount::Bracket bracket;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    bracket = account.place_bracket(entry, price("-50"), price("50"), desk.now, told);
  });
  const auto fill_one = [&] {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(bracket.entry, Lots{1}, price("21000"), desk.now, told);
    });
  };
  fill_one();  // the children still wait
  desk.pass(4s);
  fill_one();  // now they are open
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.cancel(bracket.stop, desk.now, told); });
  desk.pass(5s);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed)) << "the target that is left is no stop";
}

TEST(NoStopLossGrace, SuspendedChildrenOfAPartlyFilledEntryAreNoCover) {
  Desk desk{"no_stop_loss_grace: {grace: 5s}", kQuietMarket};
  Order entry;
  entry.contract = desk.mnq;
  entry.type = OrderType::Limit;
  entry.side = Side::Sell;
  entry.size = Lots{2};
  entry.limit_price = price("21000");
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    const auto bracket = account.place_bracket(entry, price("50"), price("-50"), desk.now, told);
    account.fill_part(bracket.entry, Lots{1}, price("21000"), desk.now, told);
  });
  desk.pass(5s);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

// ── a stop that is being filled; without grace, so that any instant without cover would show ──

struct BeingFilled : ::testing::Test {
  BeingFilled() {
    stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20950");
    desk.fill(desk.mnq, 3, "21000");
    EXPECT_THAT(desk.heard(), IsEmpty());
  }
  // The same messages, those of one kind first.
  template <class First>
  void fill_stop(int lots, bool position_before_trade = false) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.resend_opening_trades = false;
      account.fill_part(stop, Lots{lots}, price("20950"), desk.now, told);
      std::ranges::stable_partition(told, [](const RiskEventBody& e) { return std::holds_alternative<First>(e); });
      if (!position_before_trade) return;
      std::ranges::stable_partition(told,
                                    [](const RiskEventBody& e) { return !std::holds_alternative<TradeExecuted>(e); });
    });
  }
  Desk desk{"no_stop_loss_grace: {grace: 0s}", kQuietMarket};
  OrderId stop;
};

TEST_F(BeingFilled, TheTradeMayComeFirst) {
  fill_stop<TradeExecuted>(1);
  fill_stop<TradeExecuted>(2);
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().gross_size(), Lots{0});
}

TEST_F(BeingFilled, TheOrderMayComeFirst) {
  fill_stop<OrderUpdated>(1);
  fill_stop<OrderUpdated>(2);
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().gross_size(), Lots{0});
}

TEST_F(BeingFilled, OrderAndPositionMayBothComeBeforeTheTrade) {
  fill_stop<OrderUpdated>(1, true);
  fill_stop<OrderUpdated>(2, true);
  desk.pass(60s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().gross_size(), Lots{0});
}

TEST_F(BeingFilled, ATradeThatNeverComesIsNotWaitedForForEver) {
  desk.broker.lose = [](const RiskEventBody& event) {
    return std::holds_alternative<TradeExecuted>(event) || std::holds_alternative<PositionUpdated>(event);
  };
  fill_stop<OrderUpdated>(3);
  desk.pass(1s - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST_F(BeingFilled, ThePositionsOwnMessageIsEnoughWhenTheTradeIsLost) {
  desk.broker.lose = [](const RiskEventBody& event) { return std::holds_alternative<TradeExecuted>(event); };
  fill_stop<OrderUpdated>(1);
  desk.pass(30s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().gross_size(), Lots{2});
}

TEST_F(BeingFilled, ACancelledStopIsLostAtOnce) {
  desk.cancel_orders(desk.mnq);
  EXPECT_THAT(desk.heard(), ElementsAre(kClosed));
}

TEST(NoStopLossGrace, StatusTellsHowManyLotsAreBare) {
  Desk desk{kTenSeconds, kQuietMarket};
  const auto status = [&] { return desk.guard().rules()[0].rule->status(desk.book()); };
  EXPECT_EQ(status().used_percent, 0);
  desk.fill(desk.mnq, 3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  EXPECT_EQ(status().value, "2");
  EXPECT_EQ(status().used_percent, 100);
}

TEST(NoStopLossGrace, AStopThatWasFilledWhileTheStreamWasDownIsNoLostStop) {
  Desk desk{kTenSeconds, kQuietMarket};
  desk.fill(desk.mnq, 1, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  desk.disconnect();
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.trade_at(desk.mnq, price("20950"), desk.now, told);
  });
  desk.pass(30s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().gross_size(), Lots{0});
}

}  // namespace
}  // namespace rm::test
