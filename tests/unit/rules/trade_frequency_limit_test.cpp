// trade_frequency_limit: the number is reached by the entry, not before and not by exits; windows roll; the lock is
// for entries and ends when it was said to; counts and ends are the same after a restart.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const DeskOptions kFree{.free_of_costs = true};

std::vector<std::string> acts(Desk& desk) {
  std::vector<std::string> heard = desk.heard();
  std::erase_if(heard, [](const std::string& one) { return one.starts_with("alarm"); });
  return heard;
}

// In and out again, in this contract: one entry.
void trade(Desk& desk, ContractId contract, int lots = 1) {
  desk.fill(contract, lots, "6300");
  desk.fill(contract, -lots, "6300");
}

TEST(TradeFrequencyLimit, TheEntryThatReachesTheNumberLocksEntries) {
  for (const int side : {+1, -1}) {
    Desk desk{"trade_frequency_limit: {per_minute: 3}", kFree};
    trade(desk, desk.mnq, side);
    trade(desk, desk.jpy, side);
    EXPECT_THAT(acts(desk), IsEmpty()) << "one short of it";
    desk.fill(desk.es, side, "6300");
    EXPECT_THAT(acts(desk),
                ElementsAre("leave open because ENTRIES_AT_LIMIT", "lock account entry until 09:31:00 (60s)"));
    EXPECT_EQ(desk.account().held(desk.es), Lots{side}) << "what is open stays open";
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.es), Lots{side});
    EXPECT_THAT(desk.actions(), IsEmpty());
  }
}

TEST(TradeFrequencyLimit, TheReasonAndTheLockHaveTheFigures) {
  Desk desk{"trade_frequency_limit: {per_hour: 2}", kFree};
  trade(desk, desk.mnq);
  desk.pass(10min);
  desk.fill(desk.mnq, 1, "21000");
  ASSERT_THAT(desk.decisions, SizeIs(1));
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{EntriesAtLimit{EntryWindow::Hour, 2, 2}}));
  const Lock& lock = desk.decisions.at(0).locks.at(0);
  EXPECT_EQ(lock.kind, LockKind::Entry);
  EXPECT_EQ(lock.symbol, std::nullopt);
  EXPECT_EQ(lock.rule, "trade_frequency_limit");
  EXPECT_EQ(lock.until, (LockEnd{UntilTime{chicago("10:10:00")}}));
}

TEST(TradeFrequencyLimit, ExitsAndReductionsAreNotCounted) {
  Desk desk{"trade_frequency_limit: {per_session: 3}", kFree};
  desk.fill(desk.mnq, 6, "21000");
  for (int i = 0; i < 6; ++i) desk.fill(desk.mnq, -1, "21000");
  desk.fill(desk.mnq, -2, "21000");
  EXPECT_THAT(acts(desk), IsEmpty());
}

TEST(TradeFrequencyLimit, IncreasesAndReversalsAreCounted) {
  Desk desk{"trade_frequency_limit: {per_session: 3}", kFree};
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, -5, "21000");
  EXPECT_THAT(acts(desk), Contains("lock account entry until reset"));
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{-3}) << "the entry that reached the number stays";
}

TEST(TradeFrequencyLimit, AllFillsOfOneOrderAreOneEntry) {
  Desk desk{"trade_frequency_limit: {per_session: 2}", kFree};
  const OrderId order = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 4, "21000");
  for (int i = 0; i < 4; ++i) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(order, Lots{1}, Price::parse("21000").value(), desk.now, told);
    });
    desk.pass(1s);
  }
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), Contains(HasSubstr("ENTRIES_AT_LIMIT")));
}

TEST(TradeFrequencyLimit, AMarketOrderThatReachesTheNumberMayFillToItsEnd) {
  Desk desk{"trade_frequency_limit: {per_session: 1}", kFree};
  OrderId order;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    Order wanted;
    wanted.contract = desk.mnq;
    wanted.type = OrderType::Market;
    wanted.side = Side::Sell;
    wanted.size = Lots{3};
    order = account.place(wanted, desk.now, told);
  });
  for (int i = 0; i < 3; ++i) {
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(order, Lots{1}, Price::parse("21000").value(), desk.now, told);
    });
    desk.pass(2ms);
  }
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{-3});
  EXPECT_THAT(desk.actions(), IsEmpty());
  EXPECT_EQ(desk.guard().strikes(), 0U);
  desk.fill(desk.mnq, -1, "21000");
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{-3}) << "that order, not the next one";
}

TEST(TradeFrequencyLimit, AnEntryUnderOneLockThatSetsOffAnotherMayNotFillToItsEnd) {
  Desk desk{"trade_frequency_limit: {per_minute: 2, per_session: 3}", kFree};
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.mnq, 1, "21000");  // the lock of the minute
  EXPECT_TRUE(desk.settle());
  desk.pass(5s);
  acts(desk);
  OrderId order;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    Order wanted;
    wanted.contract = desk.mnq;
    wanted.type = OrderType::Market;
    wanted.side = Side::Buy;
    wanted.size = Lots{3};
    order = account.place(wanted, desk.now, told);
  });
  for (int i = 0; i < 3;
       ++i) {  // its first fill is the third entry of the session; each is taken back before the next
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
      account.fill_part(order, Lots{1}, Price::parse("21000").value(), desk.now, told);
    });
    if (i == 0) {
      EXPECT_THAT(acts(desk), Contains(HasSubstr("lock account entry until reset")));
    }
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  }
}

TEST(TradeFrequencyLimit, TheMinuteRolls) {
  Desk desk{"trade_frequency_limit: {per_minute: 3}", kFree};
  trade(desk, desk.mnq);  // 09:30:00
  desk.run_until(chicago("09:30:20"));
  trade(desk, desk.mnq);
  desk.run_until(chicago("09:31:00"));  // the first is a minute old: it counts no more
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.run_until(chicago("09:31:19.999"));
  trade(desk, desk.mnq);  // 09:30:20, 09:31:00, 09:31:19.999
  EXPECT_THAT(acts(desk), Contains(HasSubstr("ENTRIES_AT_LIMIT")));
}

TEST(TradeFrequencyLimit, TheHourRolls) {
  for (const auto& [third, reached] : {std::pair{"10:30:00", false}, std::pair{"10:29:59.999", true}}) {
    SCOPED_TRACE(third);
    Desk desk{"trade_frequency_limit: {per_hour: 3}", kFree};
    trade(desk, desk.mnq);
    desk.run_until(chicago("10:00:00"));
    trade(desk, desk.mnq);
    desk.run_until(chicago(third));
    trade(desk, desk.mnq);
    EXPECT_EQ(!acts(desk).empty(), reached);
  }
}

TEST(TradeFrequencyLimit, TheSessionIsTheTradingDay) {
  Desk desk{"trade_frequency_limit: {per_session: 3}", kFree};
  trade(desk, desk.mnq);
  desk.run_until(chicago("16:00:00"));
  trade(desk, desk.mnq);
  desk.run_until(chicago("17:00:00"));
  trade(desk, desk.mnq);
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), IsEmpty()) << "a new day begins with none";
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), Contains("lock account entry until reset"));
}

TEST(TradeFrequencyLimit, UnderTheLockNothingCanBeOpenedAndWhatIsOpenCanBeManaged) {
  Desk desk{"trade_frequency_limit: {per_minute: 1, cooldown: {per_minute: 10m}}", kFree};
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_TRUE(desk.settle());
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20900");
  acts(desk);
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(acts(desk), ElementsAre("close ES because ACTIVITY_WHILE_LOCKED"));
  EXPECT_TRUE(desk.settle());
  desk.pass(5s);
  desk.fill(desk.mnq, -1, "21010");
  desk.pass(5s);
  EXPECT_THAT(acts(desk), IsEmpty());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  ASSERT_THAT(desk.account().working_orders(), SizeIs(1));
  EXPECT_EQ(desk.account().working_orders()[0].id, stop);
}

TEST(TradeFrequencyLimit, WorkingEntryOrdersGoWithTheLockAndAreNoStrike) {
  Desk desk{"trade_frequency_limit: {per_minute: 1}", kFree};
  const OrderId rests = desk.order(desk.es, OrderType::Limit, Side::Buy, 2, "6200");
  const OrderId exit = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20900");
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(acts(desk), ElementsAre("cancel order " + std::to_string(rests.value()) + " because ENTRIES_AT_LIMIT",
                                      "lock account entry until 09:31:00 (60s)"));
  EXPECT_TRUE(desk.settle());
  const auto left = desk.account().working_orders();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].id, exit);
  EXPECT_EQ(desk.guard().strikes(), 0U);
}

TEST(TradeFrequencyLimit, TheLockEndsAndTheNextEntryThatReachesTheNumberLocksAgain) {
  Desk desk{"trade_frequency_limit: {per_hour: 2, cooldown: {per_hour: 10s}}", kFree};
  trade(desk, desk.mnq);
  trade(desk, desk.mnq);
  acts(desk);
  desk.run_until(chicago("09:30:09.999"));
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.run_until(chicago("09:30:10"));
  EXPECT_THAT(acts(desk), ElementsAre("unlock trade_frequency_limit"));
  desk.pass(10s);
  EXPECT_THAT(acts(desk), IsEmpty()) << "the two of before do not lock again";
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), Contains("lock account entry until 09:30:30 (10s)"));
  EXPECT_EQ(desk.decisions.back().violations.at(0).reason, (Reason{EntriesAtLimit{EntryWindow::Hour, 3, 2}}));
}

TEST(TradeFrequencyLimit, AnEntryUnderTheLockDoesNotMoveItsEnd) {
  Desk desk{"trade_frequency_limit: {per_minute: 2}", kFree};
  trade(desk, desk.mnq);
  trade(desk, desk.mnq);
  desk.pass(30s);
  trade(desk, desk.mnq);  // undone
  EXPECT_TRUE(desk.settle());
  acts(desk);
  desk.run_until(chicago("09:31:00"));
  EXPECT_THAT(acts(desk), Contains("unlock trade_frequency_limit"));
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(TradeFrequencyLimit, EachWindowHasItsCooldown) {
  Desk desk{
      "trade_frequency_limit: {per_minute: 1, per_hour: 2, per_session: 3, cooldown: {per_minute: 5s, per_hour: 7m, "
      "per_session: 2h}}",
      kFree};
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), Contains("lock account entry until 09:30:05 (5s)"));
  desk.run_until(chicago("09:31:00"));
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), ElementsAre("unlock trade_frequency_limit", "leave open because ENTRIES_AT_LIMIT",
                                      "lock account entry until 09:38:00 (420s)"))
      << "the longer of the two that were reached";
  EXPECT_THAT(desk.decisions.back().violations, SizeIs(2)) << "each with its own reason";
  desk.run_until(chicago("09:39:00"));
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), Contains("lock account entry until 11:39:00 (7200s)"));
  EXPECT_THAT(desk.book().locks().all(), SizeIs(1));
}

TEST(TradeFrequencyLimit, WarnsOnceAtEachPercentageAndAgainWhenTheWindowHasEmptied) {
  Desk desk{"trade_frequency_limit: {per_minute: 4, warn_at: [50, 75]}", kFree};
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), IsEmpty());
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), ElementsAre("warn 50%"));
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), ElementsAre("warn 75%"));
  desk.pass(61s);
  trade(desk, desk.mnq);
  trade(desk, desk.mnq);
  EXPECT_THAT(acts(desk), ElementsAre("warn 50%"));
}

TEST(TradeFrequencyLimit, StatusShowsTheLimitThatIsUsedMost) {
  Desk desk{"trade_frequency_limit: {per_minute: 4, per_session: 10}", kFree};
  const auto status = [&] { return desk.guard().rules().front().rule->status(desk.book()); };
  EXPECT_EQ(status().value, "0");
  trade(desk, desk.mnq);
  trade(desk, desk.mnq);
  EXPECT_EQ(status().limit, "4");
  EXPECT_EQ(status().value, "2");
  EXPECT_EQ(status().used_percent, 50);
  desk.pass(60s);
  EXPECT_EQ(status().limit, "10");
  EXPECT_EQ(status().value, "2");
  EXPECT_EQ(status().used_percent, 20);
}

TEST(TradeFrequencyLimit, AVoidedEntryWasNone) {
  Desk desk{"trade_frequency_limit: {per_session: 3}", kFree};
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.mnq, 1, "21000");
  const TradeId second = desk.account().trades(BrokerTime{}).front().id;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.void_trade(second, desk.now, told); });
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(acts(desk), IsEmpty());
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(acts(desk), Contains(HasSubstr("ENTRIES_AT_LIMIT")));
}

TEST(TradeFrequencyLimit, EntriesThatTheStreamHidCountWhenTheyAreFound) {
  Desk desk{"trade_frequency_limit: {per_session: 2}", kFree};
  desk.fill(desk.mnq, 1, "21000");
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.mnq, 1, "21000");
  desk.broker.lose = nullptr;
  desk.pass(2min);
  EXPECT_THAT(acts(desk), Contains(HasSubstr("ENTRIES_AT_LIMIT")));
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
}

// ── restart ──

// What a desk did before the program was started at 09:40.
struct Restarted : ::testing::Test {
  void open(std::string_view rules) {
    desk = std::make_unique<Desk>(rules, DeskOptions{.connect = false, .free_of_costs = true});
  }
  void entry(BrokerTime time, ContractId contract) {
    FakeAccount::Told untold;
    desk->now = time;
    desk->account().set_last(contract, Price::parse("6300").value());
    desk->account().market_order(contract, Lots{1}, time, untold);
  }
  void start() {
    desk->now = chicago("09:40:00");
    desk->connect();
    desk->pass(1s);
  }
  std::unique_ptr<Desk> desk;
};
using TradeFrequencyRestart = Restarted;

TEST_F(TradeFrequencyRestart, CountsGoOnFromTheBrokersHistory) {
  open("trade_frequency_limit: {per_session: 4}");
  entry(chicago("09:31:00") - 24h, desk->mnq);  // of the day before: is no entry, but open
  for (const char* time : {"09:32:00", "09:33:00", "09:34:00"}) entry(chicago(time), desk->mnq);
  start();
  EXPECT_THAT(acts(*desk), Not(Contains(HasSubstr("ENTRIES"))));
  desk->fill(desk->mnq, 1, "6300");
  EXPECT_THAT(acts(*desk), Contains("lock account entry until reset"));
  EXPECT_EQ(desk->account().held(desk->mnq), Lots{5});
}

TEST_F(TradeFrequencyRestart, ALockThatHoldsIsNotSetAgainAndEndsWhenItWould) {
  open("trade_frequency_limit: {per_hour: 2}");
  entry(chicago("09:32:00"), desk->mnq);
  entry(chicago("09:33:00"), desk->mnq);
  desk->engine().restore(Lock{desk->main_account(), std::nullopt, LockKind::Entry, "trade_frequency_limit",
                              EntriesAtLimit{EntryWindow::Hour, 2, 2}, chicago("09:33:00"),
                              UntilTime{chicago("10:03:00")}, EnforcementId{1}});
  start();
  EXPECT_THAT(desk->decisions, IsEmpty());
  EXPECT_THAT(desk->book().locks().all(), SizeIs(1));
  desk->fill(desk->es, 1, "6300");
  EXPECT_THAT(acts(*desk), Contains("close ES because ACTIVITY_WHILE_LOCKED"));
  desk->run_until(chicago("10:03:00"));
  EXPECT_THAT(desk->book().locks().all(), IsEmpty());
}

TEST_F(TradeFrequencyRestart, ALockThatWasForgottenHasTheEndItHad) {
  open("trade_frequency_limit: {per_hour: 2}");
  entry(chicago("09:32:00"), desk->mnq);
  entry(chicago("09:33:00"), desk->mnq);
  start();
  ASSERT_THAT(desk->book().locks().all(), SizeIs(1));
  EXPECT_EQ(desk->first_lock().until, (LockEnd{UntilTime{chicago("10:03:00")}}));
}

TEST_F(TradeFrequencyRestart, ACooldownThatIsOverIsNotBegunAgain) {
  open("trade_frequency_limit: {per_minute: 2}");
  entry(chicago("09:32:00"), desk->mnq);
  entry(chicago("09:32:30"), desk->mnq);
  start();
  EXPECT_THAT(desk->decisions, IsEmpty());
}

// ── configuration ──

TEST(TradeFrequencyLimit, WithoutAnyLimitItIsRefused) {
  const auto refusal = [](std::string_view rules) -> std::string {
    try {
      rules_from(rules);
    } catch (const std::invalid_argument& wrong) {
      return wrong.what();
    }
    return "";
  };
  EXPECT_THAT(
      refusal("trade_frequency_limit: {cooldown: {per_minute: 5m}}"),
      HasSubstr("rules.trade_frequency_limit: found no limit, allowed at least one of per_minute, per_hour and "
                "per_session"));
  EXPECT_THAT(refusal("trade_frequency_limit: {per_minute: 0}"), HasSubstr("allowed a whole number above 0"));
  EXPECT_THAT(refusal("trade_frequency_limit: {per_minute: 5, cooldown: {per_hour: soon}}"),
              HasSubstr("rules.trade_frequency_limit.cooldown.per_hour: found 'soon', allowed a duration above 0"));
  EXPECT_EQ(refusal("trade_frequency_limit: {per_session: 1}"), "");
}

TEST(TradeFrequencyLimit, TheDefaultsOfTheCooldowns) {
  const auto rules = rules_from("trade_frequency_limit: {per_minute: 3}");
  EXPECT_EQ(rules[0].get<Cooldown>("cooldown.per_minute"), Cooldown{60s});
  EXPECT_EQ(rules[0].get<Cooldown>("cooldown.per_hour"), Cooldown{30min});
  EXPECT_EQ(rules[0].get<Cooldown>("cooldown.per_session"), Cooldown{});
}

TEST(TradeFrequencyLimit, TheLockBeginsNoSoonerThanTheEntryThatSetItOff) {
  Desk desk{"trade_frequency_limit: {per_session: 1}", DeskOptions{.free_of_costs = true}};
  const BrokerTime stamped = desk.now + 700ms;  // our clock trails the broker's
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{1}, stamped, told);
  });
  ASSERT_EQ(desk.book().locks().all().size(), 1U);
  EXPECT_EQ(desk.first_lock().since, stamped) << "else the entry were an increase after a restart";
}

}  // namespace
}  // namespace rm::test
