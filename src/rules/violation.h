#pragma once
// What a rule says: something is broken and what must become true for it, or a limit comes near.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/goal.h"
#include "domain/lock.h"
#include "domain/money.h"
#include "domain/reason.h"

namespace rm {

struct Violation {
  std::string_view rule;  // name in the registry (static storage)
  Reason reason;
  Goal goal;
  std::optional<Lock> lock;
};

// What a limit measures: money, or a number of something.
struct Measure {
  constexpr Measure(Money money) : nanos{money.nanos()}, is_money{true} {}  // NOLINT(google-explicit*)
  constexpr Measure(std::int64_t count)
      : nanos{count * kNanosPerUnit}, is_money{false} {}  // NOLINT(google-explicit*)
  std::int64_t nanos;
  bool is_money;
  [[nodiscard]] std::string text() const {
    return is_money ? Money::from_nanos(nanos).text() : std::to_string(nanos / kNanosPerUnit);
  }
  friend bool operator==(const Measure&, const Measure&) = default;
};

struct Warning {
  std::string_view rule;
  std::int64_t percent;  // of the limit, the threshold that was crossed
  Measure value, limit;
};

// A working stop order to be moved; the price is closer to the market than the one it has.
struct Tightening {
  std::string_view rule;
  OrderId order;
  ContractId contract;
  Price stop;
};

// A rule's clock in one contract: since when something has been so.
struct RunningClock {
  ContractId contract;
  BrokerTime since;
  friend bool operator==(const RunningClock&, const RunningClock&) = default;
};

}  // namespace rm
