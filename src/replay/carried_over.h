#pragma once
// With another configuration: what it locked, and its running clocks, hold on over a restart of the daemon. Kept as
// bytes, because each run numbers contracts and symbols anew.

#include <map>
#include <vector>

#include "replay/decoded.h"
#include "risk_engine/risk_engine.h"
#include "store/codec.h"

namespace rm {

class CarriedOver {
 public:
  // In place of what was kept of these accounts before.
  void keep(const Book& book, const RiskEngine& engine, const ContractTable& contracts) {
    for (const auto& account : book.accounts()) {
      Kept& kept = kept_[account->id()] = {};
      for (const Lock& lock : account->locks().all())
        kept.locks.push_back(encoded(layout::LockEndedRecord{lock, {}}, contracts));
      const AccountGuard* guard = engine.find(account->id());
      if (!guard) continue;
      for (const GuardedRule& rule : guard->rules())
        kept.clocks.push_back(encoded(layout::ClocksRecord{account->id(), rule.name, rule.clocks}, contracts));
    }
  }

  // In place of the recorded ones, for each account of which something was kept.
  void put_into(RunStart& start, ContractTable& contracts) const {
    const auto is_kept = [&](const auto& x) { return kept_.contains(x.account); };
    std::erase_if(start.locks, is_kept);
    std::erase_if(start.clocks, is_kept);
    for (const auto& [account, kept] : kept_) put_into(start, kept, contracts);
  }

 private:
  struct Kept {
    std::vector<std::vector<std::byte>> locks, clocks;
  };
  static void put_into(RunStart& start, const Kept& kept, ContractTable& contracts) {
    for (const auto& bytes : kept.locks) {
      if (auto lock = decode<layout::LockEndedRecord>(bytes, contracts, rule_name)) start.locks.push_back(lock->lock);
    }
    for (const auto& bytes : kept.clocks) {
      const auto running = decode<layout::ClocksRecord>(bytes, contracts, rule_name);
      if (!running) continue;
      for (const RunningClock& clock : running->clocks)
        start.clocks.push_back({running->account, running->rule, clock});
    }
  }
  std::map<AccountId, Kept> kept_;
};

}  // namespace rm
