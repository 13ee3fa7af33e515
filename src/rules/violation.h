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
  // A count in which some things count less than one.
  [[nodiscard]] static constexpr Measure of_tenths(std::int64_t tenths) {
    Measure measure{std::int64_t{0}};
    measure.nanos = tenths * (kNanosPerUnit / 10);
    return measure;
  }
  std::int64_t nanos;
  bool is_money;
  [[nodiscard]] std::string text() const { return format_nanos(nanos, is_money ? 2 : 0); }
  friend bool operator==(const Measure&, const Measure&) = default;
};

struct Warning {
  std::string_view rule;
  std::int64_t percent;  // of the limit, the threshold that was crossed
  Measure value, limit;
  std::optional<ContractId> contract{};  // what the limit is of; empty: the account
};

// A working stop order to be moved; the price is closer to the market than the one it has. Without an order: the
// position has no stop, and one is to be placed there.
struct Tightening {
  std::string_view rule;
  std::optional<OrderId> order;
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
