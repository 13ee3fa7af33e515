#include "book/lock_book.h"

#include <algorithm>

namespace rm {
namespace {

bool same_place(const Lock& a, const Lock& b) {
  return a.account == b.account && a.symbol == b.symbol && a.kind == b.kind && a.rule == b.rule &&
         a.until.index() == b.until.index();
}

// Whether `a` holds at least as long as `b`; both of the same kind of end.
bool lasts_as_long(const Lock& a, const Lock& b) {
  const auto* end_a = std::get_if<UntilTime>(&a.until);
  const auto* end_b = std::get_if<UntilTime>(&b.until);
  return !end_a || !end_b || end_a->time >= end_b->time;
}

bool has_ended(const Lock& lock, BrokerTime now, std::optional<bool> broker_allows) {
  if (const auto* end = std::get_if<UntilTime>(&lock.until)) return now >= end->time;
  return broker_allows.value_or(false);
}

}  // namespace

bool LockBook::add(const Lock& lock) {
  const auto held = std::find_if(locks_.begin(), locks_.end(), [&](const Lock& l) { return same_place(l, lock); });
  if (held == locks_.end()) {
    locks_.push_back(lock);
    return true;
  }
  if (lasts_as_long(*held, lock)) return false;
  *held = lock;  // reason and enforcement are those of the lock that now holds
  return true;
}

bool LockBook::covers(const Lock& lock) const {
  return std::any_of(locks_.begin(), locks_.end(),
                     [&](const Lock& held) { return same_place(held, lock) && lasts_as_long(held, lock); });
}

std::span<const Lock> LockBook::expire(BrokerTime now, std::optional<bool> broker_allows) {
  ended_.clear();
  std::erase_if(locks_, [&](const Lock& lock) {
    if (!has_ended(lock, now, broker_allows)) return false;
    ended_.push_back(lock);
    return true;
  });
  return ended_;
}

const Lock* LockBook::longest(LockKind kind, std::optional<SymbolId> symbol) const {
  const Lock* longest = nullptr;
  for (const Lock& lock : locks_) {
    if (lock.kind != kind || lock.symbol != symbol) continue;
    const bool no_end_in_time = std::holds_alternative<UntilBrokerAllows>(lock.until);
    if (!longest || no_end_in_time ||
        (longest->until.index() == lock.until.index() && !lasts_as_long(*longest, lock)))
      longest = &lock;
  }
  return longest;
}

const Lock* LockBook::entry_lock(SymbolId symbol) const {
  const Lock* account = longest(LockKind::Entry, std::nullopt);
  return account ? account : longest(LockKind::Entry, symbol);
}

std::optional<BrokerTime> LockBook::next_end() const {
  std::optional<BrokerTime> next;
  for (const Lock& lock : locks_) {
    if (const auto* end = std::get_if<UntilTime>(&lock.until); end && (!next || end->time < *next)) next = end->time;
  }
  return next;
}

}  // namespace rm
