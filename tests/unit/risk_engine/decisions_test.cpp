// R5, R7: what rules find becomes one merged, numbered decision per event, once per violation, and nothing before the
// snapshot.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DeskOptions kFree{.free_of_costs = true};
const char* const kAllRules =
    "daily_loss: {max_loss: -1000.00, warn_at: []}, daily_unrealized_loss: {limit: -400.00}, max_contracts: "
    "{max_contracts: 9}, auth_loss_guard: {}";

TEST(Decisions, NothingBeforeTheSnapshot) {
  Desk desk{kAllRules, DeskOptions{.connect = false, .free_of_costs = true}};
  desk.broker.answer_after = 10s;
  desk.connect();
  desk.fill(desk.mnq, 50, "21000.00");
  desk.quote(desk.mnq, "20000.00");
  desk.can_trade(false);
  EXPECT_THAT(desk.decisions, IsEmpty()) << "not known is not evaluated";
  EXPECT_TRUE(desk.settle());
  desk.pass(1min);
  EXPECT_FALSE(desk.decisions.empty());
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(Decisions, AllThatBreaksAtOnceIsOneDecisionWithEveryReasonInTheOrderOfTheRegistry) {
  Desk desk{kAllRules, kFree};
  desk.fill(desk.mnq, 8, "21000.00");
  desk.quote(desk.mnq, "20975.25");
  EXPECT_THAT(desk.decisions, IsEmpty());
  desk.publish(QuoteUpdated{desk.mnq, Price::parse("20930").value(), {}, {}});
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because LOSS_AT_LIMIT, UNREALISED_LOSS_AT_LIMIT",
                                        "lock account hard until reset"));
  ASSERT_THAT(desk.decisions, SizeIs(1));
  const Decision& decision = desk.decisions.at(0);
  ASSERT_THAT(decision.violations, SizeIs(2));
  EXPECT_EQ(decision.violations.at(0).rule, "daily_loss");
  EXPECT_EQ(decision.violations.at(1).rule, "daily_unrealized_loss");
  EXPECT_TRUE(decision.goal.account_flat);
  EXPECT_THAT(decision.goal.contracts, SizeIs(1)) << "the smaller goal is covered, not forgotten";
  EXPECT_EQ(decision.trigger, "quote");
  EXPECT_EQ(decision.trigger_sequence, desk.bus().delivered());
  EXPECT_EQ(decision.at, desk.now);
  EXPECT_EQ(decision.received_ns, desk.now.nanos());
}

TEST(Decisions, AStandingViolationIsDecidedOnce) {
  Desk desk{kAllRules, kFree};
  desk.fill(desk.mnq, 8, "21000.00");
  for (int i = 0; i < 20; ++i) desk.publish(QuoteUpdated{desk.mnq, Price::parse("20930").value(), {}, {}});
  EXPECT_THAT(desk.decisions, SizeIs(1));
  EXPECT_TRUE(desk.settle());
  for (int i = 0; i < 20; ++i) desk.pass(1min);
  EXPECT_THAT(desk.decisions, SizeIs(1))
      << "the day's loss stands, the account is flat and locked: nothing to decide";
}

TEST(Decisions, NumbersGrowByOne) {
  Desk desk{"daily_unrealized_loss: {limit: -10.00}", kFree};
  for (int i = 0; i < 3; ++i) {
    desk.fill(desk.mnq, 1, "21000.00");
    desk.quote(desk.mnq, "20990.00");
    desk.settle();
    desk.pass(5s);
  }
  ASSERT_THAT(desk.decisions, SizeIs(3));
  for (std::uint64_t i = 0; i < 3; ++i) EXPECT_EQ(desk.decisions[i].id, EnforcementId{i + 1});
}

TEST(Decisions, EventsOfOtherAccountsDoNotMatter) {
  const AccountId first{1}, second{2};
  Desk desk{"max_contracts: {max_contracts: 2}", DeskOptions{.accounts = {first, second}}};
  desk.fill(desk.mnq, 2, "21000.00");
  desk.act(second, [&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{4}, desk.now, told);
  });
  ASSERT_THAT(desk.decisions, SizeIs(1));
  EXPECT_EQ(desk.decisions.at(0).account, second);
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.broker.account(first).held(desk.mnq), Lots{2});
  EXPECT_EQ(desk.broker.account(second).held(desk.mnq), Lots{2});
}

TEST(Decisions, AQuoteOfAContractThatNobodyHoldsIsNotEvaluated) {
  Desk desk{kAllRules, kFree};
  const auto before = desk.engine().evaluations();
  desk.publish(QuoteUpdated{desk.es, Price::parse("6300").value(), {}, {}});
  EXPECT_EQ(desk.engine().evaluations(), before);
}

TEST(Decisions, ARuleThatIsSwitchedOffDoesNothing) {
  Desk desk{"max_contracts: {enabled: false, max_contracts: 2}, daily_loss: {max_loss: -100}", kFree};
  desk.fill(desk.mnq, 9, "21000.00");
  EXPECT_THAT(desk.decisions, IsEmpty());
}

TEST(Decisions, AGapInTheStreamIsJudgedByTheNextSnapshot) {
  Desk desk{"max_contracts: {max_contracts: 5}", kFree};
  desk.disconnect();
  desk.fill(desk.mnq, 9, "21000.00");  // not told
  EXPECT_THAT(desk.decisions, IsEmpty());
  desk.connect();
  desk.pass(1s);
  EXPECT_THAT(desk.heard(), ::testing::Contains("reduce MNQ to 5 because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST(Decisions, WithoutAStreamPollingFindsTheBreach) {
  Desk desk{"max_contracts: {max_contracts: 5}", kFree};
  desk.disconnect();
  desk.fill(desk.mnq, 9, "21000.00");
  desk.pass(10s);
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

}  // namespace
}  // namespace rm::test
