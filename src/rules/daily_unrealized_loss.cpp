// daily_unrealized_loss: closes a position (or flattens the account) whose open loss reaches a limit. No lock.

#include <algorithm>

#include "rules/contract_flags.h"
#include "rules/limit_warnings.h"
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
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the limit at which a warning is given, for each position or for the account.",
     Stricter::Neutral},
};

class DailyUnrealizedLoss final : public Rule {
 public:
  explicit DailyUnrealizedLoss(const RuleConfig& config)
      : limit_{config.get<Money>("limit")},
        whole_account_{config.get<std::string>("scope") == "account"},
        of_account_{config.get<std::vector<std::int64_t>>("warn_at")},
        of_contract_{config.get<std::vector<std::int64_t>>("warn_at")} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .quotes = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    if (whole_account_) {
      const Money open = input.book.open_profit().total;
      of_account_.update(open, limit_, findings);
      if (open <= limit_) findings.violate(UnrealisedLossAtLimit{std::nullopt, open, limit_}, flat_account());
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
    Money worst = whole_account_ ? book.open_profit().total : Money{};
    for (const Holding& holding : book.holdings()) {
      if (whole_account_ || holding.size.is_zero()) continue;
      worst = std::min(worst, book.open_profit(holding).value_or(Money{}));
    }
    return {limit_.text(), worst.text(), percent_of(worst, limit_)};
  }

 private:
  // A flat contract has no open loss: its warnings are armed again.
  void look_at(const Holding& holding, const AccountBook& book, Findings& findings) {
    const auto open = holding.size.is_zero() ? Money{} : book.open_profit(holding);
    broken_.set(holding.contract, open && *open <= limit_);
    if (!open) return;
    of_contract_.of(holding.contract).update(*open, limit_, findings, holding.contract);
    if (*open <= limit_)
      findings.violate(UnrealisedLossAtLimit{holding.contract, *open, limit_}, flat_contract(holding.contract));
  }

  Money limit_;
  bool whole_account_;
  LimitWarnings of_account_;
  WarningsPerId of_contract_;
  ContractFlags broken_;  // at the last look
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
