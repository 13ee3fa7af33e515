#include "config/environment.h"

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kBeta = "rules: {beta: {limit: -1000.0}}";

TEST(Override, ReplacesAValueOfTheFile) {
  const Config config = valid(kBeta, {"RISK_MANAGER__RULES__BETA__LIMIT=-500"});
  EXPECT_EQ(rule(config, "beta").get<Money>("limit"), Money::from_units(-500));
}

TEST(Override, AddsKeysAndSectionsThatTheFileDoesNotHave) {
  const Config config = valid(kBeta, {"RISK_MANAGER__RULES__ALPHA__COUNT=7", "RISK_MANAGER__LOG__LEVEL=debug",
                                      "RISK_MANAGER__RULES__BETA__SCOPE=account"});
  EXPECT_TRUE(rule(config, "alpha").enabled);
  EXPECT_EQ(rule(config, "alpha").get<std::int64_t>("count"), 7);
  EXPECT_EQ(rule(config, "beta").get<std::string>("scope"), "account");
  EXPECT_EQ(config.log.level, LogConfig::Level::Debug);
}

TEST(Override, AnEmptyFileMayBeFilledByTheEnvironment) {
  EXPECT_TRUE(rule(valid("", {"RISK_MANAGER__RULES__BETA__LIMIT=-5"}), "beta").enabled);
}

TEST(Override, TakesListsAndMappingsAsYaml) {
  const Config config = valid(kBeta, {"RISK_MANAGER__RULES__ALPHA={warn_at: [10, 20], limits: {MNQ: 3}}",
                                      "RISK_MANAGER__ACCOUNTS=[{id: 7}]"});
  EXPECT_THAT(rule(config, "alpha").get<std::vector<std::int64_t>>("warn_at"), ElementsAre(10, 20));
  ASSERT_EQ(config.accounts.size(), 1U);
  EXPECT_EQ(config.accounts[0].id, AccountId{7});
}

TEST(Override, APartComesAfterTheWholeWhateverTheOrder) {
  for (const auto& environment :
       {std::pair{"RISK_MANAGER__RULES__BETA__LIMIT=-5", "RISK_MANAGER__RULES__BETA={limit: -9, scope: account}"},
        std::pair{"RISK_MANAGER__RULES__BETA={limit: -9, scope: account}", "RISK_MANAGER__RULES__BETA__LIMIT=-5"}}) {
    const Config config = valid(kBeta, {environment.first, environment.second});
    EXPECT_EQ(rule(config, "beta").get<Money>("limit"), Money::from_units(-5));
    EXPECT_EQ(rule(config, "beta").get<std::string>("scope"), "account");
  }
}

TEST(Override, ReachesIntoListsByNumber) {
  const Config config =
      valid("accounts: [{id: 7}, {id: 8}]\nrules: {alpha: {}}", {"RISK_MANAGER__ACCOUNTS__1__RULES__ALPHA__COUNT=9"});
  ASSERT_EQ(config.accounts.size(), 2U);
  ASSERT_EQ(config.accounts[1].rules.size(), 2U);
  EXPECT_EQ(config.accounts[1].rules[0].get<std::int64_t>("count"), 9);
  EXPECT_TRUE(config.accounts[0].rules.empty());
  EXPECT_THAT(problems("accounts: [{id: 7}]\nrules: {alpha: {}}", {"RISK_MANAGER__ACCOUNTS__5__ID=9"}),
              ElementsAre("environment variable RISK_MANAGER__ACCOUNTS__5__ID: accounts: has no part '5', allowed "
                          "the number of an entry, from 0"));
}

TEST(Override, SymbolsOfTheFileAreFoundInAnyCase) {
  const Config config = valid("rules: {alpha: {limits: {MNQ: 3}}}", {"RISK_MANAGER__RULES__ALPHA__LIMITS__MNQ=1"});
  EXPECT_EQ(rule(config, "alpha").get<SymbolLimits>("limits"), (SymbolLimits{{"MNQ", 1}}));
}

TEST(Override, ABadValueNamesTheVariable) {
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__RULES__BETA__LIMIT=lots"}),
              ElementsAre("environment variable RISK_MANAGER__RULES__BETA__LIMIT: rules.beta.limit: found 'lots', "
                          "allowed an amount of money below 0, "
                          "like -1000.00"));
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__RULES__BETA__LIMIT="}), ElementsAre(HasSubstr("found nothing")));
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__RULES__ALPHA__WARN_AT=[50"}),
              ElementsAre(HasSubstr("environment variable RISK_MANAGER__RULES__ALPHA__WARN_AT: found a list or "
                                    "mapping as a key, allowed a word (or its bracket is not closed)")));
}

TEST(Override, AnUnknownKeyNamesTheVariable) {
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__RULES__BETA__LIMITS=-5"}),
              ElementsAre("environment variable RISK_MANAGER__RULES__BETA__LIMITS: rules.beta.limits: unknown key, "
                          "did you mean 'limit'?"));
  EXPECT_THAT(
      problems(kBeta, {"RISK_MANAGER__RULE__BETA__LIMIT=-5"}),
      ElementsAre("environment variable RISK_MANAGER__RULE__BETA__LIMIT: rule: unknown key, did you mean 'rules'?"));
  EXPECT_THAT(
      problems(kBeta, {"RISK_MANAGER__RULES__BETA__LIMIT__DEEPER=-5"}),
      ElementsAre(
          "environment variable RISK_MANAGER__RULES__BETA__LIMIT__DEEPER: rules.beta.limit: has no part 'deeper'"));
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__RULES____LIMIT=-5"}), ElementsAre(HasSubstr("names no key")));
  EXPECT_THAT(problems(kBeta, {"RISK_MANAGER__=-5"}), ElementsAre(HasSubstr("names no key")));
}

TEST(Override, OtherVariablesAreNotLookedAt) {
  EXPECT_EQ(valid(kBeta, {"RISK_MANAGER_HOME=/x", "PATH=/bin", "XRISK_MANAGER__LOG__LEVEL=loud",
                          "RISK_MANAGER__LOG__LEVEL"}),
            valid(kBeta));
}

TEST(Override, ALoginIsRefusedAndNotShown) {
  const auto all = problems(kBeta, {"RISK_MANAGER__API_KEY=hunter2"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0], HasSubstr("found a login"));
  EXPECT_THAT(all[0], ::testing::Not(HasSubstr("hunter2")));
}

TEST(Environment, FindsWholeNamesOnly) {
  const char* const variables[] = {"AB=1", "A=2", "C=", "D"};
  EXPECT_EQ(find_variable(variables, "A"), "2");
  EXPECT_EQ(find_variable(variables, "C"), "");
  EXPECT_EQ(find_variable(variables, "D"), std::nullopt);
  EXPECT_EQ(find_variable(variables, "B"), std::nullopt);
}

TEST(Environment, IsThatOfTheProcess) {
  ASSERT_EQ(::setenv("RM_CONFIG_TEST", "here", 1), 0);
  EXPECT_EQ(find_variable(process_environment(), "RM_CONFIG_TEST"), "here");
}

}  // namespace
}  // namespace rm::test
