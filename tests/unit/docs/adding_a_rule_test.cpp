// What docs/adding-a-rule.md shows is taken out of the page and built: the rule, its line, its check and its test.
#include <gmock/gmock.h>

#include <fstream>

#include "rules/registry.h"
#include "runtime/self_test/self_test.h"
#include "support/desk.h"

namespace rm::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

#include "largest_position_test.inc"

#include "check.inc"

// The parameters that the page makes up for its check.
constexpr Param kMadeUp[] = {
    {"max_size", ParamKind::Int, Bound::AtLeastZero, "", true, "", "", Stricter::Lower},
    {"max_short_size", ParamKind::Int, Bound::AtLeastZero, "", true, "", "", Stricter::Lower},
};

TEST(AddingARule, TheCheckOfThePageRefusesAndAllows) {
  RuleConfig config;
  config.params = kMadeUp;
  config.values = {std::int64_t{3}, std::int64_t{4}};
  const auto problem = check(config);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->param, "max_short_size");
  EXPECT_EQ(problem->message, "found 4, allowed a whole number up to max_size, which is 3");
  config.values[1] = std::int64_t{3};
  EXPECT_FALSE(check(config).has_value());
}

TEST(AddingARule, TheRuleIsKnownByItsLine) {
  ASSERT_NE(find_rule("largest_position"), nullptr);
  EXPECT_EQ(rule_registry().back().name, "largest_position");
}

// Its own recipe breaks it, and it acts.
TEST(AddingARule, TheSelfTestProvesIt) {
  const Desk desk{""};
  for (const char* size : {"0", "3", "1000000"}) {
    SelfTest test{desk.contracts, desk.calendar(), {}, chicago("09:30:00")};
    test.prove(desk.main_account(), rules_from(std::string{"largest_position: {max_size: "} + size + "}"));
    EXPECT_FALSE(test.report().failure) << test.report().failure->sentence();
    EXPECT_EQ(test.report().proven, 1U);
  }
}

// A rule and its test fit into sixty lines.
TEST(AddingARule, RuleAndTestAreShort) {
  long lines = 0;
  for (const char* name : {"/largest_position.cpp", "/largest_position_test.inc"}) {
    std::ifstream in{std::string{RM_EXAMPLE_DIR} + name};
    ASSERT_TRUE(in.good());
    lines += std::count(std::istreambuf_iterator<char>{in}, {}, '\n');
  }
  EXPECT_GT(lines, 30);
  EXPECT_LE(lines, 60);
}

}  // namespace
}  // namespace rm::test
