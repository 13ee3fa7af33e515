#pragma once
// A lock: what it forbids, why, since when, and the only thing that ends it.

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "domain/ids.h"
#include "domain/reason.h"
#include "domain/time.h"

namespace rm {

enum class LockKind : std::uint8_t { Hard, Entry };
struct UntilTime {
  BrokerTime time;
  friend bool operator==(const UntilTime&, const UntilTime&) = default;
};
struct UntilBrokerAllows {  // the broker's account says canTrade: true
  friend bool operator==(const UntilBrokerAllows&, const UntilBrokerAllows&) = default;
};
using LockEnd = std::variant<UntilTime, UntilBrokerAllows>;

struct Lock {
  AccountId account;
  std::optional<SymbolId> symbol;  // empty: the whole account
  LockKind kind{};
  std::string_view rule;  // name in the registry (static storage)
  Reason reason;
  BrokerTime since;
  LockEnd until;
  EnforcementId enforcement;  // that set it
  friend bool operator==(const Lock&, const Lock&) = default;
};

}  // namespace rm
