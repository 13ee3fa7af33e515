// max_unrealized_profit: one position closed at its target, the others left alone; or the whole account. No lock.
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
  const char *entry, *before, *at, *beyond;  // a tick before the target of 300, at it, and past it
  const char* said;
};

const Case kCases[] = {
    {"MNQ long", &Desk::mnq, +5, "21000.00", "21029.75", "21030.00", "21030.25",
     "close MNQ because UNREALISED_PROFIT_AT_TARGET"},
    {"MNQ short", &Desk::mnq, -5, "21000.00", "20970.25", "20970.00", "20969.75",
     "close MNQ because UNREALISED_PROFIT_AT_TARGET"},
    {"ES long", &Desk::es, +2, "6300.00", "6302.75", "6303.00", "6303.25",
     "close ES because UNREALISED_PROFIT_AT_TARGET"},
    {"6J short", &Desk::jpy, -6, "0.0068340", "0.0068305", "0.0068300", "0.0068295",
     "close 6J because UNREALISED_PROFIT_AT_TARGET"},
};

TEST(MaxUnrealizedProfit, ClosesAtTheTargetNotATickBefore) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    for (const char* price : {c.at, c.beyond}) {
      Desk desk{"max_unrealized_profit: {target: 300.00}", kFree};
      desk.fill(desk.*c.contract, c.lots, c.entry);
      desk.quote(desk.*c.contract, c.before);
      EXPECT_THAT(desk.heard(), IsEmpty());
      desk.quote(desk.*c.contract, price);
      EXPECT_THAT(desk.heard(), ElementsAre(c.said));
      EXPECT_TRUE(desk.settle());
      EXPECT_TRUE(desk.account().flat());
      EXPECT_THAT(desk.book().locks().all(), IsEmpty());
    }
  }
}

TEST(MaxUnrealizedProfit, TheReasonHasTheFigures) {
  Desk desk{"max_unrealized_profit: {target: 300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "21040.00");
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason,
            (Reason{UnrealisedProfitAtTarget{desk.mnq, Money::from_units(400), Money::from_units(300)}}));
}

TEST(MaxUnrealizedProfit, AFractionalAverageIsExact) {
  Desk desk{"max_unrealized_profit: {target: 100.00}", kFree};
  desk.fill(desk.mnq, +1, "21000.00");
  desk.fill(desk.mnq, +2, "21000.25");  // three lots cost 63000.50: 21017.00 makes 101.00, 21016.75 makes 99.50
  desk.quote(desk.mnq, "21016.75");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "21017.00");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because UNREALISED_PROFIT_AT_TARGET"));
}

TEST(MaxUnrealizedProfit, LeavesTheOtherPositionsAloneAndTradingGoesOn) {
  Desk desk{"max_unrealized_profit: {target: 300.00}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 5, "20900.00");
  desk.fill(desk.es, +1, "6300.00");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 1, "6290.00");
  desk.quote(desk.mnq, "21030.00");
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{});
  EXPECT_EQ(desk.account().held(desk.es), Lots{1});
  EXPECT_EQ(desk.account().working_orders().size(), 1U);
  desk.heard();
  desk.fill(desk.mnq, +5, "21030.00");
  desk.pass(5s);
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(MaxUnrealizedProfit, AccountScopeSumsAndFlattens) {
  Desk desk{"max_unrealized_profit: {target: 300.00, scope: account}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.es, -1, "6300.00");
  desk.quote(desk.es, "6303.00");    // -150
  desk.quote(desk.mnq, "21044.75");  // +447.50
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "21045.00");  // +450
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because UNREALISED_PROFIT_AT_TARGET"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(MaxUnrealizedProfit, AccountScopeClaimsNothingWhileAPositionCannotBeValued) {
  Desk desk{"max_unrealized_profit: {target: 300.00, scope: account}", kFree};
  const ContractId unknown = desk.contracts.intern("CON.F.US.NEW.U26");
  desk.publish(PositionUpdated{Position{desk.main_account(), unknown, Lots{1}, Price::parse("5").value(), desk.now}});
  desk.pass(1s);
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "21050.00");
  EXPECT_THAT(desk.heard(), ElementsAre("alarm unvalued"));
}

TEST(MaxUnrealizedProfit, ARealisedProfitIsNotItsBusiness) {
  Desk desk{"max_unrealized_profit: {target: 300.00, scope: account}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.fill(desk.mnq, -4, "21100.00");
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(MaxUnrealizedProfit, WarnsOnTheWayEachPositionForItself) {
  Desk desk{"max_unrealized_profit: {target: 300.00, warn_at: [50]}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "21014.75");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.quote(desk.mnq, "21015.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  ASSERT_EQ(desk.guard().warnings().size(), 1U);
  EXPECT_EQ(desk.guard().warnings()[0].contract, desk.mnq);
  desk.fill(desk.es, +1, "6300.00");
  desk.quote(desk.es, "6303.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
}

TEST(MaxUnrealizedProfit, WarnsForTheAccountWhenThatIsTheScope) {
  Desk desk{"max_unrealized_profit: {target: 300.00, scope: account, warn_at: [50]}", kFree};
  desk.fill(desk.mnq, +5, "21000.00");
  desk.quote(desk.mnq, "21015.00");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
}

}  // namespace
}  // namespace rm::test
