#pragma once
// Locks, from the decision that set them to their end. Nobody hears of one that a crash could still take back.

#include <unordered_map>
#include <vector>

#include "domain/contract_table.h"
#include "domain/lock.h"
#include "risk_engine/decision.h"
#include "runtime/record/teller.h"
#include "store/store.h"

namespace rm {

class LockRecord {
 public:
  // All must outlive the record.
  LockRecord(Store& store, const ContractTable& contracts, Teller& teller)
      : store_{store}, contracts_{contracts}, teller_{teller} {}
  void on_decision(const Decision& decision);  // its locks are announced by on_durable()
  void on_durable(EnforcementId id);
  void on_lock_ended(const Lock& lock, BrokerTime now);

 private:
  void announce(const Lock& lock, EnforcementId id);

  Store& store_;
  const ContractTable& contracts_;
  Teller& teller_;
  std::unordered_map<EnforcementId, std::vector<Lock>> unannounced_;
};

}  // namespace rm
