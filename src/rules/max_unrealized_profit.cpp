// max_unrealized_profit: closes a position (or flattens the account) whose open profit reaches a target. No lock.

#include <algorithm>

#include "rules/contract_flags.h"
#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"target", ParamKind::Money, Bound::AboveZero, "", true, "",
     "Open profit, in dollars, at which the position is closed.", Stricter::Lower},
    {"scope", ParamKind::Choice, Bound::Any, "position", false, "position|account",
     "position: each position for itself, the others stay; account: the sum of all open results, everything is "
     "closed.",
     Stricter::Unknown},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the target at which a warning is given, for each position or for the account.",
     Stricter::Neutral},
};

class MaxUnrealizedProfit final : public Rule {
 public:
  explicit MaxUnrealizedProfit(const RuleConfig& config)
      : target_{config.get<Money>("target")},
        whole_account_{config.get<std::string>("scope") == "account"},
        of_account_{config.get<std::vector<std::int64_t>>("warn_at")},
        of_contract_{config.get<std::vector<std::int64_t>>("warn_at")} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .quotes = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    if (whole_account_) {
      look_at_account(input.book, findings);
      return;
    }
    // A quote changes what is open in its contract alone; what is broken elsewhere is still reported.
    const auto* quote = std::get_if<QuoteUpdated>(&input.event.body);
    for (const Holding& holding : input.book.holdings()) {
      if (!quote || quote->contract == holding.contract || broken_.has(holding.contract))
        look_at(holding, input.book, findings);
    }
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const OpenProfit all = book.open_profit();
    if (whole_account_ && !all.complete) return {target_.text(), "unknown", 0};
    Money best = whole_account_ ? all.total : Money{};
    for (const Holding& holding : book.holdings()) {
      if (whole_account_ || holding.size.is_zero()) continue;
      best = std::max(best, book.open_profit(holding).value_or(Money{}));
    }
    return {target_.text(), best.text(), percent_of(best, target_)};
  }

 private:
  // A profit is only claimed when all of it is known: what cannot be valued may be a loss.
  void look_at_account(const AccountBook& book, Findings& findings) {
    const OpenProfit open = book.open_profit();
    if (!open.complete) return;
    of_account_.update(open.total, target_, findings);
    if (open.total >= target_)
      findings.violate(UnrealisedProfitAtTarget{std::nullopt, open.total, target_}, flat_account());
  }
  void look_at(const Holding& holding, const AccountBook& book, Findings& findings) {
    const auto open = holding.size.is_zero() ? Money{} : book.open_profit(holding);
    broken_.set(holding.contract, open && *open >= target_);
    if (!open) return;
    of_contract_.of(holding.contract).update(*open, target_, findings, holding.contract);
    if (*open >= target_)
      findings.violate(UnrealisedProfitAtTarget{holding.contract, *open, target_}, flat_contract(holding.contract));
  }

  Money target_;
  bool whole_account_;
  LimitWarnings of_account_;
  WarningsPerId of_contract_;
  ContractFlags broken_;  // at the last look
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const Contract& contract = ground.contracts.at(ground.any());
  return Breach{contract.id}
      .hold(config.get<Money>("target"), contract)
      .follows<UnrealisedProfitAtTarget>(Breach::Action::Close);
}

}  // namespace

const RuleSpec& spec_max_unrealized_profit() {
  static const RuleSpec spec{"max_unrealized_profit",
                             "Takes the profit of a position whose open result reaches a target; trading goes on.",
                             kParams, make_rule<MaxUnrealizedProfit>, breach};
  return spec;
}

}  // namespace rm
