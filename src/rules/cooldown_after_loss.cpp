// cooldown_after_loss: after a loss everything is closed and locked for a while, the longer the larger the loss was.

#include "rules/limit_warnings.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"tiers", ParamKind::LossTiers, Bound::Any, "", true, "",
     "Losses, in dollars, and how long everything is locked after one; the worst that was reached applies.",
     Stricter::Unknown},
    {"basis", ParamKind::Choice, Bound::Any, "round_trip", false, "round_trip|fill",
     "round_trip: what a contract brought from flat to flat; fill: each closing fill for itself.", Stricter::Unknown},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the mildest loss at which a warning is given, while a round trip goes on too.",
     Stricter::Neutral},
};

class CooldownAfterLoss final : public Rule {
 public:
  explicit CooldownAfterLoss(const RuleConfig& config)
      : tiers_{config.get<LossTiers>("tiers")},
        by_fill_{config.get<std::string>("basis") == "fill"},
        warnings_{config.get<std::vector<std::int64_t>>("warn_at")} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    warnings_.update(latest(input.book), tiers_.front().loss, findings);
    const auto pause = last_pause(input.book, input.now);
    if (!pause) return;
    const Reason reason = LossAtTier{pause->loss, pause->tier};
    findings.violate(reason, flat_account(),
                     account_lock(input.book, findings.rule, reason, input.now, UntilTime{pause->end}));
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const Money value = latest(book);
    return {tiers_.front().loss.text(), value.text(), percent_of(value, tiers_.front().loss)};
  }

 private:
  struct Pause {
    BrokerTime end;
    Money loss, tier;
  };

  [[nodiscard]] Money latest(const AccountBook& book) const {
    return by_fill_ ? book.activity().latest_fill() : book.activity().latest_trip();
  }
  // The worst tier that the result reached; nullptr: none.
  [[nodiscard]] const LossTier* tier_of(Money result) const {
    const LossTier* reached = nullptr;
    for (const LossTier& tier : tiers_) {
      if (result <= tier.loss) reached = &tier;
    }
    return reached;
  }
  // The pause that ends last of those that are not over. Later tiers are not shorter, so that results older than the
  // last one's cooldown can have none.
  [[nodiscard]] std::optional<Pause> last_pause(const AccountBook& book, BrokerTime now) const {
    const auto results = by_fill_ ? book.activity().closing_fills() : book.activity().round_trips();
    std::optional<Pause> last;
    for (std::size_t i = results.size(); i-- > 0 && results[i].at + tiers_.back().cooldown > now;) {
      const LossTier* tier = tier_of(results[i].result);
      if (!tier) continue;
      const BrokerTime end = results[i].at + tier->cooldown;
      if (end > now && (!last || end > last->end)) last = Pause{end, results[i].result, tier->loss};
    }
    return last;
  }

  LossTiers tiers_;
  bool by_fill_;
  LimitWarnings warnings_;
};

// By the mildest loss; the others are worse.
BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const Contract& contract = ground.contracts.at(ground.any());
  return Breach{contract.id}
      .leave_an_order()
      .realise_at_once(config.get<LossTiers>("tiers").front().loss, contract)
      .follows<LossAtTier>(Breach::Action::Cancel, Breach::SetsLock{LockKind::Hard});
}

}  // namespace

const RuleSpec& spec_cooldown_after_loss() {
  static const RuleSpec spec{
      "cooldown_after_loss",
      "Takes the trader out of the market after a loss: everything is closed and locked for a while.", kParams,
      make_rule<CooldownAfterLoss>, breach};
  return spec;
}

}  // namespace rm
