#pragma once
// The accounts that the paper gateway must have for this configuration: those it names, else the usual one.

#include <vector>

#include "config/config.h"
#include "drill/paper.h"

namespace rm::drill {

[[nodiscard]] std::vector<PaperAccount> paper_accounts(const Config& config);

}  // namespace rm::drill
