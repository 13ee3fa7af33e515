// daily_unrealized_loss: closes a position (or flattens the account) whose open loss reaches a limit. No lock.

#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"limit", ParamKind::Money, Bound::BelowZero, "", true, "",
     "Open loss, in dollars, at which the position is closed.", Stricter::Higher},
    {"scope", ParamKind::Choice, Bound::Any, "position", false, "position|account",
     "position: each position for itself, the others stay; account: the sum of all open results, everything is "
     "closed.",
     Stricter::Unknown},
};

class DailyUnrealizedLoss final : public Rule {
 public:
  explicit DailyUnrealizedLoss(const RuleConfig& config)
      : limit_{config.get<Money>("limit")}, whole_account_{config.get<std::string>("scope") == "account"} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .quotes = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    if (whole_account_) {
      const Money open = input.book.open_profit().total;
      if (open <= limit_) findings.violate(UnrealisedLossAtLimit{std::nullopt, open, limit_}, flat_account());
      return;
    }
    for (const Holding& holding : input.book.holdings()) {
      if (holding.size.is_zero()) continue;
      const auto open = input.book.open_profit(holding);
      if (open && *open <= limit_)
        findings.violate(UnrealisedLossAtLimit{holding.contract, *open, limit_}, flat_contract(holding.contract));
    }
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    Money worst = whole_account_ ? book.open_profit().total : Money{};
    for (const Holding& holding : book.holdings()) {
      if (whole_account_ || holding.size.is_zero()) continue;
      worst = std::min(worst, book.open_profit(holding).value_or(Money{}));
    }
    return {limit_.text(), worst.text(), percent_of(worst, limit_)};
  }

 private:
  Money limit_;
  bool whole_account_;
};

}  // namespace

const RuleSpec& spec_daily_unrealized_loss() {
  static const RuleSpec spec{"daily_unrealized_loss",
                             "Closes a position whose open loss reaches a limit; trading goes on.", kParams,
                             make_rule<DailyUnrealizedLoss>};
  return spec;
}

}  // namespace rm
