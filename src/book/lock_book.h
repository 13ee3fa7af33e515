#pragma once
// The locks of one account. Nothing here lifts a lock but its own end: there is no "remove".

#include <optional>
#include <span>
#include <vector>

#include "domain/lock.h"

namespace rm {

class LockBook {
 public:
  // Adds a lock; one of the same rule, scope and kind is extended to the later end, never shortened.
  // True when anything changed (a new lock, or a later end).
  bool add(const Lock& lock);
  // Whether a lock of the same rule, scope and kind holds at least as long.
  [[nodiscard]] bool covers(const Lock& lock) const;

  // Takes out the locks whose end has come: time reached (now >= until), or the broker allows trading again.
  // `broker_allows` empty = not known: ends nothing. The result is valid until the next call.
  std::span<const Lock> expire(BrokerTime now, std::optional<bool> broker_allows);

  [[nodiscard]] std::span<const Lock> all() const { return locks_; }
  // The account-wide hard lock that holds longest; nullptr when there is none.
  [[nodiscard]] const Lock* account_hard_lock() const { return longest(LockKind::Hard, std::nullopt); }
  // The lock of this kind and scope that holds longest; symbol empty: the account's.
  [[nodiscard]] const Lock* longest(LockKind kind, std::optional<SymbolId> symbol) const;
  // What forbids entries in this symbol: an entry lock of the account, or of the symbol.
  [[nodiscard]] const Lock* entry_lock(SymbolId symbol) const;
  [[nodiscard]] std::optional<BrokerTime> next_end() const;

 private:
  std::vector<Lock> locks_, ended_;
};

}  // namespace rm
