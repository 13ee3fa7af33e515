// daily_loss: flattens the account and locks it hard until the reset when the day's result reaches the loss limit.

#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"max_loss", ParamKind::Money, Bound::BelowZero, "", true, "",
     "Loss of the trading day, in dollars, at which the account is flattened and locked.", Stricter::Higher},
    {"basis", ParamKind::Choice, Bound::Any, "total", false, "total|realized",
     "total: net realised plus open result of all positions; realized: net realised alone.", Stricter::Unknown},
    {"include_costs", ParamKind::Bool, Bound::Any, "true", false, "", "Whether fees and commissions count as loss.",
     Stricter::True},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[50, 75, 90]", false, "",
     "Percentages of the limit at which a warning is given.", Stricter::Neutral},
};

class DailyLoss final : public Rule {
 public:
  explicit DailyLoss(const RuleConfig& config)
      : limit_{config.get<Money>("max_loss")},
        with_open_{config.get<std::string>("basis") == "total"},
        with_costs_{config.get<bool>("include_costs")},
        warnings_{config.get<std::vector<std::int64_t>>("warn_at")} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .quotes = with_open_}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    const Money result = value(input.book);
    warnings_.update(result, limit_, findings);
    if (result > limit_) return;
    const Reason reason = LossAtLimit{result, limit_};
    findings.violate(reason, flat_account(),
                     account_lock(input.book, findings.rule, reason, input.now, UntilTime{input.book.next_reset()}));
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const Money result = value(book);
    return {limit_.text(), result.text(), percent_of(result, limit_)};
  }

 private:
  // What cannot be valued is left out here and raised as an alarm by the engine: it is never a reason to do nothing.
  [[nodiscard]] Money value(const AccountBook& book) const {
    const DayResult& day = book.day().result();
    const Money realised = with_costs_ ? day.net() : day.realised;
    return with_open_ ? realised + book.open_profit().total : realised;
  }

  Money limit_;
  bool with_open_, with_costs_;
  LimitWarnings warnings_;
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const Contract& contract = ground.contracts.at(ground.any());
  const Money limit = config.get<Money>("max_loss");
  const bool open = config.get<std::string>("basis") == "total";
  Breach breach{contract.id};
  if (open) {
    breach.hold(limit, contract);
  } else {
    breach.leave_an_order().realise(limit, contract);
  }
  return breach.follows<LossAtLimit>(open ? Breach::Action::Close : Breach::Action::Cancel,
                                     Breach::SetsLock{LockKind::Hard});
}

}  // namespace

const RuleSpec& spec_daily_loss() {
  static const RuleSpec spec{
      "daily_loss",
      "Stops the day when its loss reaches a limit: everything is closed, the account is locked until the reset.",
      kParams, make_rule<DailyLoss>, breach};
  return spec;
}

}  // namespace rm
