// create_stop: a stop is placed where a rule wants one and there is none, once, for the whole position; lost, late
// and refused answers; locks, enforcements, restarts; and what becomes of it when the position changes.
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

constexpr const char* kCreate = "trade_management: {auto_breakeven: {trigger_ticks: 20}, create_stop: true}";

struct Placing {
  explicit Placing(const std::string& more = {}, DeskOptions options = {}) : desk{kCreate + more, options} {}

  void win() {  // long 2 MNQ at 21000, and 20 ticks of profit
    desk.fill(desk.mnq, 2, "21000");
    desk.quote(desk.mnq, "21005");
  }
  std::vector<std::string> stops() {
    std::vector<std::string> list;
    for (const Order& order : desk.account().working_orders()) {
      if (order.stop_price)
        list.push_back((order.side == Side::Sell ? "sell " : "buy ") + std::to_string(order.remaining().value()) +
                       " at " + order.stop_price->text());
    }
    return list;
  }
  OrderId only_order() { return desk.account().working_orders().at(0).id; }
  std::vector<std::string> placed() {
    std::vector<std::string> list;
    for (const std::string& action : desk.actions()) {
      if (action.starts_with("place ")) list.push_back(action);
    }
    return list;
  }
  Desk desk;
};
struct StopPlacerTest : ::testing::Test, Placing {};

TEST_F(StopPlacerTest, AWishThatHasToWaitIsToldOnceAndWhenItBegins) {
  win();
  EXPECT_THAT(placed(), IsEmpty()) << "the working orders are read first";
  for (const char* last : {"21006", "21007", "21006"}) desk.quote(desk.mnq, last);
  EXPECT_THAT(desk.tightenings, SizeIs(4)) << "the rule wants it at every price";
  EXPECT_THAT(desk.taken_up, SizeIs(1));
  desk.pass(1s);
  EXPECT_THAT(placed(), SizeIs(1));
  EXPECT_THAT(desk.taken_up, SizeIs(1));
}

TEST_F(StopPlacerTest, PlacesOneForTheWholePosition) {
  win();
  desk.pass(1s);
  EXPECT_THAT(desk.actions(), ElementsAre("place stop MNQ sell 2 at 21000"));
  EXPECT_THAT(stops(), ElementsAre("sell 2 at 21000"));
  for (const char* last : {"21006", "21007", "21005"}) desk.quote(desk.mnq, last);
  desk.pass(1min);
  EXPECT_THAT(placed(), SizeIs(1)) << "it is there";
  EXPECT_THAT(desk.taken_up, SizeIs(1));
  EXPECT_THAT(desk.decisions, IsEmpty());
  EXPECT_THAT(desk.heard(), ::testing::Each(::testing::StartsWith("alarm")));
}

TEST(StopPlacer, TheStopIsMovedAfterwardsLikeAnyOther) {
  Desk trailing{"trade_management: {trailing_stop: {activation_ticks: 20, distance_ticks: 8}, create_stop: true}"};
  trailing.fill(trailing.mnq, -1, "21000");
  trailing.quote(trailing.mnq, "20995");
  trailing.pass(2s);
  trailing.quote(trailing.mnq, "20990");
  trailing.pass(2s);
  const OrderId stop = trailing.account().working_orders().at(0).id;
  EXPECT_THAT(trailing.actions(),
              ElementsAre("place stop MNQ buy 1 at 20997", "modify " + std::to_string(stop.value()) + " to 20992"));
}

TEST_F(StopPlacerTest, LooksAtTheBrokersOrdersBeforeTheFirstOfAConnectionAndOnlyThen) {
  desk.broker.lose = [](const RiskEventBody& body) { return std::holds_alternative<OrderUpdated>(body); };
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20990");  // the stream never tells
  desk.broker.lose = nullptr;
  win();
  desk.pass(1s);
  EXPECT_THAT(placed(), IsEmpty());
  EXPECT_THAT(stops(), ElementsAre("sell 2 at 21000")) << "the one that was found is moved";
  const auto before = desk.sent().size();
  desk.cancel_orders(desk.mnq);
  desk.pass(1s);
  EXPECT_THAT(placed(), SizeIs(1));
  EXPECT_EQ(desk.sent().size(), before + 1) << "no further look";
}

TEST_F(StopPlacerTest, ThereIsOneInTheEndWhateverHappensToARequest) {
  for (const Fault fault : kAllFaults) {
    for (const std::size_t which : {1, 2, 3}) {  // the look, the placement, what follows it
      SCOPED_TRACE(std::string{name_of(fault)} + " " + std::to_string(which));
      Placing again;
      again.desk.broker.faults[again.desk.broker.sent.size() + which] = fault;
      again.win();
      for (int i = 0; i < 60; ++i) {
        again.desk.quote(again.desk.mnq, i % 2 ? "21005.25" : "21005");
        again.desk.pass(333ms);
        EXPECT_LE(again.stops().size(), 1U);
      }
      EXPECT_THAT(again.stops(), ElementsAre("sell 2 at 21000"));
    }
  }
}

TEST_F(StopPlacerTest, ALostAnswerIsNoReasonForASecond) {
  desk.broker.faults[desk.broker.sent.size() + 2] = Fault::LoseAnswer;
  win();
  for (int i = 0; i < 30; ++i) {
    desk.quote(desk.mnq, i % 2 ? "21005.25" : "21005");
    desk.pass(333ms);
  }
  EXPECT_THAT(placed(), SizeIs(1));
}

TEST_F(StopPlacerTest, ALostRequestIsLookedForByReadsBeforeItIsAskedAgainWithAnotherTag) {
  desk.broker.faults[desk.broker.sent.size() + 2] = Fault::LoseRequest;
  win();
  desk.pass(4900ms);  // no answer in 3 s, patience of 2 s
  EXPECT_THAT(placed(), SizeIs(1));
  const auto before = desk.sent().size();
  desk.pass(5s);
  const auto sent = desk.sent();
  EXPECT_THAT(std::vector(sent.begin() + static_cast<std::ptrdiff_t>(before), sent.end()),
              ElementsAre("readWorkingOrders", "readPositions", "place stop MNQ sell 2 at 21000"));
  std::vector<StopTag> tags;
  for (const BrokerRequest& request : desk.broker.sent) {
    if (const auto* stop = std::get_if<PlaceStop>(&request.ask)) tags.push_back(stop->tag);
  }
  ASSERT_THAT(tags, SizeIs(2));
  EXPECT_NE(tags[0], tags[1]);
}

TEST_F(StopPlacerTest, OneThatWasFilledUnseenIsFoundByThePositionsAndNotPlacedAgain) {
  desk.broker.faults[desk.broker.sent.size() + 2] = Fault::SilentStream;
  win();
  desk.pass(200ms);
  ASSERT_THAT(stops(), SizeIs(1));
  desk.broker.stream_up = false;  // the stream hides the fill too
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.trade_at(desk.mnq, price("21000"), desk.now, told);
  });
  desk.broker.stream_up = true;
  desk.quote(desk.mnq, "21005");
  desk.pass(10s);
  desk.quote(desk.mnq, "21005.25");
  desk.pass(10s);
  EXPECT_THAT(placed(), SizeIs(1));
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(StopPlacerTest, ARefusalIsTriedAgainLaterAndLater) {
  desk.broker.refuse_next(2, "OrderRejected", 3);
  win();
  desk.pass(200ms);
  EXPECT_THAT(placed(), SizeIs(1));
  desk.quote(desk.mnq, "21005.25");
  EXPECT_THAT(placed(), SizeIs(1)) << "prices do not hurry it";
  desk.pass(10s);
  EXPECT_THAT(placed(), SizeIs(4));
  EXPECT_THAT(stops(), ElementsAre("sell 2 at 21000"));
}

TEST_F(StopPlacerTest, NotOnTheWrongSideOfTheMarket) {
  desk.broker.refuse_next(2, "OrderRejected", 1);
  win();
  desk.pass(100ms);
  desk.quote(desk.mnq, "21000");  // where the stop was to be
  desk.pass(10s);
  EXPECT_THAT(placed(), SizeIs(1));
  desk.quote(desk.mnq, "21000.25");
  desk.pass(1s);
  EXPECT_THAT(placed(), SizeIs(1)) << "what was wanted then is forgotten";
}

TEST_F(StopPlacerTest, WhateverStopThereIsNoneIsAdded) {
  const struct {
    OrderType type;
    Side side;
    OrderStatus status;
    bool mini, placed;
  } cases[] = {
      {OrderType::Stop, Side::Sell, OrderStatus::Open, false, false},
      {OrderType::StopLimit, Side::Sell, OrderStatus::Open, false, false},
      {OrderType::TrailingStop, Side::Sell, OrderStatus::Open, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Suspended, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Pending, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::PendingCancellation, false, false},
      {OrderType::Stop, Side::Buy, OrderStatus::Open, false, true},
      {OrderType::Stop, Side::Sell, OrderStatus::Open, true, true},
      {OrderType::Limit, Side::Sell, OrderStatus::Open, false, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::to_string(static_cast<int>(c.type)) + " " + std::to_string(static_cast<int>(c.status)));
    Placing at;
    Order order;
    order.contract = c.mini ? at.desk.nq : at.desk.mnq;
    order.type = c.type;
    order.side = c.side;
    order.status = c.status;
    order.size = Lots{1};  // covers less than the position: it is moved, nothing is added
    (c.type == OrderType::Limit ? order.limit_price : order.stop_price) =
        price(c.type == OrderType::Limit || c.side == Side::Buy ? "21050" : "20950");
    at.desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.place(order, at.desk.now, told); });
    at.win();
    at.desk.pass(10s);
    EXPECT_THAT(at.placed(), SizeIs(c.placed ? 1 : 0));
  }
}

TEST_F(StopPlacerTest, NothingWhileAHardLockHoldsButUnderAnEntryLock) {
  for (const LockKind kind : {LockKind::Hard, LockKind::Entry}) {
    for (const bool account_wide : {true, false}) {
      for (const bool other : {true, false}) {
        if (account_wide && other) continue;
        SCOPED_TRACE(std::to_string(static_cast<int>(kind)) + (account_wide ? " account" : " symbol"));
        Placing at;
        at.desk.broker.halted = true;
        at.desk.fill(at.desk.mnq, 2, "21000");
        Lock lock;
        lock.account = at.desk.main_account();
        lock.kind = kind;
        if (!account_wide) lock.symbol = at.desk.contracts.at(other ? at.desk.es : at.desk.mnq).symbol;
        lock.rule = "daily_loss";
        lock.since = at.desk.now;
        lock.until = UntilTime{at.desk.now + 1h};
        at.desk.book().locks().add(lock);
        at.desk.publish(QuoteUpdated{at.desk.mnq, price("21005"), {}, {}});
        at.desk.pass(10s);
        EXPECT_THAT(at.placed(), SizeIs(kind == LockKind::Entry || other ? 1 : 0));
      }
    }
  }
}

TEST_F(StopPlacerTest, NothingWhileAnEnforcementIsUnderWayOnTheAccount) {
  Placing at{", max_contracts_per_instrument: {limits: {ES: 1}}"};
  at.desk.broker.halted = true;  // it cannot be served
  at.desk.fill(at.desk.es, 2, "6300");
  ASSERT_THAT(at.desk.decisions, SizeIs(1));
  at.win();
  at.desk.pass(5s);
  EXPECT_FALSE(at.desk.tightenings.empty()) << "it is wanted";
  EXPECT_THAT(at.placed(), IsEmpty());
  at.desk.broker.halted = false;
  ASSERT_TRUE(at.desk.settle());
  at.desk.quote(at.desk.mnq, "21005.25");
  at.desk.pass(2s);
  EXPECT_THAT(at.placed(), ElementsAre("place stop MNQ sell 2 at 21000"));
}

TEST_F(StopPlacerTest, NothingWhileTheStreamIsDownNorJustAfterItCameBack) {
  desk.disconnect();
  win();
  desk.pass(5s);
  EXPECT_THAT(placed(), IsEmpty());
  desk.connect();
  desk.pass(500ms);
  desk.quote(desk.mnq, "21005");
  desk.pass(1s);
  EXPECT_THAT(placed(), IsEmpty()) << "what was placed meanwhile may not be shown yet";
  desk.pass(2s);
  EXPECT_THAT(placed(), SizeIs(1));
}

TEST_F(StopPlacerTest, AWishIsForThePositionAsItWas) {
  desk.broker.refuse_next(2, "OrderRejected", 1);
  win();
  desk.pass(50ms);
  desk.pass(100ms);
  ASSERT_THAT(placed(), SizeIs(1));
  desk.fill(desk.mnq, -2, "21005");
  desk.fill(desk.mnq, 2, "21004");  // as large, but not 20 ticks ahead
  desk.pass(10s);
  EXPECT_THAT(placed(), SizeIs(1));
}

TEST_F(StopPlacerTest, TagsAreTakenOnceAlsoInOneInstantAndAfterARestart) {
  const auto tags = [](Desk& at) {
    std::vector<std::int64_t> list;
    for (const BrokerRequest& request : at.broker.sent) {
      if (const auto* stop = std::get_if<PlaceStop>(&request.ask)) list.push_back(stop->tag.value());
    }
    return list;
  };
  desk.fill(desk.mnq, 2, "21000");
  desk.fill(desk.es, 1, "6300");
  desk.quote(desk.mnq, "21005");
  desk.quote(desk.es, "6305");
  desk.pass(1s);
  const auto here = tags(desk);
  ASSERT_THAT(here, SizeIs(2));
  EXPECT_LT(here[0], here[1]);
  Placing later{"", DeskOptions{.begin = desk.now + 1s}};
  later.win();
  later.desk.pass(1s);
  ASSERT_THAT(tags(later.desk), SizeIs(1));
  EXPECT_LT(here[1], tags(later.desk)[0]) << "with nothing stored";
}

TEST_F(StopPlacerTest, NothingWhileAnExitOrderSaysThatItWasFilledAndItsTradeIsAwaited) {
  desk.fill(desk.mnq, 2, "21000");
  const OrderId exit = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 2, "21006");
  Order filled = *desk.book().orders().find(exit);
  filled.status = OrderStatus::Filled;
  filled.filled = filled.size;
  desk.publish(OrderUpdated{filled});
  desk.publish(QuoteUpdated{desk.mnq, price("21005"), {}, {}});
  desk.pass(200ms);
  EXPECT_FALSE(desk.tightenings.empty());
  EXPECT_THAT(placed(), IsEmpty());
}

// ── what becomes of it ──

TEST_F(StopPlacerTest, WhenThePositionIsClosedTheStopIsCancelled) {
  win();
  desk.pass(1s);
  const OrderId stop = only_order();
  desk.fill(desk.mnq, -2, "21006");
  desk.pass(1s);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.actions().back(), "cancel " + std::to_string(stop.value()));
}

TEST_F(StopPlacerTest, WhenThePositionIsTurnedAroundTheStopIsCancelled) {
  win();
  desk.pass(1s);
  desk.fill(desk.mnq, -5, "21006");
  desk.pass(1s);
  EXPECT_THAT(stops(), IsEmpty());
}

TEST_F(StopPlacerTest, AStopOfTheTraderIsLeftWhereItIs) {
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20990");
  desk.fill(desk.mnq, -2, "21006");
  desk.pass(10s);
  EXPECT_THAT(stops(), SizeIs(1));
  EXPECT_THAT(desk.actions(), IsEmpty());
}

TEST_F(StopPlacerTest, WhenThePositionShrinksTheStopDoes) {
  win();
  desk.pass(1s);
  desk.fill(desk.mnq, -1, "21006");
  desk.pass(400ms);
  EXPECT_THAT(stops(), ElementsAre("sell 2 at 21000")) << "an order that is being filled looks too large as well";
  desk.pass(2s);
  EXPECT_THAT(stops(), ElementsAre("sell 1 at 21000"));
  desk.quote(desk.mnq, "21000");  // it is hit
  desk.pass(2s);
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(StopPlacerTest, AStopThatTheTraderAddsTakesItsPlace) {
  for (const int lots : {1, 2, 3}) {
    SCOPED_TRACE(lots);
    Placing at;
    at.win();
    at.desk.pass(1s);
    at.desk.order(at.desk.mnq, OrderType::Stop, Side::Sell, lots, "21000");
    at.desk.pass(3s);
    const std::string theirs = "sell " + std::to_string(lots) + " at 21000";
    if (lots == 1) {
      EXPECT_THAT(at.stops(), ElementsAre("sell 1 at 21000", theirs));
    } else {
      EXPECT_THAT(at.stops(), ElementsAre(theirs)) << "together they would sell more than is held";
    }
  }
}

TEST_F(StopPlacerTest, OfTwoOfItsOwnTheOlderOneStays) {
  win();
  desk.pass(1s);
  const OrderId stop = only_order();
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.place_stop(PlaceStop{desk.mnq, Side::Sell, Lots{2}, price("21000"), StopTag{77}}, desk.now, told);
  });
  desk.pass(3s);
  EXPECT_THAT(stops(), SizeIs(1));
  EXPECT_EQ(only_order(), stop);
}

TEST_F(StopPlacerTest, AStopThatFillsInPartsIsLeftAlone) {
  win();
  desk.pass(1s);
  const OrderId stop = only_order();
  const auto before = desk.actions().size();
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(stop, Lots{1}, price("21000"), desk.now, told);
  });
  desk.pass(2s);
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(stop, Lots{1}, price("21000"), desk.now, told);
  });
  desk.pass(2s);
  EXPECT_EQ(desk.actions().size(), before);
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(StopPlacerTest, OneThatIsFilledInPartShrinksByWhatIsLeftOfIt) {
  desk.fill(desk.mnq, 3, "21000");
  desk.quote(desk.mnq, "21005");
  desk.pass(1s);
  const OrderId stop = only_order();
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(stop, Lots{1}, price("21000.25"), desk.now, told);
  });
  desk.fill(desk.mnq, -1, "21005");
  desk.pass(2s);
  EXPECT_EQ(desk.actions().back(), "modify " + std::to_string(stop.value()) + " to 2 lots");
  EXPECT_THAT(stops(), ElementsAre("sell 1 at 21000"));
}

TEST_F(StopPlacerTest, NothingIsCancelledOnTheWordOfAPositionMessageAlone) {
  win();
  desk.pass(1s);
  desk.publish(PositionUpdated{Position{desk.main_account(), desk.mnq, Lots{1}, price("21000"), desk.now}});
  desk.pass(450ms);  // no fill says so
  desk.publish(PositionUpdated{Position{desk.main_account(), desk.mnq, Lots{2}, price("21000"), desk.now}});
  desk.pass(3s);
  EXPECT_THAT(desk.actions(), SizeIs(1));
  EXPECT_THAT(stops(), ElementsAre("sell 2 at 21000"));
}

TEST_F(StopPlacerTest, OneThatArrivesWhenThePositionIsGoneIsCancelled) {
  desk.broker.to_broker = 500ms;
  win();
  desk.pass(700ms);  // looked, and asked
  ASSERT_THAT(placed(), SizeIs(1));
  desk.fill(desk.mnq, -2, "21006");
  desk.pass(3s);
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(StopPlacerTest, TheCancelReachesItWhateverHappensToARequest) {
  for (const Fault fault : kAllFaults) {
    SCOPED_TRACE(name_of(fault));
    Placing again;
    again.win();
    again.desk.pass(1s);
    again.desk.broker.fail_next(fault);
    again.desk.fill(again.desk.mnq, -2, "21006");
    again.desk.pass(20s);
    EXPECT_TRUE(again.desk.account().flat());
  }
}

TEST_F(StopPlacerTest, AnEnforcementThatFlattensCancelsItItself) {
  Placing at{", max_contracts: {max_contracts: 2, on_breach: flatten}"};
  at.win();
  at.desk.pass(1s);
  at.desk.fill(at.desk.mnq, 1, "21005");
  EXPECT_TRUE(at.desk.settle());
  at.desk.pass(5s);
  EXPECT_TRUE(at.desk.account().flat());
  const auto actions = at.desk.actions();
  EXPECT_EQ(std::ranges::count_if(actions, [](const std::string& a) { return a.starts_with("cancel"); }), 1);
}

// ── a restart ──

struct Restarted : ::testing::Test, Placing {
  Restarted() : Placing{"", DeskOptions{.connect = false}} {}
  void before(int lots, bool with_stop) {
    desk.broker.stream_up = false;
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.set_last(desk.mnq, price("21005"));
      if (lots != 0) account.market_order(desk.mnq, Lots{lots}, desk.now, told);
      if (with_stop)
        account.place_stop(PlaceStop{desk.mnq, Side::Sell, Lots{2}, price("21000"), StopTag{77}}, desk.now, told);
    });
  }
};

TEST_F(Restarted, AStopOfBeforeTheRestartIsNotDoubled) {
  before(2, true);
  desk.connect();
  desk.pass(5s);
  desk.quote(desk.mnq, "21010");
  desk.pass(5s);
  EXPECT_THAT(placed(), IsEmpty());
  EXPECT_THAT(stops(), SizeIs(1));
}

// Nothing is asked for until the snapshot is beyond doubt, and by then no rule need want it anew.
TEST_F(Restarted, TheWishIsToldAlthoughItHasToWait) {
  before(2, false);
  desk.connect();
  desk.pass(100ms);
  for (const char* last : {"21010", "21011", "21010"}) desk.quote(desk.mnq, last);
  EXPECT_THAT(placed(), IsEmpty());
  EXPECT_THAT(desk.taken_up, SizeIs(1));
  desk.pass(5s);
  EXPECT_THAT(placed(), SizeIs(1));
  EXPECT_THAT(desk.taken_up, SizeIs(1));
}

TEST_F(Restarted, NorWhenItsRequestWasUnderWayAndTheSnapshotDidNotShowIt) {
  before(2, false);
  desk.connect();
  desk.pass(100ms);
  desk.broker.stream_up = false;  // what was placed before the stream came up is not told
  before(0, true);
  desk.broker.stream_up = true;
  desk.quote(desk.mnq, "21010");
  desk.pass(10s);
  EXPECT_THAT(placed(), IsEmpty());
  EXPECT_THAT(stops(), SizeIs(1));
}

TEST_F(Restarted, AStopThatWasLeftOverIsCancelled) {
  before(0, true);
  desk.connect();
  desk.pass(2s);
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(StopPlacerTest, DoesNothingWhenNothingIsToBeDone) {
  EXPECT_EQ(desk.stop_mover().next_deadline(), std::nullopt);
  win();
  desk.pass(5s);
  EXPECT_EQ(desk.stop_mover().next_deadline(), std::nullopt) << "done: nothing is waited for";
  desk.fill(desk.mnq, -2, "21006");
  desk.pass(5s);
  EXPECT_EQ(desk.stop_mover().next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace rm::test
