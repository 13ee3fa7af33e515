// Two ids of different kinds cannot be swapped, compared or added by accident: such code does not compile.
#include <concepts>
#include <type_traits>
#include <unordered_set>

#include "domain/ids.h"
#include "domain/price.h"
#include "domain/time.h"

namespace rm {
namespace {

[[maybe_unused]] void close_position(AccountId, ContractId) {}
[[maybe_unused]] void cancel_order(AccountId, OrderId) {}

static_assert(std::invocable<decltype(&close_position), AccountId, ContractId>);
static_assert(!std::invocable<decltype(&close_position), ContractId, AccountId>);
static_assert(!std::invocable<decltype(&cancel_order), AccountId, TradeId>,
              "a trade's id is no order's id, though both are 64 bit");
static_assert(!std::invocable<decltype(&cancel_order), std::int64_t, std::int64_t>, "a bare number is no id");
static_assert(!std::is_convertible_v<ContractId, SymbolId> && !std::is_convertible_v<ContractId, std::uint32_t>);
static_assert(!std::equality_comparable_with<OrderId, TradeId> &&
              !std::equality_comparable_with<RequestId, EnforcementId>);
static_assert(!std::is_constructible_v<OrderId, TradeId>);

template <class T>
concept Addable = requires(T a, T b) { a + b; };
static_assert(!Addable<OrderId> && !Addable<Price> && !Addable<BrokerTime>,
              "numbers that are no amounts cannot be added");
static_assert(Addable<Lots>);

TEST(Ids, CarryWhatTheBrokerSends) {
  const OrderId id{3'400'000'123};  // beyond 32 bits
  EXPECT_EQ(id.value(), 3'400'000'123);
  EXPECT_EQ(id, OrderId{3'400'000'123});
  EXPECT_LT(id, OrderId{3'400'000'124});
  EXPECT_EQ(OrderId{}.value(), 0);
}

TEST(Ids, CanBeKeysOfATable) {
  const std::unordered_set<TradeId> seen{TradeId{1}, TradeId{3'000'000'123}};
  EXPECT_TRUE(seen.contains(TradeId{3'000'000'123}));
  EXPECT_FALSE(seen.contains(TradeId{2}));
}

}  // namespace
}  // namespace rm
