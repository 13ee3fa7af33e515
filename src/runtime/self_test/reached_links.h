#pragma once
// The chronicle of an isolated run: what reached which link of the path, for the self-test to judge.

#include <vector>

#include "runtime/chronicle.h"

namespace rm {

class ReachedLinks final : public Chronicle {
 public:
  struct Found {  // of one violation in a decision
    std::string_view rule, reason;
    std::optional<Lock> lock;
    bool has_goal = false, decided_goal = false;  // of the violation; of the decision it came in
    bool decided_lock = false;                    // its lock was newly set
  };

  [[nodiscard]] std::uint64_t heard() const { return heard_; }  // events that went through the whole bus
  [[nodiscard]] const std::vector<Found>& found() const { return found_; }
  [[nodiscard]] const std::vector<BrokerAsk>& asked() const { return asked_; }  // that would change something

  [[nodiscard]] std::string_view handler_name() const override { return "self_test"; }
  Result<void> on_event(const RiskEvent&) override {
    ++heard_;
    return {};
  }
  void on_handler_failure(const HandlerFailure& failure, BrokerTime) override { failures_.push_back(failure); }
  void before_acting(const Decision& decision) override {
    for (const Violation& violation : decision.violations) {
      bool set = false;
      for (const Lock& lock : decision.locks) set = set || (violation.lock && lock.rule == violation.lock->rule);
      found_.push_back({violation.rule, code(violation.reason), violation.lock, !violation.goal.empty(),
                        !decision.goal.empty(), set});
    }
  }
  void after_acting(const Decision&) override {}
  void on_request(const BrokerRequest& request, EnforcementId, BrokerTime) override {
    if (!is_read(request.ask)) asked_.push_back(request.ask);
  }
  void on_reply(const BrokerReply&) override {}
  void on_receipt(const Receipt&) override {}
  void on_escalation(const Escalation&, BrokerTime) override {}
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_lock_ended(const Lock&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}
  void on_reconcile_problem(AccountId, std::string_view text) override { read_problem_ = text; }
  void flush_story() override {}

  [[nodiscard]] const std::vector<HandlerFailure>& failures() const { return failures_; }
  [[nodiscard]] const std::string& read_problem() const { return read_problem_; }

 private:
  std::uint64_t heard_ = 0;
  std::vector<Found> found_;
  std::vector<BrokerAsk> asked_;
  std::vector<HandlerFailure> failures_;
  std::string read_problem_;
};

}  // namespace rm
