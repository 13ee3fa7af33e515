#pragma once
// The enforcements that the broker has not shown the goal of yet: what they will undo needs no new decision.

#include <algorithm>
#include <optional>
#include <vector>

#include "domain/goal.h"
#include "domain/time.h"

namespace rm {

class UnderWay {
 public:
  struct Entry {
    EnforcementId id;
    Goal goal;
    BrokerTime decided;  // zero: before a restart
  };
  void add(EnforcementId id, const Goal& goal, BrokerTime decided = {}) { list_.push_back({id, goal, decided}); }
  void remove(EnforcementId id) {
    std::erase_if(list_, [&](const Entry& e) { return e.id == id; });
  }

  [[nodiscard]] const Entry* find(EnforcementId id) const {
    const auto found = std::find_if(list_.begin(), list_.end(), [&](const Entry& e) { return e.id == id; });
    return found == list_.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool flattens_account() const {
    return std::any_of(list_.begin(), list_.end(), [](const Entry& e) { return e.goal.account_flat; });
  }
  // The most lots that will be left in the contract; empty: nothing under way touches it.
  [[nodiscard]] std::optional<Lots> leaves(ContractId contract) const {
    if (flattens_account()) return Lots{};
    std::optional<Lots> least;
    for (const Entry& entry : list_) {
      for (const ContractGoal& goal : entry.goal.contracts) {
        if (goal.contract == contract) least = least ? std::min(*least, goal.at_most) : goal.at_most;
      }
    }
    return least;
  }
  [[nodiscard]] bool removes(OrderId order, ContractId contract) const {
    if (const auto left = leaves(contract); left && left->is_zero()) return true;
    return std::any_of(list_.begin(), list_.end(), [&](const Entry& e) {
      return std::find(e.goal.orders_gone.begin(), e.goal.orders_gone.end(), order) != e.goal.orders_gone.end();
    });
  }

 private:
  std::vector<Entry> list_;
};

}  // namespace rm
