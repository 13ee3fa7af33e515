#pragma once
// After a breach was carried out in isolation: the first link of the path that did not do its part.

#include <optional>
#include <string>

#include "runtime/self_test/isolated_system.h"

namespace rm {

enum class PathLink : std::uint8_t { EventBridge, EventBus, Book, Rule, RiskEngine, Executor, TradingSuite };
[[nodiscard]] std::string_view name_of(PathLink link);  // "event bridge", …

struct MissingLink {
  PathLink link{};
  std::string what;  // "no event came of GatewayUserTrade"
};

// Empty: the breach came to the request that answers it. `begin` is when the account was first looked at.
[[nodiscard]] std::optional<MissingLink> missing_link(const IsolatedSystem& system, const RuleConfig& rule,
                                                      const Breach& breach, BrokerTime begin, Duration stale_after);
// Whether the request that answers the breach is on its way to the gateway.
[[nodiscard]] bool was_answered(const IsolatedSystem& system, const Breach& breach);

}  // namespace rm
