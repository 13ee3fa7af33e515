#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kRules = "rules: {alpha: {count: 5, loss: -10}}\n";

TEST(Accounts, AllIsTheDefault) {
  for (const char* line : {"", "accounts: all\n", "accounts: [all]\n"}) {
    const Config config = valid(std::string{kRules} + line);
    EXPECT_TRUE(config.all_accounts);
    EXPECT_TRUE(config.guards(AccountId{1}, "any"));
    EXPECT_THAT(config.rules_for(AccountId{1}, "any"), SizeIs(1));
  }
}

TEST(Accounts, AreChosenByNumberOrName) {
  const Config config = valid(std::string{kRules} + "accounts: [{id: 26001234}, {name: PRAC-V2-1}]");
  EXPECT_TRUE(config.guards(AccountId{26001234}, "whatever"));
  EXPECT_TRUE(config.guards(AccountId{5}, "PRAC-V2-1"));
  EXPECT_FALSE(config.guards(AccountId{5}, "prac-v2-1"));
  EXPECT_FALSE(config.guards(AccountId{5}, ""));
  EXPECT_THAT(config.rules_for(AccountId{5}, "other"), IsEmpty());
}

TEST(Accounts, OverrideKeysOfTheCommonRules) {
  const Config config =
      valid(std::string{kRules} +
            "accounts: [{id: 1, rules: {alpha: {count: 2}}}, {id: 2}, {name: C, rules: {beta: {limit: -7}}}]");
  const auto first = config.rules_for(AccountId{1}, "A");
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].get<std::int64_t>("count"), 2);
  EXPECT_EQ(first[0].get<Money>("loss"), Money::from_units(-10));  // kept
  EXPECT_EQ(config.rules_for(AccountId{2}, "B")[0].get<std::int64_t>("count"), 5);
  const auto third = config.rules_for(AccountId{3}, "C");
  ASSERT_THAT(third, SizeIs(2));
  EXPECT_EQ(third[1].get<Money>("limit"), Money::from_units(-7));
}

TEST(Accounts, MaySwitchARuleOff) {
  const Config config = valid(std::string{kRules} + "accounts: [all, {id: 1, rules: {alpha: {enabled: false}}}]");
  EXPECT_THAT(config.rules_for(AccountId{1}, "A"), IsEmpty());
  EXPECT_THAT(config.rules_for(AccountId{2}, "B"), SizeIs(1));
}

TEST(Accounts, ASectionOfTheirOwnEnablesARuleThatIsOffForTheOthers) {
  const Config config =
      valid("rules: {beta: {enabled: false, limit: -3}}\naccounts: [all, {id: 1, rules: {beta: {}}}]");
  ASSERT_THAT(config.rules_for(AccountId{1}, "A"), SizeIs(1));
  EXPECT_EQ(config.rules_for(AccountId{1}, "A")[0].get<Money>("limit"), Money::from_units(-3));
  EXPECT_THAT(config.rules_for(AccountId{2}, "B"), IsEmpty());
}

TEST(Accounts, RulesOfOneAccountAreEnough) {
  EXPECT_THAT(valid("accounts: [{id: 1, rules: {beta: {limit: -7}}}]").rules_for(AccountId{1}, ""), SizeIs(1));
}

TEST(Accounts, NumberGoesBeforeName) {
  const Config config = valid(
      std::string{kRules} + "accounts: [{name: A, rules: {alpha: {count: 1}}}, {id: 9, rules: {alpha: {count: 2}}}]");
  EXPECT_EQ(config.rules_for(AccountId{9}, "A")[0].get<std::int64_t>("count"), 2);
}

TEST(Accounts, WhatIsWrongIsSaid) {
  const std::pair<const char*, const char*> cases[] = {
      {"accounts: []", "accounts: found an empty list, allowed all, or a list"},
      {"accounts: 26001234", "accounts: found '26001234', allowed all, or a list"},
      {"accounts:", "accounts: found nothing, allowed all, or a list"},
      {"accounts: [26001234]", "accounts[0]: found '26001234', allowed {id: NUMBER}, {name: NAME} or all"},
      {"accounts: [{id: 0}]", "accounts[0].id: found '0', allowed the broker's number"},
      {"accounts: [{id: -5}]", "accounts[0].id: found '-5', allowed the broker's number"},
      {"accounts: [{id: 99999999999999999999}]",
       "accounts[0].id: found '99999999999999999999', allowed the broker's number"},
      {"accounts: [{id: PRAC}]", "accounts[0].id: found 'PRAC', allowed the broker's number"},
      {"accounts: [{name: ''}]", "accounts[0].name: found '', allowed the name"},
      {"accounts: [{id: 1, name: A}]", "accounts[0]: found both id and name, allowed one of the two"},
      {"accounts: [{rules: {}}]", "accounts[0]: found neither id nor name, allowed one of the two"},
      {"accounts: [{id: 1}, {id: 1}]", "accounts[1]: the account is listed twice, allowed once"},
      {"accounts: [{ids: 1, id: 1}]", "accounts[0].ids: unknown key, did you mean 'id'?"},
      {"accounts: [{id: 1, rules: {alpha: {count: -1}}}]",
       "accounts[0].rules.alpha.count: found '-1', allowed a whole number"},
      {"accounts: [{id: 1, rules: {beta: {}}}]", "accounts[0].rules.beta.limit: found nothing, allowed an amount"},
  };
  for (const auto& [line, problem] : cases) {
    SCOPED_TRACE(line);
    EXPECT_THAT(problems(std::string{kRules} + line), ElementsAre(HasSubstr(problem)));
  }
}

}  // namespace
}  // namespace rm::test
