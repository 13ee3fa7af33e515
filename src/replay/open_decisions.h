#pragma once
// With another configuration: when are its enforcements over? One that was taken then too is over when it was over
// then; of any other, nobody acted on it, and it is over when the recorded events happen to show its goal.

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "risk_engine/risk_engine.h"

namespace rm {

class OpenDecisions {
 public:
  void clear() { open_.clear(); }
  void on_resumed(EnforcementId id) { open_.push_back({{}, id, id, {}, {}}); }
  void on_replayed(std::span<const Decision> decisions) {
    for (const Decision& d : decisions) open_.push_back({d.account, d.id, {}, d.trigger_sequence, d.goal});
  }
  void on_recorded(const Decision& decision) {
    const auto same = std::ranges::find_if(open_, [&](const Open& o) {
      return o.account == decision.account && o.recorded == EnforcementId{} &&
             o.trigger == decision.trigger_sequence && o.goal == decision.goal;
    });
    if (same != open_.end()) same->recorded = decision.id;
  }
  // Empty: nothing of now stands for it.
  [[nodiscard]] std::optional<EnforcementId> on_receipt(EnforcementId recorded) {
    const auto found = std::ranges::find(open_, recorded, &Open::recorded);
    if (found == open_.end() || recorded == EnforcementId{}) return std::nullopt;
    const EnforcementId id = found->id;
    open_.erase(found);
    return id;
  }
  void finish_reached(const Book& book, RiskEngine& engine) {
    std::erase_if(open_, [&](const Open& o) {
      const AccountBook* account = book.find(o.account);
      if (o.recorded != EnforcementId{} || !account || !goal_reached(*account, o.goal)) return false;
      engine.on_finished(o.account, o.id);
      return true;
    });
  }

 private:
  struct Open {
    AccountId account;
    EnforcementId id, recorded;  // recorded 0: it was not taken then
    std::uint64_t trigger = 0;
    Goal goal;
  };
  std::vector<Open> open_;
};

}  // namespace rm
