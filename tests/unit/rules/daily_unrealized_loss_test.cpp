// daily_unrealized_loss: one position closed, the others left alone; or the whole account. No lock.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const DeskOptions kFree{.free_of_costs = true};

struct Case {
  const char* name;
  ContractId Desk::* contract;
  int lots;
  const char *entry, *before, *at;
  const char* said;
};

const Case kCases[] = {
    {"MNQ long", &Desk::mnq, +5, "21000.00", "20970.25", "20970.00", "close MNQ because UNREALISED_LOSS_AT_LIMIT"},
    {"MNQ short", &Desk::mnq, -5, "21000.00", "21029.75", "21030.00", "close MNQ because UNREALISED_LOSS_AT_LIMIT"},
    {"ES long", &Desk::es, +2, "6300.00", "6297.25", "6297.00", "close ES because UNREALISED_LOSS_AT_LIMIT"},
    {"6J short", &Desk::jpy, -6, "0.0068300", "0.0068335", "0.0068340", "close 6J because UNREALISED_LOSS_AT_LIMIT"},
};

TEST(DailyUnrealizedLoss, ClosesAtTheLimitNotATickBefore) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
    desk.fill(desk.*c.contract, c.lots, c.entry);
    desk.quote(desk.*c.contract, c.before);
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.quote(desk.*c.contract, c.at);
    EXPECT_THAT(desk.heard(), ElementsAre(c.said));
    EXPECT_TRUE(desk.settle());
    EXPECT_TRUE(desk.account().flat());
    EXPECT_THAT(desk.book().locks().all(), IsEmpty());
  }
}

TEST(DailyUnrealizedLoss, LeavesTheOtherPositionsAlone) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.es, +1, "6300.00");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6290.00");
  desk.quote(desk.mnq, "20970.00");
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{});
  EXPECT_EQ(desk.account().held(desk.es), Lots{1});
  EXPECT_EQ(desk.account().working_orders().size(), 1U) << "its stop too";
}

TEST(DailyUnrealizedLoss, ClosingTakesTheContractsOrdersToo) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "20900.00");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 5, "20800.00");
  desk.quote(desk.mnq, "20970.00");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(DailyUnrealizedLoss, TwoPositionsAtTheirLimitsTogether) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.es, +2, "6300.00");
  desk.bus().enqueue(QuoteUpdated{desk.mnq, Price::parse("20970").value(), {}, {}}, desk.now);
  desk.bus().enqueue(QuoteUpdated{desk.es, Price::parse("6297").value(), {}, {}}, desk.now);
  desk.bus().drain();
  EXPECT_THAT(desk.heard(),
              ElementsAre("close MNQ because UNREALISED_LOSS_AT_LIMIT", "close ES because UNREALISED_LOSS_AT_LIMIT"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(DailyUnrealizedLoss, AccountScopeSumsAndFlattens) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00, scope: account}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.es, +1, "6300.00");
  desk.quote(desk.es, "6303.00");    // +150
  desk.quote(desk.mnq, "20955.25");  // -447.50
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20955.00");  // -450: -300 together
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because UNREALISED_LOSS_AT_LIMIT"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(DailyUnrealizedLoss, RealisedLossesDoNotCount) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.mnq, -4, "20965.00");  // -280 realised
  desk.quote(desk.mnq, "20851.00");     // -298 open
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(DailyUnrealizedLoss, TradingGoesOnAndTheNextPositionIsWatchedAgain) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  for (int round = 0; round < 3; ++round) {
    desk.fill(desk.mnq, +5, "21000.00");
    desk.quote(desk.mnq, "20970.00");
    EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because UNREALISED_LOSS_AT_LIMIT")) << "round " << round;
    ASSERT_TRUE(desk.settle());
    desk.pass(5s);
  }
  EXPECT_EQ(desk.receipts.size(), 3U);
}

TEST(DailyUnrealizedLoss, APriceThatDancesAroundTheLimitMakesOneDecision) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  for (int i = 0; i < 10; ++i) {
    desk.quote(desk.mnq, "20970.00");
    desk.quote(desk.mnq, "20970.25");
  }
  EXPECT_EQ(desk.decisions.size(), 1U);
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ"));
}

TEST(DailyUnrealizedLoss, TheLossItRealisesMayBreachTheDay) {
  Desk desk{"daily_loss: {max_loss: -300.00, basis: realized, warn_at: []}, daily_unrealized_loss: {limit: -300.00}",
            kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "20970.00");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because UNREALISED_LOSS_AT_LIMIT"));
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because LOSS_AT_LIMIT", "lock account hard until reset"));
}

TEST(DailyUnrealizedLoss, WhatCannotBeValuedIsAnAlarmNotAZero) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00}", kFree};
  const ContractId unknown = desk.contracts.intern("CON.F.US.NEW.U26");
  desk.publish(PositionUpdated{Position{desk.main_account(), unknown, Lots{1}, Price::parse("5").value(), desk.now}});
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), ElementsAre("alarm unvalued"));
}

TEST(DailyUnrealizedLoss, WarnsOnTheWayEachPositionForItself) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00, warn_at: [50, 90]}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "20985.25");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20985.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  ASSERT_EQ(desk.guard().warnings().size(), 1U);
  EXPECT_EQ(desk.guard().warnings()[0].contract, desk.mnq);
  desk.quote(desk.mnq, "20984.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.es, -1, "6300.00");
  desk.quote(desk.es, "6303.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.quote(desk.mnq, "20970.00");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because UNREALISED_LOSS_AT_LIMIT")) << "at the limit no warning";
}

TEST(DailyUnrealizedLoss, TheNextPositionIsWarnedAboutAgain) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00, warn_at: [50]}", kFree};
  for (int round = 0; round < 2; ++round) {
    desk.fill(desk.mnq, +5, "21000.00");
    desk.quote(desk.mnq, "20985.00");
    EXPECT_THAT(desk.heard(), ElementsAre("warn 50%")) << "round " << round;
    desk.fill(desk.mnq, -5, "20985.00");
    desk.quote(desk.mnq, "21000.00");
  }
}

TEST(DailyUnrealizedLoss, TheNextPositionIsWarnedAboutEvenWhenItBeginsWithThatLoss) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00, warn_at: [50]}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "20985.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.fill(desk.mnq, -5, "20985.00");
  desk.fill(desk.mnq, +5, "21000.00");  // a bad fill: the market is where it was
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
}

TEST(DailyUnrealizedLoss, WarnsForTheAccountWhenThatIsTheScope) {
  Desk desk{"daily_unrealized_loss: {limit: -300.00, scope: account, warn_at: [50]}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.es, +1, "6300.00");
  desk.quote(desk.mnq, "20990.00");  // -100
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.es, "6299.00");  // -50
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
}

TEST(DailyUnrealizedLoss, AFractionalAverageIsExact) {
  Desk desk{"daily_unrealized_loss: {limit: -100.00}", kFree};
  desk.fill(desk.mnq, +1, "21000.00");
  desk.fill(desk.mnq, +2, "21000.25");
  desk.quote(desk.mnq, "20983.75");  // -98.50
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "20983.50");  // -100.00
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because UNREALISED_LOSS_AT_LIMIT"));
}

}  // namespace
}  // namespace rm::test
