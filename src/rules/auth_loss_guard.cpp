// auth_loss_guard: follows the broker's own verdict. When the account says canTrade: false, everything is closed and
// locked until it says true.

#include "rules/spec.h"

namespace rm {
namespace {

class AuthLossGuard final : public Rule {
 public:
  explicit AuthLossGuard(const RuleConfig&) {}

  [[nodiscard]] Listens listens() const override { return {.accounts = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    if (input.book.can_trade() != false) return;
    const Reason reason = TradingRefusedByBroker{};
    findings.violate(reason, flat_account(),
                     account_lock(input.book, findings.rule, reason, input.now, UntilBrokerAllows{}));
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const auto allowed = book.can_trade();
    return {"canTrade: true",
            !allowed   ? "unknown"
            : *allowed ? "canTrade: true"
                       : "canTrade: false",
            allowed == false ? 100 : 0};
  }
};

BreachOrWhyNot breach(const RuleConfig&, const BreachGround& ground) {
  return Breach{ground.any()}
      .enter(Side::Buy, 1)
      .then(Breach::TradingRight{false})
      .follows<TradingRefusedByBroker>(Breach::Action::Close, Breach::SetsLock{LockKind::Hard});
}

}  // namespace

const RuleSpec& spec_auth_loss_guard() {
  static const RuleSpec spec{
      "auth_loss_guard",
      "When the broker takes the right to trade away, everything is closed and locked until it is given back.",
      {},
      make_rule<AuthLossGuard>,
      breach};
  return spec;
}

}  // namespace rm
