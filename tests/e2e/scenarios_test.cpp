// Every scenario of tests/scenarios once more, over real sockets with the built programs: the core alone is run by
// the unit tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scenario_over_wire.h"

namespace rm::test {
namespace {

class OverTheWire : public testing::TestWithParam<std::string> {};

TEST_P(OverTheWire, GoesAsWritten) {
  const auto scenario = read_scenario(std::string{RM_SCENARIO_DIR} + "/" + GetParam() + ".scn");
  ASSERT_TRUE(scenario.has_value()) << scenario.error();
  const ScenarioResult result = run_over_wire(*scenario);
  for (const std::string& problem : result.problems) ADD_FAILURE() << problem;
  if (GetParam().ends_with("_breach")) {
    EXPECT_GT(result.actions, 0);
  } else if (GetParam().ends_with("_near_miss")) {
    EXPECT_EQ(result.actions, 0);
  }
}

TEST(OverTheWireRunner, NoticesWhatNobodyExpectedAndWhatTheBrokerDoesNotShow) {
  const auto scenario = parse_scenario(
      "rules max_contracts: {max_contracts: 5}\n"
      "09:31:00 fill MNQ +6 @ 21000.00 expect nothing; position MNQ +5\n"
      "09:31:10 fill MNQ -1 @ 21000.00 expect reduce MNQ to 5\n",
      "made_up.scn");
  ASSERT_TRUE(scenario.has_value()) << scenario.error();
  const ScenarioResult result = run_over_wire(*scenario);
  EXPECT_THAT(
      result.problems,
      testing::ElementsAre(testing::HasSubstr("made_up.scn:2: over the wire: nobody expected 'reduce MNQ to 5"),
                           testing::HasSubstr("made_up.scn:3: over the wire: expected 'reduce MNQ to 5'")));
  EXPECT_EQ(result.actions, 1);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, OverTheWire, testing::ValuesIn(scenario_names(RM_SCENARIO_DIR)),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace rm::test
