// max_unrealized_profit: closes a position (or flattens the account) whose open profit reaches a target. No lock.

#include <algorithm>

#include "rules/open_result.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"target", ParamKind::Money, Bound::AboveZero, "", true, "",
     "Open profit, in dollars, at which the position is closed.", Stricter::Lower},
    kOpenResultScope,
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the target at which a warning is given, for each position or for the account.",
     Stricter::Neutral},
};

class MaxUnrealizedProfit final : public OpenResultRule {
 public:
  explicit MaxUnrealizedProfit(const RuleConfig& config) : OpenResultRule{config, "target"} {}

 private:
  [[nodiscard]] bool reached(Money open) const override { return open >= limit(); }
  [[nodiscard]] Money nearer(Money a, Money b) const override { return std::max(a, b); }
  // A profit is only claimed when all of it is known: what cannot be valued may be a loss.
  [[nodiscard]] std::optional<Money> of_account(const OpenProfit& open) const override {
    return open.complete ? std::optional{open.total} : std::nullopt;
  }
  [[nodiscard]] Reason reason(std::optional<ContractId> contract, Money open) const override {
    return UnrealisedProfitAtTarget{contract, open, limit()};
  }
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
