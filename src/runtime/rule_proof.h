#pragma once
// The self-test at the two moments at which rules come into force: the start, and a configuration that has changed.
// What was proven is said in the log.

#include <optional>
#include <string>

#include "config/in_force.h"
#include "runtime/guardian.h"

namespace rm {

// Empty: every enabled rule of every account that is watched would act, and the guardian has it. Else the sentence
// that says which would not.
[[nodiscard]] std::optional<std::string> unproven_at_start(const ContractTable& contracts, const Guardian& guardian,
                                                           const ConfigInForce& in_force, BrokerTime now);
// The same of what would be in force with `wanted`, at once and from the next trading day on.
[[nodiscard]] std::optional<std::string> unproven_with(const Config& wanted, const ContractTable& contracts,
                                                       const Guardian& guardian, ConfigInForce in_force,
                                                       BrokerTime now);

}  // namespace rm
