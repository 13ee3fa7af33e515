// daily_realized_profit: flattens the account and locks it hard until the reset when the day's result reaches the
// target.

#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"target", ParamKind::Money, Bound::AboveZero, "", true, "",
     "Profit of the trading day, in dollars, at which the account is flattened and locked.", Stricter::Lower},
    {"basis", ParamKind::Choice, Bound::Any, "realized", false, "realized|total",
     "realized: net realised alone; total: net realised plus open result of all positions.", Stricter::Unknown},
    {"include_costs", ParamKind::Bool, Bound::Any, "true", false, "",
     "Whether fees and commissions are taken off the profit.", Stricter::False},
    {"message", ParamKind::Text, Bound::Any, "", false, "",
     "Words of your own, shown by status beside the rule once the target is reached.", Stricter::Neutral},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the target at which a warning is given.", Stricter::Neutral},
};

class DailyRealizedProfit final : public Rule {
 public:
  explicit DailyRealizedProfit(const RuleConfig& config)
      : target_{config.get<Money>("target")},
        with_open_{config.get<std::string>("basis") == "total"},
        with_costs_{config.get<bool>("include_costs")},
        warnings_{config.get<std::vector<std::int64_t>>("warn_at")} {
    if (config.has("message")) message_ = config.get<std::string>("message");
  }

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .quotes = with_open_}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    const auto result = value(input.book);
    if (!result) return;
    warnings_.update(*result, target_, findings);
    if (*result < target_) return;
    const Reason reason = ProfitAtTarget{*result, target_};
    findings.violate(reason, flat_account(),
                     account_lock(input.book, findings.rule, reason, input.now, UntilTime{input.book.next_reset()}));
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const auto result = value(book);
    RuleStatus status{target_.text(), result ? result->text() : "unknown", result ? percent_of(*result, target_) : 0};
    if (reached(book)) status.message = message_;
    return status;
  }

 private:
  // Empty: not all of it is known. A profit is only claimed when it is: what cannot be valued may be a loss.
  [[nodiscard]] std::optional<Money> value(const AccountBook& book) const {
    const DayResult& day = book.day().result();
    const Money realised = with_costs_ ? day.net() : day.realised;
    if (!with_open_) return realised;
    const OpenProfit open = book.open_profit();
    return open.complete ? std::optional{realised + open.total} : std::nullopt;
  }
  [[nodiscard]] static bool reached(const AccountBook& book) {
    for (const Lock& lock : book.locks().all()) {
      if (std::holds_alternative<ProfitAtTarget>(lock.reason)) return true;
    }
    return false;
  }

  Money target_;
  bool with_open_, with_costs_;
  std::string message_;
  LimitWarnings warnings_;
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const Contract& contract = ground.contracts.at(ground.any());
  const Money target = config.get<Money>("target");
  const bool open = config.get<std::string>("basis") == "total";
  Breach breach{contract.id};
  if (open) {
    breach.hold(target, contract);
  } else {
    breach.leave_an_order().realise(target, contract);
  }
  return breach.follows<ProfitAtTarget>(open ? Breach::Action::Close : Breach::Action::Cancel,
                                        Breach::SetsLock{LockKind::Hard});
}

}  // namespace

const RuleSpec& spec_daily_realized_profit() {
  static const RuleSpec spec{
      "daily_realized_profit",
      "Ends the day when its profit reaches a target: everything is closed, the account is locked until the reset.",
      kParams, make_rule<DailyRealizedProfit>, breach};
  return spec;
}

}  // namespace rm
