#include "runtime/restored_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "observe/log.h"

namespace rm {
namespace {

// An enforcement goes on over a restart on its own trading day, or while one of its locks holds; later the trader may
// have positions that it never was about.
bool still_valid(const OpenEnforcement& open, const Book& book, const TradingCalendar& calendar, BrokerTime now) {
  if (!book.find(open.decision.account)) return false;
  if (open.decision.at >= calendar.day_of(now)) return true;
  return std::ranges::any_of(open.decision.locks, [&](const Lock& lock) {
    const auto* end = std::get_if<UntilTime>(&lock.until);
    return !end || end->time > now;
  });
}

void restore_lock(const Lock& lock, Guardian& guardian, const Recorder& recorder) {
  guardian.restore(lock);
  const bool watched = guardian.book().find(lock.account) != nullptr;
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
  for (const Lock& lock : recovered.locks) restore_lock(lock, guardian, recorder);
  for (const auto& [account, rule, clock] : recovered.clocks) {
    const bool watched = guardian.book().find(account) != nullptr;
    // A clock of a rule that was taken out would be far too old if the rule came back later.
    if (!guardian.restore_clock(account, rule, clock) && watched) store.record_clocks(account, rule, {});
  }
  for (const OpenEnforcement& open : recovered.enforcements) {
    if (still_valid(open, guardian.book(), calendar, now)) {
      resume(open, guardian, now);
      resumed.push_back({open.decision.id, open.decision.account, open.decision.goal});
    } else {
      supersede(open, store, now);
    }
  }
  return resumed;
}

}  // namespace rm
