#include "rules/rule.h"

namespace rm {

Lock account_lock(const AccountBook& book, std::string_view rule, Reason reason, BrokerTime now, LockEnd until,
                  LockKind kind) {
  return Lock{book.id(), std::nullopt, kind, rule, reason, now, until, EnforcementId{}};
}

Lock symbol_lock(const AccountBook& book, SymbolId symbol, std::string_view rule, Reason reason, BrokerTime now,
                 LockEnd until, LockKind kind) {
  return Lock{book.id(), symbol, kind, rule, reason, now, until, EnforcementId{}};
}

Goal flat_account() {
  Goal goal;
  goal.account_flat = true;
  return goal;
}

Goal flat_contract(ContractId contract) {
  return at_most(contract, Lots{});
}

Goal at_most(ContractId contract, Lots size) {
  Goal goal;
  goal.contracts.push_back(ContractGoal{contract, size});
  return goal;
}

}  // namespace rm
