// What the self-test says when something is missing in the isolated system that it was given; the cuts of the path
// itself are in cuts/, a program each.
#include "proof.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;

struct Isolated {
  explicit Isolated(std::string_view guarded_by)
      : system{{contracts, calendar(), kGuarded, {}}, rules_from(guarded_by), ContractId{0}, begin} {}

  // The rule is broken, and the first link that is missing is named.
  std::optional<MissingLink> broken(std::string_view yaml) {
    const auto rules = rules_from(yaml);
    const ContractId mnq{0};
    const Breach breach =
        find_rule(rules.front().rule)->breach(rules.front(), BreachGround{contracts, {&mnq, 1}, begin}).value();
    system.connect();
    for (const Breach::Step& step : breach.steps) system.take(step);
    return missing_link(system, rules.front(), breach, begin, std::chrono::seconds{30});
  }

  ContractTable contracts = small_gateway();
  BrokerTime begin = chicago("09:30:00");
  IsolatedSystem system;
};

TEST(MissingLink, IsNoneWhenEverythingIsThere) {
  Isolated isolated{"max_contracts: {max_contracts: 2}"};
  EXPECT_FALSE(isolated.broken("max_contracts: {max_contracts: 2}"));
}

TEST(MissingLink, IsTheEngineWhenARuleIsNotRegisteredWithIt) {
  Isolated isolated{"max_contracts: {max_contracts: 2}"};
  const auto missing = isolated.broken("daily_loss: {max_loss: -100}");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->link, PathLink::RiskEngine);
  EXPECT_EQ(missing->what, "the rule is not registered with it");
}

// Guarded by other values than those that were to be tried: it does nothing at the limit that it should have.
TEST(MissingLink, IsTheEngineWhenItsRuleHasOtherValues) {
  Isolated isolated{"max_contracts: {max_contracts: 5}"};
  const auto missing = isolated.broken("max_contracts: {max_contracts: 2}");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->link, PathLink::RiskEngine);
  EXPECT_EQ(missing->what, "the rule finds SIZE_ABOVE_MAX, and it decides nothing");
}

TEST(SelfTest, MissesARuleThatTheGuardingEngineDoesNotHave) {
  const ContractTable contracts = small_gateway();
  const auto wanted = rules_from("max_contracts: {max_contracts: 2}, auth_loss_guard: {}");
  Isolated armed{"max_contracts: {max_contracts: 2}"};
  SelfTest test{contracts, calendar(), {}, chicago("09:30:00")};
  test.look_for(kGuarded, wanted, armed.system.guardian().engine());
  ASSERT_TRUE(test.report().failure);
  EXPECT_EQ(test.report().failure->rule, "auth_loss_guard");
  EXPECT_EQ(test.report().failure->missing.link, PathLink::RiskEngine);
  EXPECT_THAT(test.report().failure->sentence(),
              HasSubstr("auth_loss_guard of account 26001234 would not protect: the link 'risk engine' is missing"));
  SelfTest other{contracts, calendar(), {}, chicago("09:30:00")};
  other.look_for(AccountId{5}, wanted, armed.system.guardian().engine());
  EXPECT_TRUE(other.report().failure) << "an account that the engine does not know";
}

TEST(SelfTest, TriesTheSameValuesOnceAndCountsThemForEachAccount) {
  const ContractTable contracts = small_gateway();
  const auto rules = rules_from(kAllRules);
  SelfTest test{contracts, calendar(), {}, chicago("09:30:00")};
  for (int account = 1; account <= 100; ++account) test.prove(AccountId{account}, rules);
  EXPECT_EQ(test.report().proven, 100 * rules.size());
}

}  // namespace
}  // namespace rm::test
