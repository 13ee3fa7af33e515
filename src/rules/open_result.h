#pragma once
// For rules that hold the open result against a limit, of each position for itself or of the account: what differs is
// the side.

#include "rules/contract_flags.h"
#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {

constexpr Param kOpenResultScope{
    "scope",
    ParamKind::Choice,
    Bound::Any,
    "position",
    false,
    "position|account",
    "position: each position for itself, the others stay; account: the sum of all open results, everything is "
    "closed.",
    Stricter::Unknown};

class OpenResultRule : public Rule {
 public:
  [[nodiscard]] Listens listens() const final { return {.trades = true, .positions = true, .quotes = true}; }
  void evaluate(const RuleInput& input, Findings& findings) final;
  [[nodiscard]] RuleStatus status(const AccountBook& book) const final;

 protected:
  OpenResultRule(const RuleConfig& config, std::string_view limit);
  [[nodiscard]] Money limit() const { return limit_; }

 private:
  [[nodiscard]] virtual bool reached(Money open) const = 0;
  // Which of two results is nearer to the limit.
  [[nodiscard]] virtual Money nearer(Money a, Money b) const = 0;
  // What counts when not all of it can be valued. Empty: nothing can be said.
  [[nodiscard]] virtual std::optional<Money> of_account(const OpenProfit& open) const = 0;
  // Without a contract: of the account.
  [[nodiscard]] virtual Reason reason(std::optional<ContractId> contract, Money open) const = 0;

  void look_at_account(const AccountBook& book, Findings& findings);
  void look_at(const Holding& holding, const AccountBook& book, Findings& findings);

  Money limit_;
  bool whole_account_;
  LimitWarnings warnings_of_account_;
  WarningsPerId warnings_;
  ContractFlags broken_;  // at the last look
};

}  // namespace rm
