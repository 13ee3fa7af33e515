#pragma once
// The engine's words, kept for the step and handed on.

#include <span>
#include <vector>

#include "risk_engine/risk_engine.h"

namespace rm {

class Heard final : public EngineListener {
 public:
  // Must outlive this.
  void hand_on_to(EngineListener& listener) { also_ = &listener; }
  void forget() { decisions_.clear(); }
  [[nodiscard]] std::span<const Decision> decisions() const { return decisions_; }

  void on_decision(const Decision& decision) override {
    decisions_.push_back(decision);
    if (also_) also_->on_decision(decision);
  }
  void on_warning(AccountId account, const Warning& warning, BrokerTime now) override {
    if (also_) also_->on_warning(account, warning, now);
  }
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) override {
    if (also_) also_->on_tightening(account, tightening, now);
  }
  void on_clocks(AccountId account, const RuleClocks& clocks) override {
    if (also_) also_->on_clocks(account, clocks);
  }
  void on_lock_ended(const Lock& lock, BrokerTime now) override {
    if (also_) also_->on_lock_ended(lock, now);
  }
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now) override {
    if (also_) also_->on_alarm(alarm, now);
  }

 private:
  std::vector<Decision> decisions_;
  EngineListener* also_ = nullptr;
};

}  // namespace rm
