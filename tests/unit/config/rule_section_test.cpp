#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(RuleSection, PresentMeansEnabledUnlessItSaysOtherwise) {
  EXPECT_TRUE(rule(valid("rules: {alpha: {}}"), "alpha").enabled);
  EXPECT_TRUE(rule(valid("rules:\n  alpha:\n"), "alpha").enabled);
  EXPECT_TRUE(rule(valid("rules: {alpha: {enabled: true}}"), "alpha").enabled);
  EXPECT_FALSE(rule(valid("rules: {alpha: {enabled: false}}"), "alpha").enabled);
  EXPECT_FALSE(rule(valid("rules: {beta: {limit: -1}}"), "alpha").enabled);
}

TEST(RuleSection, RulesComeInTheOrderOfTheRegistry) {
  const Config config = valid("rules: {beta: {limit: -1}, alpha: {}}");
  ASSERT_THAT(config.rules, SizeIs(2));
  EXPECT_EQ(config.rules[0].rule, "alpha");
  EXPECT_EQ(config.rules[1].rule, "beta");
}

TEST(RuleSection, ARequiredValueIsMissed) {
  EXPECT_THAT(problems("rules:\n  beta: {scope: account}\n"),
              ElementsAre("/etc/risk/risk.yaml:2:9: rules.beta.limit: found nothing, allowed an amount of money "
                          "below 0, like -1000.00"));
  EXPECT_THAT(problems("rules: {beta: }"), SizeIs(1));
  EXPECT_THAT(problems("rules: {beta: {limit: }}"), SizeIs(1));
}

TEST(RuleSection, ADisabledRuleNeedsNoValuesButThoseItHasAreChecked) {
  EXPECT_FALSE(rule(valid("rules: {beta: {enabled: false}}"), "beta").has("limit"));
  EXPECT_THAT(problems("rules: {beta: {enabled: false, limit: 5}}"), SizeIs(1));
}

TEST(RuleSection, WhatOnlySeveralValuesTogetherShowIsAskedOfTheRule) {
  const std::string same = "found the same number as count and as signed, allowed two different ones";
  EXPECT_THAT(problems("rules:\n  alpha: {count: 4, signed: 4}\n"),
              ElementsAre("/etc/risk/risk.yaml:2:10: rules.alpha: " + same));
  EXPECT_THAT(problems("rules: {alpha: {count: 4, signed: 5}}"), IsEmpty());
  EXPECT_THAT(problems("rules: {alpha: {enabled: false, count: 4, signed: 4}}"), IsEmpty());
  EXPECT_THAT(problems("rules: {alpha: {signed: 3, flag: x}}"), SizeIs(1)) << "a wrong value first";
  EXPECT_THAT(problems("rules: {alpha: {signed: 4}}\naccounts: [{id: 7, rules: {alpha: {count: 4}}}]"),
              ElementsAre(::testing::HasSubstr("accounts[0].rules.alpha: " + same)));
}

TEST(RuleSection, UnknownRulesAndKeysAreRefusedWithASuggestion) {
  EXPECT_THAT(problems("rules:\n  alpa: {}\n  beta: {limit: -1, scpoe: account}\n"),
              ElementsAre("/etc/risk/risk.yaml:2:3: rules.alpa: unknown key, did you mean 'alpha'?",
                          "/etc/risk/risk.yaml:3:21: rules.beta.scpoe: unknown key, did you mean 'scope'?"));
  EXPECT_THAT(problems("rules: {alpha: {zzzzzz: 1}}"),
              ElementsAre("/etc/risk/risk.yaml:1:17: rules.alpha.zzzzzz: unknown key"));
}

TEST(RuleSection, ARuleAtTheTopOfTheFileIsSentToItsPlace) {
  EXPECT_THAT(problems("alpha: {}\nrules: {beta: {limit: -1}}\n"),
              ElementsAre("/etc/risk/risk.yaml:1:8: alpha: unknown key here, it belongs under 'rules:'"));
}

TEST(RuleSection, EveryProblemIsToldAtOnce) {
  EXPECT_THAT(problems("rules:\n  alpha: {flag: x, count: y}\n  beta: {limit: z}\n  gamma: {}\nlog: {level: loud}\n"),
              SizeIs(5));
}

TEST(RuleSection, AFileThatIsWrongEverywhereIsNotListedForever) {
  std::string text = "rules:\n";
  for (int i = 0; i < 500; ++i) text += "  unknown" + std::to_string(i) + ": 1\n";
  const auto all = problems(text);
  ASSERT_THAT(all, SizeIs(51));
  EXPECT_EQ(all.back(), "/etc/risk/risk.yaml: and 450 more problems");
}

TEST(RuleSection, NotAMapping) {
  EXPECT_THAT(
      problems("rules: 5"),
      ElementsAre("/etc/risk/risk.yaml:1:8: rules: found a plain value, allowed a mapping of keys to values"));
  EXPECT_THAT(
      problems("rules: {beta: -500}"),
      ElementsAre("/etc/risk/risk.yaml:1:15: rules.beta: found a plain value, allowed a mapping of keys to values"));
  EXPECT_THAT(problems("rules: [alpha]"),
              ElementsAre("/etc/risk/risk.yaml:1:8: rules: found a list, allowed a mapping of keys to values"));
}

TEST(RuleSection, KeysWrittenTwiceAreRefused) {
  EXPECT_THAT(problems("rules:\n  beta:\n    limit: -1\n    limit: -2\n"),
              ElementsAre("/etc/risk/risk.yaml:4:5: rules.beta.limit: written twice, first in line 3"));
  EXPECT_THAT(problems("rules: {alpha: {}}\nrules: {beta: {limit: -1}}\n"),
              ElementsAre("/etc/risk/risk.yaml:2:1: rules: written twice, first in line 1"));
}

TEST(RuleSection, AFileWithoutARuleWouldGuardNothing) {
  const auto lines = {"", "# nothing\n", "---\n", "rules:\n", "rules: {}\n", "log: {level: info}\n"};
  for (const char* text : lines) {
    SCOPED_TRACE(text);
    ASSERT_THAT(problems(text), SizeIs(1));
    EXPECT_THAT(problems(text).front(),
                ::testing::EndsWith("rules: found no rule, allowed at least one: without a rule nothing is guarded"));
  }
  EXPECT_THAT(problems("rules: {alpha: {enabled: false}}"), IsEmpty());  // said, not forgotten
}

}  // namespace
}  // namespace rm::test
