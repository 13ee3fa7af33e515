// Under an entry lock what is open may be managed and closed, and nothing may grow: increases are taken back to the
// size that was open, entry orders are cancelled, exits stay. A hard lock of a symbol keeps that symbol flat and
// leaves the others alone. All of it goes on after a restart.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kRule = "max_contracts: {max_contracts: 1000}";  // never in the way

// What was heard of rules and locks; prices grow old here without harm.
std::vector<std::string> acts(Desk& desk) {
  std::vector<std::string> heard = desk.heard();
  std::erase_if(heard, [](const std::string& one) { return one.starts_with("alarm"); });
  return heard;
}

bool is_order(const RiskEventBody& event) {
  return std::holds_alternative<OrderUpdated>(event);
}

// Locks come from elsewhere here, as they do after a restart; the desk has been open for a minute.
struct PoliceTest : ::testing::Test {
  Desk desk{kRule, DeskOptions{.free_of_costs = true}};

  Lock lock_of(LockKind kind, std::optional<ContractId> contract = {}, Duration time = 1h) {
    const auto symbol =
        contract ? std::optional<SymbolId>{desk.contracts.at(*contract).symbol} : std::optional<SymbolId>{};
    return Lock{desk.main_account(),        symbol,          kind, "max_contracts", EntriesAtLimit{}, desk.now,
                UntilTime{desk.now + time}, EnforcementId{1}};
  }
  // The lock begins now; what happened before is more than the clocks' difference ago.
  void lock(LockKind kind, std::optional<ContractId> contract = {}, Duration time = 1h) {
    desk.pass(10s);
    desk.engine().restore(lock_of(kind, contract, time));
    desk.publish(TimePassed{});
    desk.pass(10s);
    acts(desk);
  }
  int held(ContractId contract) { return desk.account().held(contract).value(); }
  std::vector<OrderId> working() {
    std::vector<OrderId> ids;
    for (const Order& order : desk.account().working_orders()) ids.push_back(order.id);
    return ids;
  }
  void settle() {
    EXPECT_TRUE(desk.settle());
    desk.pass(5s);
  }
  // The bracket of a filled market entry: stop and target end each other.
  FakeAccount::Bracket bracket(ContractId contract, Side side, int lots, std::string_view at) {
    FakeAccount::Bracket made;
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.set_last(contract, Price::parse(at).value());
      Order entry;
      entry.contract = contract;
      entry.type = OrderType::Limit;
      entry.side = side;
      entry.size = Lots{lots};
      entry.limit_price = Price::parse(at).value();
      const Price away = Price::from_nanos(50'000'000'000 * (side == Side::Buy ? 1 : -1));
      made = account.place_bracket(entry, Price::from_nanos(-away.nanos()), away, desk.now, told);
      account.trade_at(contract, Price::parse(at).value(), desk.now, told);
    });
    return made;
  }
};

// ── increases ──

TEST_F(PoliceTest, AnIncreaseIsTakenBackToTheSizeThatWasOpen) {
  for (const int side : {+1, -1}) {
    Desk fresh{kRule, DeskOptions{.free_of_costs = true}};
    fresh.fill(fresh.mnq, 3 * side, "21000");
    fresh.pass(10s);
    fresh.engine().restore(Lock{fresh.main_account(), std::nullopt, LockKind::Entry, "max_contracts",
                                EntriesAtLimit{}, fresh.now, UntilTime{fresh.now + 1h}, EnforcementId{1}});
    fresh.pass(10s);
    EXPECT_THAT(acts(fresh), IsEmpty()) << "what is open stays open";
    fresh.fill(fresh.mnq, 2 * side, "21001");
    EXPECT_THAT(acts(fresh), ElementsAre("reduce MNQ to 3 because ACTIVITY_WHILE_LOCKED"));
    EXPECT_TRUE(fresh.settle());
    EXPECT_EQ(fresh.account().held(fresh.mnq), Lots{3 * side});
    EXPECT_THAT(fresh.actions(), ElementsAre("partialCloseContract MNQ by 2"));
    EXPECT_EQ(fresh.guard().strikes(), 1U);
  }
}

TEST_F(PoliceTest, ANewPositionIsClosedWhole) {
  desk.fill(desk.mnq, 3, "21000");
  lock(LockKind::Entry);
  desk.fill(desk.es, -2, "6300");
  EXPECT_THAT(acts(desk), ElementsAre("close ES because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(held(desk.es), 0);
  EXPECT_EQ(held(desk.mnq), 3);
}

TEST_F(PoliceTest, AReversalIsClosed) {
  for (const int side : {+1, -1}) {
    SCOPED_TRACE(side);
    const ContractId contract = side > 0 ? desk.mnq : desk.es;
    desk.fill(contract, 2 * side, "6300");
    lock(LockKind::Entry);
    desk.fill(contract, -5 * side, "6300");
    EXPECT_THAT(acts(desk), ElementsAre(HasSubstr("close ")));
    settle();
    EXPECT_EQ(held(contract), 0);
    desk.fill(contract, 2 * side, "6300");
    settle();
    EXPECT_EQ(held(contract), 0) << "nor may what was open before come back";
    desk.run_until(desk.now + 1h);
  }
}

TEST_F(PoliceTest, WhatWasClosedMayNotBeOpenedAgain) {
  desk.fill(desk.mnq, 5, "21000");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, -3, "21000");
  desk.pass(5s);
  EXPECT_THAT(acts(desk), IsEmpty()) << "closing is allowed";
  EXPECT_EQ(held(desk.mnq), 2);
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("reduce MNQ to 2 because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(held(desk.mnq), 2);
  desk.fill(desk.mnq, -2, "21000");
  desk.pass(5s);
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(held(desk.mnq), 0);
}

TEST_F(PoliceTest, TwoContractsHaveTheirOwnSizes) {
  desk.fill(desk.mnq, 4, "21000");
  desk.fill(desk.es, -2, "6300");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.es, -3, "6300");
  EXPECT_THAT(acts(desk), ElementsAre("reduce MNQ to 4 because ACTIVITY_WHILE_LOCKED",
                                      "reduce ES to 2 because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(held(desk.mnq), 4);
  EXPECT_EQ(held(desk.es), -2);
}

TEST_F(PoliceTest, EachIncreaseIsAStrikeAndItsOtherFillsAreNot) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  Order wanted;
  wanted.contract = desk.mnq;
  wanted.type = OrderType::Market;
  wanted.side = Side::Buy;
  wanted.size = Lots{3};
  OrderId order;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { order = account.place(wanted, desk.now, told); });
  for (int i = 0; i < 3; ++i) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(order, Lots{1}, Price::parse("21000").value(), desk.now, told);
    });
  }
  EXPECT_EQ(desk.guard().strikes(), 1U) << "an order in three parts is one";
  settle();
  EXPECT_EQ(held(desk.mnq), 2);
  for (std::uint32_t strike = 2; strike <= 4; ++strike) {
    desk.fill(desk.mnq, 1, "21000");
    EXPECT_EQ(desk.decisions.back().violations.back().reason,
              (Reason{ContractActivityWhileLocked{desk.mnq, strike}}));
    settle();
    EXPECT_EQ(held(desk.mnq), 2);
  }
  EXPECT_EQ(desk.guard().strikes(), 4U);
}

TEST_F(PoliceTest, ASecondIncreaseWhileTheFirstIsTakenBackIsTakenBackToo) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, 1, "21000");
  desk.pass(3ms);
  desk.fill(desk.mnq, 4, "21000");
  settle();
  EXPECT_EQ(held(desk.mnq), 2);
}

TEST_F(PoliceTest, TheEndOfTheLockAllowsEverythingAgain) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry, {}, 1min);
  desk.fill(desk.mnq, 1, "21000");
  settle();
  acts(desk);
  desk.pass(1min);
  EXPECT_THAT(acts(desk), ElementsAre("unlock max_contracts"));
  EXPECT_EQ(desk.guard().strikes(), 0U);
  desk.fill(desk.mnq, 5, "21000");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(5s);
  EXPECT_THAT(acts(desk), IsEmpty());
  EXPECT_EQ(held(desk.mnq), 7);
  lock(LockKind::Entry);
  EXPECT_EQ(held(desk.mnq), 7) << "the next lock begins with what is open then";
}

TEST_F(PoliceTest, WhatTheTraderCannotDoTheClockCannotEither) {
  // A quote, a reconnect and a read are no activity.
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  desk.quote(desk.mnq, "20000");
  desk.disconnect();
  desk.pass(10s);
  desk.connect();
  desk.pass(2min);
  EXPECT_THAT(acts(desk), ::testing::Not(Contains(HasSubstr("because"))));
  EXPECT_EQ(held(desk.mnq), 2);
  EXPECT_EQ(desk.guard().strikes(), 0U);
}

TEST_F(PoliceTest, AnIncreaseThatTheStreamHidIsFoundByTheRead) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.mnq, 3, "21000");
  desk.broker.lose = nullptr;
  desk.pass(2min);
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(held(desk.mnq), 2);
}

// ── orders ──

TEST_F(PoliceTest, EntryOrdersAreCancelledExitsStay) {
  desk.fill(desk.mnq, 3, "21000");
  desk.fill(desk.es, -2, "6300");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20900");
  const OrderId target = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 3, "21100");
  const OrderId cover = desk.order(desk.es, OrderType::Stop, Side::Buy, 2, "6400");
  lock(LockKind::Entry);
  EXPECT_THAT(desk.actions(), IsEmpty());
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20950");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6250");
  desk.order(desk.nq, OrderType::Limit, Side::Sell, 1, "22000");
  const OrderId part = desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  settle();
  EXPECT_THAT(working(), ElementsAre(stop, target, cover, part));
  EXPECT_EQ(desk.guard().strikes(), 3U);
  EXPECT_EQ(held(desk.mnq), 3);
  EXPECT_EQ(held(desk.es), -2);
}

TEST_F(PoliceTest, ATargetLargerThanThePositionCouldOpenAStopStillProtects) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 3, "21100");
  const OrderId fits = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 2, "21200");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20900");
  settle();
  EXPECT_THAT(working(), ElementsAre(fits, stop));
}

TEST_F(PoliceTest, AStopThatIsTooLargeAfterAPartialExitStays) {
  desk.fill(desk.mnq, 3, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20900");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, -1, "21000");
  desk.pass(5s);
  EXPECT_THAT(working(), ElementsAre(stop)) << "else the two that are left stood without protection";
  desk.quote(desk.mnq, "20899");  // it fills with three: one too many
  settle();
  EXPECT_EQ(held(desk.mnq), 0) << "and what it turned around is closed";
}

TEST_F(PoliceTest, ABracketRunsToItsEndWithoutAStrike) {
  for (const bool target : {true, false}) {
    SCOPED_TRACE(target);
    const auto legs = bracket(desk.mnq, Side::Buy, 2, "21000");
    lock(LockKind::Entry, {}, 1min);
    EXPECT_THAT(working(), ElementsAre(legs.stop, legs.target));
    desk.quote(desk.mnq, target ? "21050" : "20950");
    desk.pass(30s);
    EXPECT_EQ(held(desk.mnq), 0);
    EXPECT_THAT(working(), IsEmpty());
    EXPECT_EQ(desk.guard().strikes(), 0U);
    EXPECT_THAT(desk.actions(), IsEmpty()) << "the broker ends the other leg by itself";
    desk.run_until(desk.now + 2min);
  }
}

TEST_F(PoliceTest, ABracketThatExitsInPartsKeepsItsLegs) {
  const auto legs = bracket(desk.mnq, Side::Buy, 3, "21000");
  lock(LockKind::Entry);
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.fill_part(legs.target, Lots{1}, Price::parse("21050").value(), desk.now, told);
  });
  desk.pass(30s);
  EXPECT_THAT(acts(desk), IsEmpty());
  EXPECT_THAT(working(), ElementsAre(legs.stop, legs.target));
  EXPECT_EQ(desk.guard().strikes(), 0U);
}

TEST_F(PoliceTest, AnExitOrderLeftWithoutItsPositionIsCancelledAfterAMoment) {
  desk.fill(desk.mnq, 2, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20900");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, -2, "21000");
  desk.pass(499ms);
  EXPECT_THAT(acts(desk), IsEmpty()) << "the broker may be ending it";
  desk.pass(1ms);
  EXPECT_THAT(acts(desk),
              ElementsAre("cancel order " + std::to_string(stop.value()) + " because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(PoliceTest, AnEntryOrderBesideAFreshExitIsCancelledAtOnce) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry);
  desk.fill(desk.mnq, -2, "21000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 2, "20900");
  EXPECT_THAT(acts(desk), ElementsAre(HasSubstr("cancel order")));
}

TEST_F(PoliceTest, AnEntryWithABracketGoesWhole) {
  lock(LockKind::Entry);
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    Order entry;
    entry.contract = desk.mnq;
    entry.type = OrderType::Limit;
    entry.side = Side::Buy;
    entry.size = Lots{2};
    entry.limit_price = Price::parse("20000").value();
    account.place_bracket(entry, Price::parse("-50").value(), Price::parse("50").value(), desk.now, told);
  });
  EXPECT_EQ(desk.guard().strikes(), 1U) << "its children only wait for it";
  settle();
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(PoliceTest, AMarketOrderThatDoesNotFillIsCancelledAfterAMoment) {
  lock(LockKind::Entry);
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    Order order;
    order.contract = desk.mnq;
    order.type = OrderType::Market;
    order.side = Side::Buy;
    order.size = Lots{1};
    account.place(order, desk.now, told);
  });
  desk.pass(499ms);
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.pass(1ms);
  EXPECT_THAT(acts(desk), ElementsAre(HasSubstr("cancel order")));
  settle();
  EXPECT_TRUE(desk.account().flat());
}

// ── entries of one symbol ──

TEST_F(PoliceTest, AnEntryLockOfASymbolLeavesTheOthersAlone) {
  desk.fill(desk.mnq, 2, "21000");
  lock(LockKind::Entry, desk.mnq);
  desk.fill(desk.es, 3, "6300");
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(5s);
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("reduce MNQ to 2 because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(held(desk.es), 3);
}

// ── hard locks of one symbol ──

TEST_F(PoliceTest, AHardLockOfASymbolKeepsItFlatAndLeavesTheOthersAlone) {
  desk.fill(desk.es, 2, "6300");
  lock(LockKind::Hard, desk.mnq);
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  for (std::uint32_t strike = 1; strike <= 2; ++strike) {
    desk.fill(desk.mnq, strike == 1 ? 2 : -2, "21000");
    EXPECT_THAT(acts(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
    settle();
    EXPECT_EQ(held(desk.mnq), 0);
    EXPECT_EQ(desk.guard().strikes(), strike);
  }
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20000");
  EXPECT_THAT(acts(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
  settle();
  EXPECT_EQ(desk.guard().strikes(), 3U);
  EXPECT_EQ(held(desk.es), 2);
  EXPECT_THAT(working(), SizeIs(1));
}

TEST_F(PoliceTest, AHardLockOfASymbolClosesWhatIsOpenInIt) {
  desk.fill(desk.mnq, 2, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20900");
  desk.engine().restore(lock_of(LockKind::Hard, desk.mnq));
  desk.pass(1min);
  settle();
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(PoliceTest, WhatIsHardLockedIsNotCountedAsAnEntryToo) {
  lock(LockKind::Entry);
  lock(LockKind::Hard, desk.mnq);
  desk.broker.lose = is_order;  // else its order is found first, and what undoes that covers the fill
  desk.fill(desk.mnq, 1, "21000");
  ASSERT_THAT(desk.decisions, SizeIs(1));
  EXPECT_THAT(desk.decisions.back().violations, SizeIs(1));
  EXPECT_EQ(desk.guard().strikes(), 1U);
  settle();
  EXPECT_EQ(held(desk.mnq), 0);
}

// ── locks one over the other ──

TEST_F(PoliceTest, WhatAHardLockClosedMayNotComeBackUnderTheEntryLock) {
  desk.fill(desk.mnq, 3, "21000");
  lock(LockKind::Entry, {}, 1h);
  lock(LockKind::Hard, {}, 1min);
  settle();
  EXPECT_EQ(held(desk.mnq), 0);
  desk.pass(2min);
  acts(desk);
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
}

TEST_F(PoliceTest, NorWithAFillThatIsTheFirstThatIsHeardBehindTheHardLock) {
  desk.fill(desk.mnq, 3, "21000");
  lock(LockKind::Entry, {}, 1h);
  lock(LockKind::Hard, {}, 1min);
  settle();
  acts(desk);
  desk.broker.lose = is_order;
  desk.now = desk.now + 1min;  // no deadline has fired
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(acts(desk), Contains("close MNQ because ACTIVITY_WHILE_LOCKED"));
}

TEST_F(PoliceTest, WhatAHardSymbolLockClosedMayNotComeBackUnderTheEntryLock) {
  desk.fill(desk.mnq, 3, "21000");
  lock(LockKind::Entry, {}, 1h);
  lock(LockKind::Hard, desk.mnq, 1min);
  settle();
  EXPECT_EQ(held(desk.mnq), 0);
  desk.pass(2min);
  acts(desk);
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
}

// ── restart ──

// A fresh desk at 09:40 whose broker has the fills of this morning; the entry lock began at 09:35.
struct RestartTest : ::testing::Test {
  Desk desk{kRule, DeskOptions{.connect = false, .free_of_costs = true}};
  FakeAccount::Told untold;

  void at(std::string_view time, ContractId contract, int lots) { at(chicago(time), contract, lots); }
  void at(BrokerTime time, ContractId contract, int lots) {
    desk.now = time;
    desk.account().set_last(contract, Price::parse("6300").value());
    desk.account().market_order(contract, Lots{lots}, desk.now, untold);
  }
  void order(ContractId contract, Side side, int lots, OrderType type) {
    Order wanted;
    wanted.contract = contract;
    wanted.type = type;
    wanted.side = side;
    wanted.size = Lots{lots};
    (type == OrderType::Stop ? wanted.stop_price : wanted.limit_price) = Price::parse("6000").value();
    desk.account().place(wanted, desk.now, untold);
  }
  void restart() {
    desk.now = chicago("09:40:00");
    desk.engine().restore(Lock{desk.main_account(), std::nullopt, LockKind::Entry, "max_contracts", EntriesAtLimit{},
                               chicago("09:35:00"), UntilTime{chicago("10:05:00")}, EnforcementId{1}});
    desk.connect();
    desk.pass(1min);
    EXPECT_TRUE(desk.settle());
  }
  int held(ContractId contract) { return desk.account().held(contract).value(); }
};

TEST_F(RestartTest, WhatWasOpenWhenTheLockBeganStays) {
  at("09:31:00", desk.mnq, 3);
  at("09:34:59", desk.es, -2);
  at("09:35:00", desk.mnq, 1);  // set it off
  restart();
  EXPECT_THAT(desk.decisions, IsEmpty());
  EXPECT_EQ(held(desk.mnq), 4);
  EXPECT_EQ(held(desk.es), -2);
  desk.fill(desk.mnq, 1, "6300");
  EXPECT_THAT(acts(desk), ElementsAre("reduce MNQ to 4 because ACTIVITY_WHILE_LOCKED"));
}

TEST_F(RestartTest, WhatGrewWhileNobodyLookedIsTakenBack) {
  at("09:31:00", desk.mnq, 3);
  at("09:37:00", desk.mnq, 2);
  at("09:38:00", desk.es, -1);
  restart();
  EXPECT_EQ(held(desk.mnq), 3);
  EXPECT_EQ(held(desk.es), 0);
}

TEST_F(RestartTest, WhatGrewRightBehindTheLockIsTakenBackToo) {
  at("09:35:00", desk.mnq, 3);
  at("09:35:00.001", desk.mnq, 2);
  at("09:35:01", desk.es, -1);
  restart();
  EXPECT_EQ(held(desk.mnq), 3);
  EXPECT_EQ(held(desk.es), 0);
}

TEST_F(RestartTest, TheOrderThatSetItOffMayHaveFilledToItsEnd) {
  Order wanted;
  wanted.contract = desk.mnq;
  wanted.type = OrderType::Market;
  wanted.side = Side::Buy;
  wanted.size = Lots{3};
  const OrderId order = desk.account().place(wanted, chicago("09:35:00"), untold);
  desk.account().fill_part(order, Lots{1}, Price::parse("6300").value(), chicago("09:35:00"), untold);
  desk.account().fill_part(order, Lots{2}, Price::parse("6300").value(), chicago("09:35:00.5"), untold);
  at("09:35:01", desk.mnq, 1);
  restart();
  EXPECT_EQ(held(desk.mnq), 3);
}

TEST_F(RestartTest, WhatWasClosedAndOpenedAgainMeanwhileIsClosed) {
  at("09:31:00", desk.mnq, 3);
  at("09:36:00", desk.mnq, -2);
  at("09:37:00", desk.mnq, 2);
  at("09:31:00", desk.es, 2);
  at("09:36:00", desk.es, -5);  // turned around
  restart();
  EXPECT_EQ(held(desk.mnq), 1);
  EXPECT_EQ(held(desk.es), 0);
}

TEST_F(RestartTest, APositionOfBeforeTheDayMayStay) {
  at(chicago("09:31:00") - 24h, desk.mnq, 3);  // the history of the day does not have it
  restart();
  EXPECT_EQ(held(desk.mnq), 3);
  desk.fill(desk.mnq, -1, "6300");
  desk.pass(5s);
  desk.fill(desk.mnq, 1, "6300");
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(held(desk.mnq), 2);
}

TEST_F(RestartTest, EntryOrdersOfMeanwhileGoExitsStay) {
  at("09:31:00", desk.mnq, 3);
  order(desk.mnq, Side::Sell, 3, OrderType::Stop);
  order(desk.mnq, Side::Buy, 1, OrderType::Limit);
  order(desk.es, Side::Buy, 1, OrderType::Limit);
  restart();
  const auto left = desk.account().working_orders();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].type, OrderType::Stop);
}

TEST_F(RestartTest, TheLockEndsWhenItWouldHave) {
  restart();
  desk.run_until(chicago("10:04:59.999"));
  EXPECT_THAT(desk.ended_locks, IsEmpty());
  desk.run_until(chicago("10:05:00"));
  EXPECT_THAT(desk.ended_locks, SizeIs(1));
}

}  // namespace
}  // namespace rm::test
