#pragma once
// R6: a rule reads the book and says what is broken. It keeps no money of its own and sends nothing.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "book/account_book.h"
#include "event_bus/risk_event.h"
#include "rules/registry.h"
#include "rules/violation.h"

namespace rm {

struct RuleInput {
  const AccountBook& book;
  const RiskEvent& event;
  BrokerTime now;
  Duration stale_after;  // a mark older than this is no price to act on
};

// What rules found on one event. The engine owns and reuses it.
class Findings {
 public:
  void violate(Reason reason, Goal goal, std::optional<Lock> lock = std::nullopt) {
    violations.push_back(Violation{rule, reason, std::move(goal), lock});
  }
  void warn(std::int64_t percent, Measure value, Measure limit, std::optional<ContractId> contract = std::nullopt) {
    warnings.push_back(Warning{rule, percent, value, limit, contract});
  }
  // Not a violation: a working stop is to be moved there, only ever tighter.
  void tighten(OrderId order, ContractId contract, Price stop) {
    tightenings.push_back(Tightening{rule, order, contract, stop});
  }
  // Not a violation: the position in this contract has no stop at all, and one is to be placed there.
  void place_stop(ContractId contract, Price stop) {
    tightenings.push_back(Tightening{rule, std::nullopt, contract, stop});
  }

  std::string_view rule;  // set by the engine before each evaluation
  std::vector<Violation> violations;
  std::vector<Warning> warnings;
  std::vector<Tightening> tightenings;
};

// For status: where a rule stands. Texts are exact decimals or counts.
struct RuleStatus {
  std::string limit;
  std::string value;  // "unknown" when it cannot be told
  std::int64_t used_percent = 0;
  std::string message{};  // words of the configuration to be shown with it; may be empty
};

// Which events can change what the rule finds. Snapshots, read-backs and time always reach it.
struct Listens {
  bool trades = false, positions = false, orders = false, accounts = false, quotes = false;
};

class Rule {
 public:
  virtual ~Rule() = default;
  [[nodiscard]] virtual Listens listens() const = 0;
  // Reports everything that is broken now, each time it is asked; the engine knows what is new. The book is
  // synchronised.
  virtual void evaluate(const RuleInput& input, Findings& findings) = 0;
  // When time alone can change what the rule finds; asked after each evaluation, later than its `now`.
  [[nodiscard]] virtual std::optional<BrokerTime> next_deadline() const { return std::nullopt; }
  // Clocks that must go on over a restart: what is running now, and what was running before.
  [[nodiscard]] virtual std::span<const RunningClock> clocks() const { return {}; }
  virtual void resume_clock(const RunningClock&) {}
  [[nodiscard]] virtual RuleStatus status(const AccountBook& book) const = 0;
};

[[nodiscard]] Lock account_lock(const AccountBook& book, std::string_view rule, Reason reason, BrokerTime now,
                                LockEnd until, LockKind kind = LockKind::Hard);
[[nodiscard]] Lock symbol_lock(const AccountBook& book, SymbolId symbol, std::string_view rule, Reason reason,
                               BrokerTime now, LockEnd until, LockKind kind = LockKind::Hard);
[[nodiscard]] Goal flat_account();
[[nodiscard]] Goal flat_contract(ContractId contract);
[[nodiscard]] Goal at_most(ContractId contract, Lots size);

}  // namespace rm
