// The registry of the program itself: its tables, and the files that come with it.

#include <fmt/format.h>

#include <array>

#include "config/param_value.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;

std::expected<Config, Problems> load_shipped(const std::string& name) {
  return load_config(std::string{RM_SOURCE_DIR} + "/config/" + name, {}, rule_registry());
}

std::vector<std::string> enabled_rules(const Config& config) {
  std::vector<std::string> names;
  for (const RuleConfig& rule : config.rules_for(AccountId{1}, "any")) names.emplace_back(rule.rule);
  return names;
}

TEST(ShippedFiles, TheTwoRuleFileIsEnforced) {
  const auto config = load_config_text(
      "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n",
      "risk.yaml", {}, rule_registry());
  ASSERT_TRUE(config) << config.error().front().text();
  EXPECT_THAT(enabled_rules(*config), ElementsAre("max_contracts", "daily_loss"));
  const auto rules = config->rules_for(AccountId{1}, "any");
  EXPECT_EQ(rules[1].get<Money>("max_loss"), Money::from_units(-1000));
  EXPECT_EQ(rules[0].get<std::int64_t>("max_contracts"), 5);
}

TEST(ShippedFiles, AreValid) {
  for (const char* name : {"risk.yaml", "four-rules.yaml"}) {
    const auto config = load_shipped(name);
    ASSERT_TRUE(config) << config.error().front().text();
    EXPECT_THAT(enabled_rules(*config),
                ElementsAre("max_contracts", "daily_loss", "daily_unrealized_loss", "auth_loss_guard"));
  }
}

TEST(ShippedFiles, TheSpelledOutOneSaysTheDefaults) {
  EXPECT_EQ(load_shipped("four-rules.yaml").value(), load_shipped("risk.yaml").value());
}

TEST(RuleTables, DefaultsAreAllowedByTheirOwnTable) {
  for (const RuleSpec& spec : rule_registry()) {
    for (const Param& param : spec.params) {
      EXPECT_NO_THROW(static_cast<void>(default_value(param))) << spec.name << "." << param.name;
      EXPECT_NE(param.name, "enabled") << spec.name;
      EXPECT_FALSE(param.sentence.empty()) << spec.name << "." << param.name;
    }
  }
}

TEST(RuleTables, ADefaultThatItsTableRefusesEndsTheProgram) {
  constexpr Param wrong{"limit", ParamKind::Money, Bound::BelowZero, "100", false, "", "A loss."};
  EXPECT_THROW(static_cast<void>(default_value(wrong)), std::logic_error);
}

}  // namespace
}  // namespace rm::test
