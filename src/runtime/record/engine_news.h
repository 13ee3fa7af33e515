#pragma once
// What the engine says without a decision: a limit comes near, a stop is drawn nearer, a position has no price to go
// by. Nothing of it is kept for a restart.

#include "domain/contract_table.h"
#include "risk_engine/account_guard.h"
#include "runtime/record/teller.h"

namespace rm {

class EngineNews {
 public:
  // Both must outlive the news.
  EngineNews(const ContractTable& contracts, Teller& teller) : contracts_{contracts}, teller_{teller} {}
  void on_warning(AccountId account, const Warning& warning, BrokerTime now);
  void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now);
  void on_alarm(const ValuationAlarm& alarm, BrokerTime now);

 private:
  const ContractTable& contracts_;
  Teller& teller_;
};

}  // namespace rm
