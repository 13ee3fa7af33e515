#pragma once
// Why a rule acted: data with a stable code; the sentence is made where it is shown.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/ids.h"
#include "domain/money.h"
#include "domain/price.h"

namespace rm {

struct LossAtLimit {  // the day's result reached the daily loss limit
  Money value, limit;
  friend bool operator==(const LossAtLimit&, const LossAtLimit&) = default;
};
struct UnrealisedLossAtLimit {  // open loss; contract empty = the whole account
  std::optional<ContractId> contract;
  Money value, limit;
  friend bool operator==(const UnrealisedLossAtLimit&, const UnrealisedLossAtLimit&) = default;
};
struct SizeAboveMax {  // contract empty = the whole account
  std::optional<ContractId> contract;
  Lots held, allowed;
  friend bool operator==(const SizeAboveMax&, const SizeAboveMax&) = default;
};
struct OrderWouldBreach {
  OrderId order;
  Lots would_hold, allowed;
  friend bool operator==(const OrderWouldBreach&, const OrderWouldBreach&) = default;
};
struct TradingRefusedByBroker {  // the broker's account says canTrade: false
  friend bool operator==(const TradingRefusedByBroker&, const TradingRefusedByBroker&) = default;
};
struct ActivityWhileLocked {  // something was open although a lock holds
  std::uint32_t strike = 0;   // counts from 1 within the lock
  friend bool operator==(const ActivityWhileLocked&, const ActivityWhileLocked&) = default;
};
using Reason = std::variant<LossAtLimit, UnrealisedLossAtLimit, SizeAboveMax, OrderWouldBreach,
                            TradingRefusedByBroker, ActivityWhileLocked>;

[[nodiscard]] std::string_view code(
    const Reason& reason);  // "LOSS_AT_LIMIT": for logs, alerts and scripts; never changes
[[nodiscard]] std::string sentence(
    const Reason& reason);  // for a person; contracts appear as their number in the table

}  // namespace rm
