#pragma once
// Rules may be tightened at any time; loosened only at the next trading day. Pure: the same two lists, the same
// answer.

#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "rules/param.h"

namespace rm {

// One difference, in the words of the configuration.
struct RuleChange {
  std::string key;       // "daily_loss.max_loss", "daily_loss.enabled"
  std::string from, to;  // YAML
  bool now = false;      // false: at the next reset
  friend bool operator==(const RuleChange&, const RuleChange&) = default;
};

struct Ratchet {
  std::vector<RuleConfig> rules;    // to apply now; order of `wanted`
  std::vector<RuleChange> changes;  // what that changes, and what of `wanted` has to wait
};

// Of each parameter the stricter of both, as its table says (Param::stricter): what cannot be said to be stricter
// keeps the value that is in force, what protects nothing gets the new one. A number that is left out limits nothing.
// A rule that is added applies at once, a rule that is taken away stays. Both lists come from the same registry; a
// rule that a list does not have is off there.
[[nodiscard]] Ratchet ratchet(std::span<const RuleConfig> in_force, std::span<const RuleConfig> wanted);

// "daily_loss.max_loss: -1000.00 -> -500.00, now"; "…, at the next reset (17:00 Chicago)".
[[nodiscard]] std::string sentence(const RuleChange& change, const TradingDayConfig& day);

}  // namespace rm
