#pragma once
// Which decision of the one configuration answers to which of the other: by what was found, rule by rule and contract
// by contract. What one configuration decides at once, the other may decide at two moments.

#include <vector>

#include "replay/what_if.h"

namespace rm {

// Fills `same`, `changed`, `moved`, `fallen_away` and `added`. Both in order of time.
void pair_up(WhatIf& result, std::vector<DecisionThen> recorded, std::vector<DecisionThen> other);

}  // namespace rm
