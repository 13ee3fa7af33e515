#pragma once
// An order as the broker reports it.

#include <cstdint>
#include <optional>

#include "domain/ids.h"
#include "domain/price.h"
#include "domain/time.h"

namespace rm {

// Wire numbers (OrderStatus). There is no "partially filled": that is Open with 0 < filled < size.
enum class OrderStatus : std::uint8_t {
  None,
  Open,
  Filled,
  Cancelled,
  Expired,
  Rejected,
  Pending,
  PendingCancellation,
  Suspended
};
// Wire numbers (OrderType).
enum class OrderType : std::uint8_t { Unknown, Limit, Market, StopLimit, Stop, TrailingStop, JoinBid, JoinAsk };
// Wire numbers (OrderSide): Bid buys, Ask sells. Not the numbering of position types.
enum class Side : std::uint8_t { Buy, Sell };

[[nodiscard]] constexpr bool is_working(OrderStatus status) {
  return status == OrderStatus::Open || status == OrderStatus::Pending ||
         status == OrderStatus::PendingCancellation || status == OrderStatus::Suspended;
}

struct Order {
  OrderId id;
  AccountId account;
  ContractId contract;
  OrderStatus status{};
  OrderType type{};
  Side side{};
  Lots size;    // > 0, original quantity
  Lots filled;  // cumulative
  std::optional<Price> limit_price, stop_price;
  OrderId parent{};  // bracket children: the entry order; 0 when none
  BrokerTime created, updated;
  StopTag tag{};  // set: this program placed it

  [[nodiscard]] constexpr Lots remaining() const { return size - filled; }
  // Remaining size with the sign of what a full fill does to the position.
  [[nodiscard]] constexpr Lots signed_remaining() const { return side == Side::Buy ? remaining() : -remaining(); }
  [[nodiscard]] constexpr bool working() const { return is_working(status); }
  friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace rm
