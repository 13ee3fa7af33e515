#pragma once
// What must become true at the broker.

#include <vector>

#include "domain/ids.h"
#include "domain/price.h"

namespace rm {

struct ContractGoal {
  ContractId contract;
  Lots at_most;  // 0: flat, including its working orders
  friend bool operator==(const ContractGoal&, const ContractGoal&) = default;
};
struct Goal {
  bool account_flat = false;            // covers everything below
  std::vector<ContractGoal> contracts;  // at most one per contract
  std::vector<OrderId> orders_gone;
  [[nodiscard]] bool empty() const { return !account_flat && contracts.empty() && orders_gone.empty(); }
  void clear() {
    account_flat = false;
    contracts.clear();
    orders_gone.clear();
  }
  // Takes the stricter of the two, part by part: flat covers contract flat covers "at most n".
  void merge(const Goal& other);
  friend bool operator==(const Goal&, const Goal&) = default;
};

}  // namespace rm
