#pragma once

#include <compare>
#include <cstdint>

namespace paper {

// A number that cannot be taken for another kind of number. `value` is what travels on the wire.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  constexpr Id() = default;
  explicit constexpr Id(std::int64_t number) : value{number} {}
  friend constexpr auto operator<=>(Id, Id) = default;
};

using UserId = Id<struct UserTag>;
using AccountId = Id<struct AccountTag>;    // int32 range on the wire
using OrderId = Id<struct OrderTag>;        // beyond int32
using TradeId = Id<struct TradeTag>;        // beyond int32
using PositionId = Id<struct PositionTag>;  // int32 range on the wire

}  // namespace paper
