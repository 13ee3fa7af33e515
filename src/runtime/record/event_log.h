#pragma once
// A log line for what each event says; fills and positions are told, too.

#include "domain/contract_table.h"
#include "event_bus/risk_event.h"
#include "runtime/record/said_fills.h"
#include "runtime/record/teller.h"

namespace rm {

class EventLog {
 public:
  // Both must outlive the log.
  EventLog(const ContractTable& contracts, Teller& teller) : contracts_{contracts}, teller_{teller} {}
  void on_event(const RiskEvent& event);

 private:
  void say_trade(const RiskEvent& event, const TradeExecuted& executed);
  void say_position(const RiskEvent& event, const Position& position);

  const ContractTable& contracts_;
  Teller& teller_;
  SaidFills said_;
};

}  // namespace rm
