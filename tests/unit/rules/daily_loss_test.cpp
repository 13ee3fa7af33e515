// daily_loss: at the limit, not a tick before; every option; long and short; three tick sizes; the day's boundary.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const char* const kFlatten = "flatten because LOSS_AT_LIMIT";
const char* const kLock = "lock account hard until reset";
const DeskOptions kFree{.free_of_costs = true};

struct Case {
  const char* name;
  ContractId Desk::* contract;
  int lots;
  const char *entry, *before, *at;  // a tick before the limit of -1000, and at it
};

const Case kCases[] = {
    {"MNQ long", &Desk::mnq, +10, "21000.00", "20950.25", "20950.00"},
    {"MNQ short", &Desk::mnq, -10, "21000.00", "21049.75", "21050.00"},
    {"ES long", &Desk::es, +4, "6300.00", "6295.25", "6295.00"},
    {"ES short", &Desk::es, -4, "6300.00", "6304.75", "6305.00"},
    {"6J long, tick 5e-7", &Desk::jpy, +8, "0.0068400", "0.0068305", "0.0068300"},
    {"6J short", &Desk::jpy, -8, "0.0068300", "0.0068395", "0.0068400"},
};

TEST(DailyLoss, BreachesAtTheLimitNotATickBefore) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
    desk.fill(desk.*c.contract, c.lots, c.entry);
    desk.quote(desk.*c.contract, c.before);
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.quote(desk.*c.contract, c.at);
    EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
  }
}

TEST(DailyLoss, TheReasonHasTheFigures) {
  Desk desk{"daily_loss: {max_loss: -1000.00}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20949.00");
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason,
            (Reason{LossAtLimit{Money::from_units(-1020), Money::from_units(-1000)}}));
  const Lock& lock = desk.decisions.at(0).locks.at(0);
  EXPECT_EQ(lock.rule, "daily_loss");
  EXPECT_EQ(lock.since, desk.now);
  EXPECT_EQ(lock.until, LockEnd{UntilTime{chicago("17:00:00")}});
  EXPECT_EQ(lock.enforcement, desk.decisions.at(0).id);
}

TEST(DailyLoss, CostsCountUnlessTheyAreLeftOut) {
  // 10 MNQ, entry only: 6.10 dollars. 49.695 points would be the limit with costs: 20950.50 is at -996.10, 20950.25
  // at -1001.10.
  Desk with{"daily_loss: {max_loss: -1000.00, warn_at: []}"};
  with.fill(with.mnq, +10, "21000.00");
  with.quote(with.mnq, "20950.50");
  EXPECT_THAT(with.heard(), IsEmpty());
  with.quote(with.mnq, "20950.25");
  EXPECT_THAT(with.heard(), ElementsAre(kFlatten, kLock));

  Desk without{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  without.fill(without.mnq, +10, "21000.00");
  without.quote(without.mnq, "20950.25");
  EXPECT_THAT(without.heard(), IsEmpty());
}

TEST(DailyLoss, RealizedBasisLeavesOpenLossesOut) {
  Desk desk{"daily_loss: {max_loss: -1000.00, basis: realized, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20000.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, -9, "20944.50");  // -999
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, -1, "20999.50");  // -1
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
}

TEST(DailyLoss, AClosingLossIsNotCountedTwiceBetweenItsMessages) {
  // Closing at -600 realised: between the trade and the position message the position must not count as open too.
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20970.00");
  desk.fill(desk.mnq, -10, "20970.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(DailyLoss, NorWhenThePositionMessageComesFirst) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  std::vector<RiskEventBody> trades;
  desk.broker.lose = [&](const RiskEventBody& event) {
    if (std::holds_alternative<TradeExecuted>(event)) trades.push_back(event);
    return std::holds_alternative<TradeExecuted>(event);
  };
  desk.fill(desk.mnq, -10, "20970.00");
  desk.quote(desk.mnq, "20969.00");
  for (const RiskEventBody& trade : trades) desk.publish(trade);
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_EQ(desk.book().day().result().realised, Money::from_units(-600));
}

TEST(DailyLoss, SeveralInstrumentsAndRealisedAndOpenAddUp) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.fill(desk.mnq, -10, "20980.00");  // -400 realised
  desk.fill(desk.es, -2, "6300.00");
  desk.quote(desk.es, "6303.00");  // -300 open
  desk.fill(desk.jpy, +2, "0.0068400");
  desk.quote(desk.jpy, "0.0068285");  // -287.50 open
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.jpy, "0.0068280");  // -300 open: -1000
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat()) << "every instrument is closed";
}

TEST(DailyLoss, AFractionalAverageIsExact) {
  Desk desk{"daily_loss: {max_loss: -100.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +1, "21000.00");
  desk.fill(desk.mnq, +2, "21000.25");  // average 21000.1666…: three lots cost 63000.50
  desk.quote(desk.mnq, "20983.75");     // -98.50
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20983.50");  // (62950.50 - 63000.50) x 2 = -100.00
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
}

TEST(DailyLoss, AProfitBeforeLeavesMoreRoom) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.fill(desk.mnq, -10, "21050.00");  // +1000
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20900.25");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20900.00");
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
}

TEST(DailyLoss, AVoidedLossIsNoLoss) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.fill(desk.mnq, -10, "20960.00");  // -800
  const TradeId closing = desk.account().trades(BrokerTime{}).front().id;
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.void_trade(closing, desk.now, told); });
  EXPECT_EQ(desk.book().day().result().realised, Money{});
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20970.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(DailyLoss, TheResetEndsTheLockAndTheLoss) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20950.00");
  ASSERT_TRUE(desk.settle());
  desk.heard();
  desk.run_until(chicago("17:00:00") - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_TRUE(desk.book().locks().account_hard_lock());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre("unlock daily_loss"));
  EXPECT_EQ(desk.book().day().result(), DayResult{});
  desk.fill(desk.mnq, +1, "20950.00");
  desk.pass(1min);
  EXPECT_THAT(desk.heard(), Not(Contains(kFlatten)));
}

TEST(DailyLoss, WarnsOnceAtEachThresholdOnTheWay) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: [50, 90]}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20975.25");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20975.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.quote(desk.mnq, "20970.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20955.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 90%"));
}

TEST(DailyLoss, AFallThatJumpsOverEverythingEnforcesAtOnce) {
  Desk desk{"daily_loss: {max_loss: -1000.00}", kFree};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20500.00");
  EXPECT_THAT(desk.heard(), AllOf(Contains(kFlatten), Contains(kLock)));
}

TEST(DailyLoss, MarksByTheExitPriceIfSoConfigured) {
  Desk desk{"daily_loss: {max_loss: -1000.00, warn_at: []}",
            DeskOptions{.mark = MarkKind::Exit, .free_of_costs = true}};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20900.00", "20950.25", "20950.50");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, std::nullopt, "20950.00", std::nullopt);
  EXPECT_THAT(desk.heard(), ElementsAre(kFlatten, kLock));
}

}  // namespace
}  // namespace rm::test
