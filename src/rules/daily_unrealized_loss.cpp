// daily_unrealized_loss: closes a position (or flattens the account) whose open loss reaches a limit. No lock.

#include <algorithm>

#include "rules/open_result.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"limit", ParamKind::Money, Bound::BelowZero, "", true, "",
     "Open loss, in dollars, at which the position is closed.", Stricter::Higher},
    kOpenResultScope,
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the limit at which a warning is given, for each position or for the account.",
     Stricter::Neutral},
};

class DailyUnrealizedLoss final : public OpenResultRule {
 public:
  explicit DailyUnrealizedLoss(const RuleConfig& config) : OpenResultRule{config, "limit"} {}

 private:
  [[nodiscard]] bool reached(Money open) const override { return open <= limit(); }
  [[nodiscard]] Money nearer(Money a, Money b) const override { return std::min(a, b); }
  [[nodiscard]] std::optional<Money> of_account(const OpenProfit& open) const override { return open.total; }
  [[nodiscard]] Reason reason(std::optional<ContractId> contract, Money open) const override {
    return UnrealisedLossAtLimit{contract, open, limit()};
  }
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const Contract& contract = ground.contracts.at(ground.any());
  return Breach{contract.id}
      .hold(config.get<Money>("limit"), contract)
      .follows<UnrealisedLossAtLimit>(Breach::Action::Close);
}

}  // namespace

const RuleSpec& spec_daily_unrealized_loss() {
  static const RuleSpec spec{"daily_unrealized_loss",
                             "Closes a position whose open loss reaches a limit; trading goes on.", kParams,
                             make_rule<DailyUnrealizedLoss>, breach};
  return spec;
}

}  // namespace rm
