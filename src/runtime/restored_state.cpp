#include "runtime/restored_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "observe/log.h"

namespace rm {
namespace {

// An enforcement goes on over a restart on its own trading day, or while one of its locks holds; later the trader may
// have positions that it never was about.
bool still_valid(const OpenEnforcement& open, const TradingCalendar& calendar, BrokerTime now) {
  if (open.decision.at >= calendar.day_of(now)) return true;
  return std::ranges::any_of(open.decision.locks, [&](const Lock& lock) {
    const auto* end = std::get_if<UntilTime>(&lock.until);
    return !end || end->time > now;
  });
}

void say_lock(const Lock& lock, const Recorder& recorder, bool watched) {
  log(watched ? Level::Warning : Level::Error, "lock_restored",
      fmt::format("account {} is still locked by {}: {}{}", lock.account.value(), lock.rule,
                  recorder.explain(lock.reason),
                  watched ? "" : "; the login does not list this account, so the lock cannot be enforced"),
      {{"rule", lock.rule}, {"account", lock.account}});
}

void supersede(const OpenEnforcement& open, Store& store, BrokerTime now) {
  Receipt closed;
  closed.enforcement = open.decision.id;
  closed.account = open.decision.account;
  closed.decided_at = open.decision.at;
  closed.verified_at = now;
  store.record_receipt(closed);
  log(Level::Warning, "enforcement_superseded",
      fmt::format("enforcement {} of an earlier trading day was not finished; the rules are evaluated afresh",
                  open.decision.id.value()),
      {{"enforcement", open.decision.id}, {"account", open.decision.account}});
}

void resume(const OpenEnforcement& open, Guardian& guardian, BrokerTime now) {
  UnfinishedEnforcement unfinished{open.decision.id, open.decision.account, open.decision.goal, {}, {},
                                   open.decision.at};
  for (const Violation& violation : open.decision.violations) {
    unfinished.rules.push_back(violation.rule);
    unfinished.reasons.push_back(violation.reason);
  }
  log(Level::Warning, "enforcement_resumed",
      fmt::format("enforcement {} of account {} was not finished: it goes on", unfinished.id.value(),
                  unfinished.account.value()),
      {{"enforcement", unfinished.id}, {"account", unfinished.account}});
  guardian.resume(unfinished, now);
}

}  // namespace

std::vector<ResumedEnforcement> restore_from_store(Guardian& guardian, Recorder& recorder, Store& store,
                                                   const TradingCalendar& calendar, BrokerTime now) {
  std::vector<ResumedEnforcement> resumed;
  const Recovered& recovered = store.recovered();
  const auto watched = [&](AccountId account) { return guardian.book().find(account) != nullptr; };
  for (const Lock& lock : recovered.locks) {
    if (!watched(lock.account)) continue;
    guardian.restore(lock);
    say_lock(lock, recorder, true);
  }
  for (const auto& [account, rule, clock] : recovered.clocks) {
    // A clock of a rule that was taken out would be far too old if the rule came back later.
    if (watched(account) && !guardian.restore_clock(account, rule, clock)) store.record_clocks(account, rule, {});
  }
  for (const OpenEnforcement& open : recovered.enforcements) {
    if (!watched(open.decision.account)) continue;
    if (still_valid(open, calendar, now)) {
      resume(open, guardian, now);
      resumed.push_back({open.decision.id, open.decision.account, open.decision.goal});
    } else {
      supersede(open, store, now);
    }
  }
  return resumed;
}

void give_up_unwatched(const std::function<bool(AccountId)>& watched, const Recorder& recorder, Store& store,
                       BrokerTime now) {
  for (const Lock& lock : store.recovered().locks) {
    if (!watched(lock.account)) say_lock(lock, recorder, false);
  }
  for (const OpenEnforcement& open : store.recovered().enforcements) {
    if (!watched(open.decision.account)) supersede(open, store, now);
  }
}

}  // namespace rm
