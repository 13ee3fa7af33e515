// daily_unrealized_loss, auth_loss_guard, values from the environment, several accounts.

#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class OtherRules : public EndToEnd {};

TEST_F(OtherRules, R24_DailyUnrealizedLossClosesOnlyThePositionThatReachedTheLimit) {
  guard("rules: {daily_unrealized_loss: {limit: -500}}\n");
  paper().buy(kAccount, "MNQ", 5);  // 10 $ a point
  paper().buy(kAccount, "MES", 2);  // 10 $ a point
  ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").size() == 2U; }));
  paper().price("MES", "7690");      // -400
  paper().price("MNQ", "29450.25");  // -497.50: together far below -500, each for itself not
  ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("pnl").at("unrealised") == "-897.50"; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());

  paper().price("MNQ", "29450");
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_unrealized_loss"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 0);
  EXPECT_EQ(paper().position(kAccount, kMes), 2);
  const Json requests = paper().mutating_requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(Json::parse(requests.front().at("body").get<std::string>()).at("contractId"), kMnq);
  EXPECT_THAT(daemon().account(kAccount).at("locks"), IsEmpty());
}

class AuthLossGuard : public OtherRules {
 protected:
  void expect_flat_and_locked_until_allowed_again() {
    EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "auth_loss_guard"); }));
    EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "auth_loss_guard"); }));
    paper().can_trade(kAccount, true);
    EXPECT_TRUE(eventually([&] { return !daemon().locked(kAccount, "auth_loss_guard"); }));
    EXPECT_FALSE(daemon().logged("lock_ended", "auth_loss_guard").empty());
  }
};

TEST_F(AuthLossGuard, R24_AnAccountThatMayNotTradeAtStartIsFlattenedAndLockedUntilItMay) {
  start_paper();
  paper().buy(kAccount, "MNQ", 2);
  paper().can_trade(kAccount, false);
  guard("rules: {auth_loss_guard: {}}\n");
  expect_flat_and_locked_until_allowed_again();
}

TEST_F(AuthLossGuard, R24_TheRightToTradeIsTakenAwayLater) {
  guard("rules: {auth_loss_guard: {}}\n");
  paper().buy(kAccount, "MNQ", 2);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  paper().can_trade(kAccount, false);
  expect_flat_and_locked_until_allowed_again();
}

TEST_F(OtherRules, R19_AVariableOverridesTheLimitOfTheFileAndIsEnforced) {
  guard(kTwoRules, {{"RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS", "-500"}});
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305; }));
  paper().price("MNQ", "29450.5");  // -498.05
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -49805; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  paper().price("MNQ", "29450.25");  // -500.55
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_TRUE(eventually([&] { return !daemon().logged("violation", "daily_loss").empty(); }));
  EXPECT_THAT(daemon().logged("violation", "daily_loss").front().at("message").get<std::string>(),
              HasSubstr("-500.55 reached the limit -500.00"));
}

TEST_F(OtherRules, R22_OfTwoAccountsOnlyTheOneThatBreaksTheRuleIsTouched) {
  guard();
  paper().buy(kOtherAccount, "MNQ", 4);  // loses less than a thousand
  ASSERT_TRUE(eventually([&] { return !daemon().account(kOtherAccount).at("positions").empty(); }));
  lose_the_day_and_be_locked();
  EXPECT_EQ(paper().position(kOtherAccount, kMnq), 4);
  EXPECT_THAT(paper().mutating_requests(kOtherAccount), IsEmpty());
  EXPECT_THAT(daemon().account(kOtherAccount).at("locks"), IsEmpty());
  EXPECT_EQ(daemon().account(kOtherAccount).at("pnl").at("unrealised"), "-880.00");
}

}  // namespace
}  // namespace rm::test
