// The registry is a table: every rule in it has a name, sentences, sound defaults, and can be made from its
// configuration.
#include <set>

#include "rules/rule.h"
#include "support/desk.h"

namespace rm::test {
namespace {

TEST(Registry, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const RuleSpec& spec : rule_registry()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_EQ(find_rule(spec.name), &spec);
    EXPECT_FALSE(spec.sentence.empty());
  }
  EXPECT_EQ(find_rule("no_such_rule"), nullptr);
  EXPECT_GE(names.size(), 4U);
}

TEST(Registry, EveryParameterIsDescribed) {
  for (const RuleSpec& spec : rule_registry()) {
    std::set<std::string_view> names;
    for (const Param& param : spec.params) {
      SCOPED_TRACE(std::string{spec.name} + "." + std::string{param.name});
      EXPECT_TRUE(names.insert(param.name).second);
      EXPECT_FALSE(param.sentence.empty());
      EXPECT_EQ(param.kind == ParamKind::Choice, !param.choices.empty());
      EXPECT_FALSE(param.required && !param.default_text.empty()) << "a required value has no default";
    }
  }
}

TEST(Registry, AskingForAnotherNameOrTypeEndsStartUp) {
  const auto rules = rules_from("max_contracts: {max_contracts: 5}");
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules.front().get<std::int64_t>("max_contracts"), 5);
  EXPECT_EQ(rules.front().get<std::string>("count"), "gross") << "defaults are applied";
  EXPECT_THROW(static_cast<void>(rules.front().get<std::int64_t>("max")), std::out_of_range);
  EXPECT_THROW(static_cast<void>(rules.front().get<Money>("max_contracts")), std::bad_variant_access);
}

TEST(Registry, StatusTellsLimitValueAndUse) {
  Desk desk{
      "daily_loss: {max_loss: -1000, include_costs: false}, daily_unrealized_loss: {limit: -400}, max_contracts: "
      "{max_contracts: 20}, auth_loss_guard: {}"};
  desk.fill(desk.mnq, 10, "21000");
  desk.quote(desk.mnq, "20990");
  std::map<std::string, RuleStatus> status;
  for (const GuardedRule& rule : desk.guard().rules())
    status[std::string{rule.name}] = rule.rule->status(desk.book());
  EXPECT_EQ(status["daily_loss"].limit, "-1000.00");
  EXPECT_EQ(status["daily_loss"].value, "-200.00");
  EXPECT_EQ(status["daily_loss"].used_percent, 20);
  EXPECT_EQ(status["daily_unrealized_loss"].value, "-200.00");
  EXPECT_EQ(status["daily_unrealized_loss"].used_percent, 50);
  EXPECT_EQ(status["max_contracts"].limit, "20");
  EXPECT_EQ(status["max_contracts"].value, "10");
  EXPECT_EQ(status["max_contracts"].used_percent, 50);
  EXPECT_EQ(status["auth_loss_guard"].value, "canTrade: true");
  EXPECT_EQ(status["auth_loss_guard"].used_percent, 0);
}

}  // namespace
}  // namespace rm::test
