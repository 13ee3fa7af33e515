// Every scenario of this folder against the pure core; and every rule of the registry has one that breaches, one just
// short of it, and a page for traders.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "rules/registry.h"
#include "support/scenario_runner.h"

namespace rm::test {
namespace {

ScenarioResult run_named(const std::string& name) {
  const auto scenario = read_scenario(std::string{RM_SCENARIO_DIR} + "/" + name + ".scn");
  if (!scenario) return {{scenario.error()}, 0};
  return run_scenario(*scenario);
}

class Scenarios : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenarios, GoAsWritten) {
  EXPECT_THAT(run_named(GetParam()).problems, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, Scenarios, ::testing::ValuesIn(scenario_names(RM_SCENARIO_DIR)),
                         [](const auto& test) { return test.param; });

TEST(EveryRule, HasAScenarioThatBreachesAndOneJustShortOfIt) {
  for (const RuleSpec& spec : rule_registry()) {
    const std::string rule{spec.name};
    for (const char* kind : {"_breach", "_near_miss"}) {
      SCOPED_TRACE(rule + kind);
      const auto scenario = read_scenario(std::string{RM_SCENARIO_DIR} + "/" + rule + kind + ".scn");
      ASSERT_TRUE(scenario.has_value()) << scenario.error();
      EXPECT_NE(scenario->rules.find(rule + ":"), std::string::npos) << "is about another rule";
      const int actions = run_scenario(*scenario).actions;
      if (std::string_view{kind} == "_breach") {
        EXPECT_GT(actions, 0);
      } else {
        EXPECT_EQ(actions, 0);
      }
    }
  }
}

TEST(EveryRule, HasAPageThatExplainsEveryOption) {
  for (const RuleSpec& spec : rule_registry()) {
    SCOPED_TRACE(spec.name);
    std::ifstream in{std::string{RM_RULE_DOCS_DIR} + "/" + std::string{spec.name} + ".md"};
    ASSERT_TRUE(in.good()) << "no page";
    std::stringstream page;
    page << in.rdbuf();
    const std::string text = page.str();
    EXPECT_GT(text.size(), 800U);
    for (const Param& param : spec.params) {
      EXPECT_NE(text.find("`" + std::string{param.name} + "`"), std::string::npos)
          << "option " << param.name << " is not explained";
      EXPECT_NE(text.find(param.default_text), std::string::npos) << "nor its default " << param.default_text;
    }
  }
}

}  // namespace
}  // namespace rm::test
