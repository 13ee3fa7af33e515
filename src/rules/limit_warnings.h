#pragma once
// Warnings on the way to a limit: once per crossing, armed again when the use falls back ten points below the
// threshold.

#include <cstdint>
#include <vector>

#include "rules/rule.h"

namespace rm {

enum class LimitKind : std::uint8_t {
  At,    // losses and targets: the limit itself is too much
  Above  // counts: the limit itself is allowed
};

class LimitWarnings {
 public:
  explicit LimitWarnings(std::vector<std::int64_t> thresholds, LimitKind kind = LimitKind::At)
      : thresholds_{std::move(thresholds)}, said_(thresholds_.size(), false), kind_{kind} {}

  // `value` and `limit` have the sign of the limit when it is being used up.
  void update(Measure value, Measure limit, Findings& findings, std::optional<ContractId> contract = std::nullopt) {
    if (thresholds_.empty()) return;
    const std::int64_t used = percent_of(Money::from_nanos(value.nanos), Money::from_nanos(limit.nanos));
    const bool rule_speaks = kind_ == LimitKind::At ? used >= 100 : value.nanos > limit.nanos;
    for (std::size_t i = 0; i < thresholds_.size(); ++i) {
      if (used < thresholds_[i] - kRearmPoints) said_[i] = false;
      if (used < thresholds_[i] || said_[i]) continue;
      said_[i] = true;
      if (!rule_speaks) findings.warn(thresholds_[i], value, limit, contract);
    }
  }

 private:
  static constexpr std::int64_t kRearmPoints = 10;
  std::vector<std::int64_t> thresholds_;
  std::vector<bool> said_;
  LimitKind kind_;
};

// The same where each contract, or each symbol, has its own use of the limit.
class WarningsPerId {
 public:
  explicit WarningsPerId(std::vector<std::int64_t> thresholds, LimitKind kind = LimitKind::At)
      : fresh_{std::move(thresholds), kind} {}

  template <class Tag>
  [[nodiscard]] LimitWarnings& of(Strong<Tag, std::uint32_t> id) {
    if (id.value() >= warnings_.size()) warnings_.resize(id.value() + 1, fresh_);
    return warnings_[id.value()];
  }

 private:
  LimitWarnings fresh_;
  std::vector<LimitWarnings> warnings_;
};

}  // namespace rm
