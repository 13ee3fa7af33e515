#pragma once
// Runs scenario text against the built programs: risk-manager guards an account of paper-gateway over real sockets,
// and what it did is read from its own log. The other runner of the same text is scenario_runner.h.
//
// Time is real. Pauses of less than twenty seconds are left out; a longer one moves the gateway's clock. What a step
// expects must be in the log before the next step begins; what nobody expected is a problem, whenever it is logged.

#include "support/scenario_runner.h"

namespace rm::test {

// `actions` counts the decisions and the requests to move a stop that were logged.
ScenarioResult run_over_wire(const Scenario& scenario);

}  // namespace rm::test
