#include "runtime/guarded_accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/print.h"
#include "observe/log.h"
#include "replay/engine_settings.h"
#include "runtime/computer_clock.h"
#include "runtime/restored_state.h"
#include "runtime/rule_proof.h"
#include "runtime/unlisted_symbols.h"

namespace rm {
namespace {

// More accounts share the request budget: they are looked at less often.
constexpr std::size_t kAccountsAtFullPace = 10;

Reconciler::Pace pace_for(std::size_t accounts) {
  Reconciler::Pace pace;
  pace.stream_down *= static_cast<std::int64_t>(std::max<std::size_t>(accounts, 1));
  pace.stream_up *= static_cast<std::int64_t>((accounts + kAccountsAtFullPace - 1) / kAccountsAtFullPace);
  return pace;
}

}  // namespace

GuardedAccounts::GuardedAccounts(Parts parts, const TradingCalendar& calendar, const Config& settings)
    : parts_{parts} {
  go_by(calendar, settings);
}

void GuardedAccounts::go_by(const TradingCalendar& calendar, const Config& settings) {
  calendar_ = &calendar;
  guardian_ = std::make_unique<Guardian>(parts_.contracts, calendar, parts_.suites, parts_.recorder,
                                         Guardian::Settings{.mark = mark_of(settings.valuation.mark),
                                                            .stale_after = settings.valuation.stale_after,
                                                            .blind = policy_of(settings.on_blind),
                                                            .shared = &parts_.numbers});
  parts_.recorder.set_book(guardian_->book());
}

std::size_t GuardedAccounts::watch(const std::vector<projectx::AccountRecord>& listed, ConfigInForce& in_force,
                                   BrokerTime now) {
  take_own(listed);
  std::size_t rule_count = 0;
  for (const auto& account : accounts_) {
    const AccountId id = account.info.account;
    in_force.add_account(id, account.name);
    const auto& rules = in_force.rules_of(id);
    guardian_->watch(id, rules, pace_for(accounts_.size()), now);
    parts_.bridge.watch(id);
    say_unlisted_symbols(rules, now);
    const auto enabled = std::ranges::count(rules, true, &RuleConfig::enabled);
    rule_count += static_cast<std::size_t>(enabled);
    if (enabled == 0)
      log(Level::Warning, "no_rules", fmt::format("account {} is watched, but no rule is enabled for it", id.value()),
          {{"account", id}});
  }
  return rule_count;
}

// An account that another login lists too is guarded once, by whoever was first: two would close each other's closes.
void GuardedAccounts::take_own(const std::vector<projectx::AccountRecord>& listed) {
  for (const projectx::AccountRecord& account : listed) {
    const AccountId id = account.info.account;
    if (parts_.suites.add_account(parts_.session, id)) {
      accounts_.push_back(account);
    } else {
      problem_ = fmt::format(
          "account {} has the number of one that another login guards: it is NOT guarded by this one", id.value());
      parts_.voice.tell_loudly("account_guarded_elsewhere", problem_);
    }
  }
}

bool GuardedAccounts::prove(const ConfigInForce& in_force, BrokerTime now) {
  auto unproven = unproven_at_start(parts_.contracts, *guardian_, in_force, now);
  if (!unproven) return true;
  problem_ = std::move(*unproven);
  return false;
}

void GuardedAccounts::begin(const ConfigInForce& in_force, BrokerTime now) {
  record_run_start(in_force, restore_from_store(*guardian_, parts_.recorder, parts_.store, *calendar_, now), now);
  guarded_ = true;
}

// For replays: all that the engine goes by from here on, before its first event.
void GuardedAccounts::record_run_start(const ConfigInForce& in_force, std::vector<ResumedEnforcement> resumed,
                                       BrokerTime now) {
  const Recovered& recovered = parts_.store.recovered();
  RunStart start{.version = RM_VERSION,
                 .at = now,
                 .computer_time = computer_clock(),
                 .yaml = in_parts(to_yaml_to_share(in_force.to_keep())),
                 .accounts = {},
                 .locks = recovered.locks,
                 .clocks = recovered.clocks,
                 .resumed = std::move(resumed),
                 .next_enforcement = parts_.numbers.enforcements.next()};
  for (const auto& account : accounts_) start.accounts.push_back({account.info.account, account.name});
  parts_.recorder.tape().on_run_started(start);
}

void GuardedAccounts::replace_rules(AccountId account, const std::vector<RuleConfig>& rules, BrokerTime now) {
  guardian_->replace_rules(account, rules);
  say_unlisted_symbols(rules, now);
}

// Each sentence once, until the process ends.
void GuardedAccounts::say_unlisted_symbols(const std::vector<RuleConfig>& rules, BrokerTime now) {
  for (std::string& sentence : unlisted_symbols(rules, parts_.contracts)) {
    if (!parts_.unlisted_said.insert(sentence).second) continue;
    log(Level::Warning, "unlisted_symbol", sentence);
    parts_.notifier.notify(Notice{NoticeKind::Health, now, {}, {}, {}, std::move(sentence)});
  }
}

}  // namespace rm
