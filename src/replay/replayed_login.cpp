#include "replay/replayed_login.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "replay/engine_settings.h"

namespace rm {
namespace {

// As the bus delivers: a handler that fails or throws does not keep the event from the other.
bool delivered(EventHandler& handler, const RiskEvent& event) {
  try {
    return handler.on_event(event).has_value();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

void ReplayedLogin::begin(std::string name, std::string version) {
  name_ = std::move(name);
  start_.version = std::move(version);
}

void ReplayedLogin::start(RunStart start, Config config, TradingCalendar calendar) {
  start_ = std::move(start);
  config_ = std::move(config);
  calendar_ = std::move(calendar);
  book_.emplace(contracts_, calendar_, mark_of(config_.valuation.mark));
  engine_.emplace(*book_, listener_, config_.valuation.stale_after, ids_, policy_of(config_.on_blind));
  guard_accounts();
  restore();
}

void ReplayedLogin::guard_accounts() {
  for (const WatchedAccount& watched : start_.accounts) {
    book_->add_account(watched.account);
    engine_->guard(watched.account, config_.rules_for(watched.account, watched.name));
  }
}

void ReplayedLogin::restore() {
  for (const Lock& lock : start_.locks) engine_->restore(lock);
  for (const ClockRow& row : start_.clocks) (void)engine_->restore_clock(row.account, row.rule, row.clock);
  for (const ResumedEnforcement& resumed : start_.resumed) engine_->resume(resumed.account, resumed.id, resumed.goal);
}

void ReplayedLogin::see(const RiskEvent& event) {
  for (EventHandler* handler : {static_cast<EventHandler*>(&*book_), static_cast<EventHandler*>(&*engine_)}) {
    [[maybe_unused]] const bool taken = delivered(*handler, event);
  }
}

bool ReplayedLogin::change_rules(Config config, std::span<const AccountId> accounts) {
  config_ = std::move(config);
  for (const AccountId account : accounts) {
    const auto watched = std::ranges::find(start_.accounts, account, &WatchedAccount::account);
    if (watched == start_.accounts.end()) return false;
    engine_->replace_rules(account, config_.rules_for(account, watched->name));
  }
  return true;
}

}  // namespace rm
