// Every scenario of tests/scenarios once more, over real sockets with the built programs: the core alone is run by
// the unit tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/scenario_over_wire.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{RM_SCENARIO_DIR}) {
    if (entry.path().extension() == ".scn") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

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

INSTANTIATE_TEST_SUITE_P(Scenarios, OverTheWire, testing::ValuesIn(scenario_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace rm::test
