#pragma once
// What a rule says: something is broken and what must become true for it, or a limit comes near.

#include <cstdint>
#include <optional>
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

struct Warning {
  std::string_view rule;
  std::int64_t percent;  // of the limit, the threshold that was crossed
  Money value, limit;
};

}  // namespace rm
