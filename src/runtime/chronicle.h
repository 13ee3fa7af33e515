#pragma once
// What the guardian tells of what it does, step by step. The recorder writes it down; the self-test reads in it which
// links of the path were reached. Last subscriber of the bus.

#include <string_view>

#include "enforcement/account_saga.h"
#include "event_bus/event_bus.h"
#include "projectx/suite/broker_api.h"
#include "risk_engine/account_guard.h"

namespace rm {

class Chronicle : public EventHandler {
 public:
  // Hears of each event before anybody else does; nullptr: nobody needs to.
  [[nodiscard]] virtual EventHandler* first_to_hear() { return nullptr; }
  virtual void on_handler_failure(const HandlerFailure& failure, BrokerTime now) = 0;
  virtual void before_acting(const Decision& decision) = 0;  // the request leaves right after
  virtual void after_acting(const Decision& decision) = 0;
  virtual void on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) = 0;
  virtual void on_reply(const BrokerReply& reply) = 0;
  virtual void on_receipt(const Receipt& receipt) = 0;
  virtual void on_escalation(const Escalation& escalation, BrokerTime now) = 0;
  virtual void on_warning(AccountId account, const Warning& warning, BrokerTime now) = 0;
  virtual void on_tightening(AccountId account, const Tightening& tightening,
                             BrokerTime now) = 0;  // a request for it follows
  virtual void on_lock_ended(const Lock& lock, BrokerTime now) = 0;
  virtual void on_clocks(AccountId account, const RuleClocks& clocks) = 0;
  virtual void on_alarm(const ValuationAlarm& alarm, BrokerTime now) = 0;
  virtual void on_reconcile_problem(AccountId account, std::string_view text) = 0;
  virtual void flush_story() = 0;  // what happened outside of a delivery, or after it
};

}  // namespace rm
