#pragma once
// Symbols that the rules name and the gateway does not list: a limit on a misspelt symbol protects from nothing.

#include <span>
#include <string>
#include <vector>

#include "domain/contract_table.h"
#include "rules/param.h"

namespace rm {

// A sentence for each symbol of an enabled rule that means none of these contracts, with the nearest one that is
// listed.
[[nodiscard]] std::vector<std::string> unlisted_symbols(std::span<const RuleConfig> rules,
                                                        const ContractTable& contracts);

}  // namespace rm
