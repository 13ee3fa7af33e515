#pragma once
// One enforcement from its decision to the proof: into the journal before anything is sent; log, metrics and people
// after that. Its requests are in request_record.h, its locks in lock_record.h.

#include <cstdint>
#include <functional>
#include <vector>

#include "domain/contract_table.h"
#include "enforcement/account_saga.h"
#include "observe/metrics.h"
#include "risk_engine/decision.h"
#include "runtime/record/teller.h"
#include "store/store.h"

namespace rm {

class EnforcementRecord {
 public:
  // All must outlive the record. `monotonic_ns` reads the clock of Decision::received_ns.
  EnforcementRecord(Store& store, Metrics& metrics, const ContractTable& contracts, Teller& teller,
                    std::function<std::int64_t()> monotonic_ns)
      : store_{store},
        metrics_{metrics},
        contracts_{contracts},
        teller_{teller},
        monotonic_ns_{std::move(monotonic_ns)} {}

  void before_acting(const Decision& decision);  // journal only: the request leaves right after
  void after_acting(const Decision& decision);
  void on_escalation(const Escalation& escalation, BrokerTime now);
  void on_receipt(const Receipt& receipt);
  [[nodiscard]] const std::vector<Receipt>& receipts() const { return receipts_; }  // newest last, bounded

 private:
  void say_violation(const Decision& decision, const Violation& violation);
  void say_incident(const Decision& decision, const Violation& violation);
  void say_goal(const Decision& decision);

  Store& store_;
  Metrics& metrics_;
  const ContractTable& contracts_;
  Teller& teller_;
  std::function<std::int64_t()> monotonic_ns_;
  std::vector<Receipt> receipts_;
};

}  // namespace rm
