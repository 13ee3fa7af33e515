#pragma once
// The engine's decisions, kept for the step. What else it says a replay does not compare.

#include <span>
#include <vector>

#include "risk_engine/risk_engine.h"

namespace rm {

class Heard final : public EngineListener {
 public:
  void forget() { decisions_.clear(); }
  [[nodiscard]] std::span<const Decision> decisions() const { return decisions_; }

  void on_decision(const Decision& decision) override { decisions_.push_back(decision); }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_lock_ended(const Lock&, BrokerTime) override {}
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}

 private:
  std::vector<Decision> decisions_;
};

}  // namespace rm
