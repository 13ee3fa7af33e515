#pragma once
// Evaluates the rules of one account on one event and merges what they found into at most one decision.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "book/book.h"
#include "risk_engine/blind_watch.h"
#include "risk_engine/decision.h"
#include "risk_engine/lock_police.h"
#include "risk_engine/standing_check.h"
#include "risk_engine/under_way.h"
#include "rules/rule.h"

namespace rm {

struct GuardedRule {
  std::string_view name;
  std::unique_ptr<Rule> rule;
  Listens listens;
  std::optional<BrokerTime> deadline;  // when time alone can change what it finds
  std::vector<RunningClock> clocks{};  // as they were last told
  std::uint64_t evaluations = 0;       // how often it was asked
};

// All running clocks of one rule; none: they have all ended.
struct RuleClocks {
  std::string_view rule;
  std::span<const RunningClock> clocks;
};

// Raised once when it begins, cleared when it ends: an open position that cannot be valued, or whose price is old.
struct ValuationAlarm {
  AccountId account;
  bool unvalued = false;  // false: the marks are older than allowed, the last one is used
  bool raised = false;    // false: it is over
};

class AccountGuard {
 public:
  // `book` must outlive the guard.
  AccountGuard(AccountBook& book, std::vector<GuardedRule> rules, Duration stale_after, BlindPolicy blind = {});

  // Evaluates; true when decision() is new. `event` is already in the book.
  bool evaluate(const RiskEvent& event);
  [[nodiscard]] const Decision& decision() const { return decision_; }  // valid until the next evaluate()
  [[nodiscard]] Decision& decision() { return decision_; }
  [[nodiscard]] std::span<const Warning> warnings() const { return findings_.warnings; }  // of the last evaluate()
  [[nodiscard]] std::span<const Tightening> tightenings() const { return findings_.tightenings; }
  // What must be kept for a restart; of the last evaluate() or replace_rules().
  [[nodiscard]] std::span<const RuleClocks> changed_clocks() const { return changed_clocks_; }
  [[nodiscard]] std::span<const Lock> ended_locks() const { return ended_locks_; }  // of the last evaluate()
  [[nodiscard]] std::optional<ValuationAlarm> alarm() const { return alarm_; }      // of the last evaluate()

  // The decision was given this number; its violations are served by it until on_finished().
  void on_numbered(EnforcementId id);
  // The broker showed the goal of this enforcement: what is found again and is not in its goal state is decided anew.
  void on_finished(EnforcementId id);
  // An enforcement of before a restart is being driven on.
  void on_resumed(EnforcementId id, const Goal& goal);
  // A clock of before a restart; false: no such rule here. Before the first evaluate().
  bool resume_clock(std::string_view rule, const RunningClock& clock);
  // What the standing check holds the sizes to.
  void set_limits(SizeLimits limits) { check_.set_limits(std::move(limits)); }
  // Once each time: the account is to be read now, to see whether what was heard is so.
  [[nodiscard]] bool take_read_wish() { return check_.take_read_wish(); }
  // Other rules from now on; what is decided, locked and under way stays.
  void replace_rules(std::vector<GuardedRule> rules);

  [[nodiscard]] AccountId id() const { return book_.id(); }
  [[nodiscard]] AccountBook& book() { return book_; }
  [[nodiscard]] std::span<const GuardedRule> rules() const { return rules_; }
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;
  [[nodiscard]] std::uint32_t incidents() const { return check_.incidents(); }
  [[nodiscard]] std::uint32_t strikes() const { return police_.strikes(); }

 private:
  struct Active {  // a violation that was decided on and still stands
    std::string_view rule;
    std::size_t reason_index;
    std::optional<ContractId> contract;
    OrderId order;
    std::optional<SymbolId> symbol;
    Goal goal;
    EnforcementId served_by;  // 0 once finished
    bool seen = false;        // in this evaluation
    bool asked = false;       // whether its rule was evaluated this time
  };
  [[nodiscard]] bool concerned(const GuardedRule& rule, const RiskEvent& event) const;
  void run_rules(const RiskEvent& event);
  void look_if_blind(BrokerTime now);
  void look_at_the_broker(const RiskEvent& event);
  void note_clocks(GuardedRule& rule);
  void decide(const RiskEvent& event);
  bool is_new(const Violation& violation);
  [[nodiscard]] static bool same(const Active& active, const Violation& violation);
  void watch_valuation(BrokerTime now);

  AccountBook& book_;
  std::vector<GuardedRule> rules_;
  Duration stale_after_;
  Findings findings_;
  Decision decision_;
  std::vector<Active> active_;
  UnderWay under_way_;
  LockPolice police_;
  StandingCheck check_;
  BrokerTime evaluated_at_;
  BlindWatch blind_;
  std::vector<Lock> ended_locks_;
  std::vector<RuleClocks> changed_clocks_;
  std::optional<ValuationAlarm> alarm_;
  std::optional<BrokerTime> look_at_age_;  // when the oldest mark in use becomes too old
  bool unvalued_ = false, stale_ = false;
};

// Whether the book shows the goal. Not known is not reached.
[[nodiscard]] bool goal_reached(const AccountBook& book, const Goal& goal);

}  // namespace rm
