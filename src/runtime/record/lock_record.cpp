#include "runtime/record/lock_record.h"

#include <fmt/format.h>

#include "control/words.h"
#include "observe/log.h"

namespace rm {

void LockRecord::on_decision(const Decision& decision) {
  if (!decision.locks.empty()) unannounced_[decision.id] = decision.locks;
}

void LockRecord::on_durable(EnforcementId id) {
  const auto found = unannounced_.find(id);
  if (found == unannounced_.end()) return;
  for (const Lock& lock : found->second) announce(lock, id);
  unannounced_.erase(found);
}

void LockRecord::announce(const Lock& lock, EnforcementId id) {
  const std::string scope = lock.symbol ? contracts_.symbol_text(*lock.symbol) : "account";
  const std::string text =
      fmt::format("account {} is LOCKED{}{} {} by {}: {}", lock.account.value(),
                  lock.kind == LockKind::Entry ? " for entries" : "", lock.symbol ? " in " + scope : "",
                  until_text(lock.until), lock.rule, reason_text(lock.reason, contracts_));
  log(Level::Warning, "lock", text,
      {{"rule", lock.rule},
       {"account", lock.account},
       {"enforcement", id},
       {"scope", scope},
       {"kind", lock.kind == LockKind::Hard ? "hard" : "entry"},
       {"since", format_timestamp(lock.since)},
       {"until", until_text(lock.until)},
       {"violation", code(lock.reason)}});
  teller_.tell(lock.since, text);
  teller_.note(NoticeKind::LockSet, lock.since, lock.account, id, lock.rule, text);
}

void LockRecord::on_lock_ended(const Lock& lock, BrokerTime now) {
  store_.record_lock_ended(lock, now);
  const std::string text = fmt::format("the lock of account {} by {} has ended", lock.account.value(), lock.rule);
  log(Level::Warning, "lock_ended", text,
      {{"rule", lock.rule}, {"account", lock.account}, {"enforcement", lock.enforcement}});
  teller_.tell(now, text);
  teller_.note(NoticeKind::LockEnded, now, lock.account, lock.enforcement, lock.rule, text);
}

}  // namespace rm
