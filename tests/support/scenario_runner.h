#pragma once
// Runs scenario text against the pure core: a trading day in milliseconds.

#include <string>
#include <vector>

#include "support/scenario_text.h"

namespace rm::test {

struct ScenarioResult {
  std::vector<std::string> problems;  // "file:line: expected 'flatten …', heard 'nothing'"; empty: as expected
  int actions = 0;                    // decisions that were made, and requests to move a stop
};
ScenarioResult run_scenario(const Scenario& scenario);

}  // namespace rm::test
