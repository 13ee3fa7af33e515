#pragma once
// Where and when a rule is broken: in a contract and at an hour that the other rules have nothing against.

#include <span>
#include <vector>

#include "config/config.h"
#include "domain/contract_table.h"

namespace rm::drill {

// The offered contracts, those first that no other rule blocks or limits.
[[nodiscard]] std::vector<ContractId> preferred(const ContractTable& contracts, std::vector<ContractId> offered,
                                                std::span<const RuleConfig* const> others);

// From `now` on: when the market is open, within the sessions of these rules, and no reset is near. Where there is no
// such time within some days: `now`.
[[nodiscard]] BrokerTime good_time(const Config& config, std::span<const RuleConfig* const> rules, BrokerTime now);

}  // namespace rm::drill
