#pragma once
// Warnings on the way to a limit: once per crossing, armed again when the use falls back ten points below the
// threshold.

#include <cstdint>
#include <vector>

#include "rules/rule.h"

namespace rm {

class LimitWarnings {
 public:
  explicit LimitWarnings(std::vector<std::int64_t> thresholds)
      : thresholds_{std::move(thresholds)}, said_(thresholds_.size(), false) {}

  // `value` and `limit` have the sign of the limit when it is being used up.
  void update(Measure value, Measure limit, Findings& findings) {
    const std::int64_t used = percent_of(Money::from_nanos(value.nanos), Money::from_nanos(limit.nanos));
    for (std::size_t i = 0; i < thresholds_.size(); ++i) {
      if (used < thresholds_[i] - kRearmPoints) said_[i] = false;
      if (used < thresholds_[i] || said_[i]) continue;
      said_[i] = true;
      if (used < 100) findings.warn(thresholds_[i], value, limit);  // at the limit the rule itself speaks
    }
  }

 private:
  static constexpr std::int64_t kRearmPoints = 10;
  std::vector<std::int64_t> thresholds_;
  std::vector<bool> said_;
};

}  // namespace rm
