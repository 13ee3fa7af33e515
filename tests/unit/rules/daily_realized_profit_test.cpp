// daily_realized_profit: at the target the day is over; every option; long and short; three tick sizes.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char* const kFlatten = "flatten because PROFIT_AT_TARGET";
const char* const kLock = "lock account hard until reset";
const DeskOptions kFree{.free_of_costs = true};

struct Case {
  const char* name;
  ContractId Desk::* contract;
  int lots;
  const char *entry, *before, *at;  // closed a tick before the target of 1000, and at it
};

const Case kCases[] = {
    {"MNQ long", &Desk::mnq, +10, "21000.00", "21049.75", "21050.00"},
    {"MNQ short", &Desk::mnq, -10, "21000.00", "20950.25", "20950.00"},
    {"ES long", &Desk::es, +4, "6300.00", "6304.75", "6305.00"},
    {"6J short, tick 5e-7", &Desk::jpy, -8, "0.0068400", "0.0068305", "0.0068300"},
};

TEST(DailyRealizedProfit, BreachesAtTheTargetNotATickBefore) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Desk before{"daily_realized_profit: {target: 1000.00}", kFree};
    before.fill(before.*c.contract, c.lots, c.entry);
    before.fill(before.*c.contract, -c.lots, c.before);
    EXPECT_THAT(before.heard(), IsEmpty());

    Desk at{"daily_realized_profit: {target: 1000.00}", kFree};
    at.fill(at.*c.contract, c.lots, c.entry);
    at.fill(at.es, 1, "6300.00");
    at.fill(at.*c.contract, -c.lots, c.at);
    EXPECT_THAT(at.heard(), ElementsAre(kFlatten, kLock));
    EXPECT_TRUE(at.settle());
    EXPECT_TRUE(at.account().flat()) << "what else was open is closed too";
  }
}

TEST(DailyRealizedProfit, BeyondTheTargetTheReasonHasTheFigures) {
  Desk desk{"daily_realized_profit: {target: 1000.00}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.fill(desk.mnq, -10, "21051.00");
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason,
            (Reason{ProfitAtTarget{Money::from_units(1020), Money::from_units(1000)}}));
  ASSERT_EQ(desk.decisions.at(0).locks.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).locks.at(0).until, LockEnd{UntilTime{chicago("17:00:00")}});
}

TEST(DailyRealizedProfit, CostsAreTakenOffUnlessTheyAreLeftOut) {
  // 10 MNQ in and out cost 12.20: a gross profit of 1010.00 is 997.80 net, 1015.00 is 1002.80.
  const auto after = [](const char* rule, const char* exit) {
    Desk desk{rule};
    desk.fill(desk.mnq, +10, "21000.00");
    desk.fill(desk.mnq, -10, exit);
    return desk.heard();
  };
  EXPECT_THAT(after("daily_realized_profit: {target: 1000.00}", "21050.50"), IsEmpty());
  EXPECT_THAT(after("daily_realized_profit: {target: 1000.00}", "21050.75"), ElementsAre(kFlatten, kLock));
  EXPECT_THAT(after("daily_realized_profit: {target: 1000.00, include_costs: false}", "21050.00"),
              ElementsAre(kFlatten, kLock));
  EXPECT_THAT(after("daily_realized_profit: {target: 1000.00, include_costs: false}", "21049.75"), IsEmpty());
}

TEST(DailyRealizedProfit, AnOpenProfitCountsOnlyWithTheTotal) {
  Desk realized{"daily_realized_profit: {target: 1000.00}", kFree};
  realized.fill(realized.mnq, +10, "21000.00");
  realized.quote(realized.mnq, "21500.00");
  EXPECT_THAT(realized.heard(), IsEmpty());

  Desk total{"daily_realized_profit: {target: 1000.00, basis: total}", kFree};
  total.fill(total.mnq, +10, "21000.00");
  total.fill(total.mnq, -5, "21020.00");  // +200
  total.quote(total.mnq, "21079.75");     // +797.50
  EXPECT_THAT(total.heard(), IsEmpty());
  total.quote(total.mnq, "21080.00");
  EXPECT_THAT(total.heard(), ElementsAre(kFlatten, kLock));
}

TEST(DailyRealizedProfit, TheTotalClaimsNothingWhileAPositionCannotBeValued) {
  Desk desk{"daily_realized_profit: {target: 1000.00, basis: total}", kFree};
  const ContractId unknown = desk.contracts.intern("CON.F.US.NEW.U26");
  desk.publish(PositionUpdated{Position{desk.main_account(), unknown, Lots{1}, Price::parse("5").value(), desk.now}});
  desk.pass(1s);
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "21100.00");
  EXPECT_THAT(desk.heard(), ElementsAre("alarm unvalued"));
  EXPECT_EQ(desk.guard().rules().front().rule->status(desk.book()).value, "unknown");
}

TEST(DailyRealizedProfit, ALossBeforeHasToBeMadeUpFirst) {
  Desk desk{"daily_realized_profit: {target: 1000.00}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.fill(desk.mnq, -10, "20990.00");  // -200
  desk.fill(desk.es, +4, "6300.00");
  desk.fill(desk.es, -4, "6305.75");  // +1150
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.es, +1, "6300.00");
  desk.fill(desk.es, -1, "6301.00");  // +50
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
}

TEST(DailyRealizedProfit, TheLockHoldsUntilTheResetThoughTheResultFallsBack) {
  Desk desk{"daily_realized_profit: {target: 1000.00, basis: total}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    account.set_last(desk.mnq, Price::parse("21040.00").value());  // the close will bring less
  });
  desk.publish(QuoteUpdated{desk.mnq, Price::parse("21050.00").value(), {}, {}});
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.book().day().result().realised, Money::from_units(800));
  desk.heard();
  desk.fill(desk.mnq, +1, "21040.00");
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because ACTIVITY_WHILE_LOCKED"));
  desk.settle();
  desk.run_until(chicago("17:00:00") - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre("unlock daily_realized_profit"));
  desk.quote(desk.mnq, "21040.00");
  desk.fill(desk.mnq, +1, "21040.00");
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), IsEmpty()) << "a new day has a new result";
}

TEST(DailyRealizedProfit, WarnsOnTheWay) {
  Desk desk{"daily_realized_profit: {target: 1000.00, basis: total, warn_at: [50, 90]}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "21024.75");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "21025.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.quote(desk.mnq, "21045.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 90%"));
}

TEST(DailyRealizedProfit, TheMessageIsShownOnceTheTargetIsReached) {
  Desk desk{"daily_realized_profit: {target: 1000.00, message: \"Done. Go for a walk.\"}", kFree};
  const auto status = [&] { return desk.guard().rules().front().rule->status(desk.book()); };
  desk.fill(desk.mnq, +10, "21000.00");
  EXPECT_EQ(status().message, "");
  desk.fill(desk.mnq, -10, "21050.00");
  EXPECT_EQ(status().message, "Done. Go for a walk.");
  EXPECT_EQ(status().limit, "1000.00");
  EXPECT_EQ(status().value, "1000.00");
  EXPECT_EQ(status().used_percent, 100);
  desk.run_until(chicago("17:00:01"));
  EXPECT_EQ(status().message, "");
}

}  // namespace
}  // namespace rm::test
