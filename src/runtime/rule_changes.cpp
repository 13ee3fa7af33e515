#include "runtime/rule_changes.h"

#include <utility>

#include "config/print.h"
#include "runtime/computer_clock.h"
#include "runtime/rule_proof.h"

namespace rm {

std::optional<std::string> RuleChanges::unproven(const Config& wanted, BrokerTime now) {
  follow_trading_day(now);
  return unproven_with(wanted, parts_.contracts, parts_.accounts.guardian(), parts_.config.in_force(), now);
}

void RuleChanges::want(Config wanted, BrokerTime now) {
  if (!parts_.accounts.guarded()) {
    wanted_early_ = std::move(wanted);
    return;
  }
  follow_trading_day(now);
  parts_.config.want(std::move(wanted), now);
}

void RuleChanges::apply(BrokerTime now) {
  give_to_guardian(now);
  parts_.config.keep(parts_.accounts.calendar(), now);
}

void RuleChanges::take_early(BrokerTime now) {
  auto wanted = std::exchange(wanted_early_, std::nullopt);
  if (!wanted) return;
  want(std::move(*wanted), now);
  const ConfigInForce& in_force = parts_.config.in_force();
  parts_.recorder.on_config_reloaded(parts_.config_file, in_force.changed(), in_force.pending(),
                                     in_force.needs_restart(), now);
  apply(now);
}

void RuleChanges::follow_trading_day(BrokerTime now) {
  if (!parts_.accounts.guarded() || !parts_.config.day_is_over(now)) return;
  parts_.config.begin_day(now);
  apply(now);
}

// All accounts have their rules before the first of them is looked at.
void RuleChanges::give_to_guardian(BrokerTime now) {
  const ConfigInForce& in_force = parts_.config.in_force();
  RulesChanged change{now, computer_clock(), in_parts(to_yaml_to_share(in_force.to_keep())), {}};
  for (const auto& account : parts_.accounts.all()) {
    if (in_force.rules_changed(account.info.account)) change.accounts.push_back(account.info.account);
  }
  if (change.accounts.empty()) return;
  parts_.recorder.tape().on_rules_changed(change);
  for (const AccountId id : change.accounts) parts_.accounts.replace_rules(id, in_force.rules_of(id), now);
  parts_.accounts.guardian().look_again(now);
  parts_.has_looked();
}

}  // namespace rm
