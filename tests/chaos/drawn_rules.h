#pragma once
// Rules drawn at random, as a user writes them, and what the judge has to demand for them.

#include <string>

#include "support/broker_check.h"
#include "support/dice.h"

namespace rm::test {

struct DrawnRules {
  std::string yaml;  // "daily_loss: {max_loss: -300}, max_contracts: {max_contracts: 2}": at least one
  Demands demands;
  bool reduces_entries = false;  // trade_frequency_limit takes off what is added, whatever the size limits
};
[[nodiscard]] DrawnRules draw_rules(Dice& dice);

}  // namespace rm::test
