#pragma once
// R5, R7: every event to the rules of the accounts it concerns; what they find becomes numbered decisions.
// Deterministic: same events, same times, same decisions. Second subscriber of the bus, after the book.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "risk_engine/account_guard.h"
#include "risk_engine/enforcement_ids.h"

namespace rm {

// What the engine says. Called from inside on_event(); the arguments are valid during the call only.
class EngineListener {
 public:
  virtual ~EngineListener() = default;
  virtual void on_decision(const Decision& decision) = 0;
  virtual void on_warning(AccountId account, const Warning& warning, BrokerTime now) = 0;
  virtual void on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) = 0;
  // These are all the running clocks of the rule now: to be kept in place of what was kept before.
  virtual void on_clocks(AccountId account, const RuleClocks& clocks) = 0;
  virtual void on_lock_ended(const Lock& lock, BrokerTime now) = 0;
  virtual void on_alarm(const ValuationAlarm& alarm, BrokerTime now) = 0;
  // The account is to be read now: what the stream told does not fit what is demanded.
  virtual void on_read_wanted(AccountId, BrokerTime) {}
};

class RiskEngine final : public EventHandler {
 public:
  // All must outlive the engine. `ids` may be shared by several engines; `next_id` is the first number of its own.
  RiskEngine(Book& book, EngineListener& listener, Duration stale_after, EnforcementIds& ids, BlindPolicy blind = {});
  RiskEngine(Book& book, EngineListener& listener, Duration stale_after, EnforcementId next_id,
             BlindPolicy blind = {});
  RiskEngine(const RiskEngine&) = delete;
  RiskEngine& operator=(const RiskEngine&) = delete;

  // Puts an account under these rules (of the registry, checked). The account is in the book.
  void guard(AccountId account, std::span<const RuleConfig> rules);
  // The same for an account that is guarded already: what is decided, locked and under way stays.
  void replace_rules(AccountId account, std::span<const RuleConfig> rules);
  // Locks of before a restart hold as before; an unfinished enforcement goes on.
  void restore(const Lock& lock);
  // False: the account has no such rule (any more), the clock is to be forgotten. Before the first event.
  bool restore_clock(AccountId account, std::string_view rule, const RunningClock& clock);
  void resume(AccountId account, EnforcementId id, const Goal& goal);
  void on_finished(AccountId account, EnforcementId id);

  [[nodiscard]] std::string_view handler_name() const override { return "risk_engine"; }
  Result<void> on_event(const RiskEvent& event) override;

  // When a TimePassed event is due next: a lock's end, a reset, a dispute's patience, the age of a price.
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] const AccountGuard* find(AccountId account) const;

 private:
  AccountGuard* find(AccountId account);
  void evaluate(AccountGuard& guard, const RiskEvent& event);
  void tell_clocks(const AccountGuard& guard);

  Book& book_;
  EngineListener& listener_;
  Duration stale_after_;
  BlindPolicy blind_;
  EnforcementIds own_ids_;
  EnforcementIds& ids_;
  std::vector<std::unique_ptr<AccountGuard>> guards_;
  std::uint64_t evaluations_ = 0;
};

}  // namespace rm
