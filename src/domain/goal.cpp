#include "domain/goal.h"

#include <algorithm>

namespace rm {

void Goal::merge(const Goal& other) {
  account_flat = account_flat || other.account_flat;
  for (const ContractGoal& theirs : other.contracts) {
    const auto ours = std::find_if(contracts.begin(), contracts.end(),
                                   [&](const ContractGoal& g) { return g.contract == theirs.contract; });
    if (ours == contracts.end()) {
      contracts.push_back(theirs);
    } else {
      ours->at_most = std::min(ours->at_most, theirs.at_most);
    }
  }
  for (const OrderId order : other.orders_gone) {
    if (std::find(orders_gone.begin(), orders_gone.end(), order) == orders_gone.end()) orders_gone.push_back(order);
  }
}

}  // namespace rm
