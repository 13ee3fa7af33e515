#pragma once
// With another configuration: what it locked, and its running clocks, hold on over a restart of the daemon. Kept as
// bytes, because each run numbers contracts and symbols anew.

#include <vector>

#include "risk_engine/risk_engine.h"
#include "store/codec.h"

namespace rm {

class CarriedOver {
 public:
  CarriedOver(const Book& book, const RiskEngine& engine, const ContractTable& contracts) {
    for (const auto& account : book.accounts()) {
      for (const Lock& lock : account->locks().all())
        locks_.push_back(encoded(layout::LockEndedRecord{lock, {}}, contracts));
      const AccountGuard* guard = engine.find(account->id());
      if (!guard) continue;
      for (const GuardedRule& rule : guard->rules())
        clocks_.push_back(encoded(layout::ClocksRecord{account->id(), rule.name, rule.clocks}, contracts));
    }
  }

  // In place of the recorded ones.
  void put_into(RunStart& start, ContractTable& contracts) const {
    start.locks.clear();
    start.clocks.clear();
    for (const auto& bytes : locks_) {
      if (auto lock = decode<layout::LockEndedRecord>(bytes, contracts, rule_text)) start.locks.push_back(lock->lock);
    }
    for (const auto& bytes : clocks_) {
      const auto running = decode<layout::ClocksRecord>(bytes, contracts, rule_text);
      if (!running) continue;
      for (const RunningClock& clock : running->clocks)
        start.clocks.push_back({running->account, running->rule, clock});
    }
  }

 private:
  static std::string_view rule_text(std::string_view name) {
    const RuleSpec* spec = find_rule(name);
    return spec ? spec->name : std::string_view{};
  }
  std::vector<std::vector<std::byte>> locks_, clocks_;
};

}  // namespace rm
