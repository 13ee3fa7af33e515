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
// The same with the contracts counted by weight; in tenths of a mini.
struct MiniSizeAboveMax {
  std::int64_t held_tenths, allowed_tenths;
  friend bool operator==(const MiniSizeAboveMax&, const MiniSizeAboveMax&) = default;
};
struct OrderWouldBreach {
  OrderId order;
  Lots would_hold, allowed;
  friend bool operator==(const OrderWouldBreach&, const OrderWouldBreach&) = default;
};
// The same with the contracts counted by weight; in tenths of a mini.
struct MiniOrderWouldBreach {
  OrderId order;
  std::int64_t would_hold_tenths, allowed_tenths;
  friend bool operator==(const MiniOrderWouldBreach&, const MiniOrderWouldBreach&) = default;
};
struct TradingRefusedByBroker {  // the broker's account says canTrade: false
  friend bool operator==(const TradingRefusedByBroker&, const TradingRefusedByBroker&) = default;
};
struct ProfitAtTarget {  // the day's result
  Money value, target;
  friend bool operator==(const ProfitAtTarget&, const ProfitAtTarget&) = default;
};
struct UnrealisedProfitAtTarget {  // contract empty = the whole account
  std::optional<ContractId> contract;
  Money value, target;
  friend bool operator==(const UnrealisedProfitAtTarget&, const UnrealisedProfitAtTarget&) = default;
};
enum class EntryWindow : std::uint8_t { Minute, Hour, Session };
struct EntriesAtLimit {
  EntryWindow window{};
  std::int64_t count = 0, limit = 0;
  friend bool operator==(const EntriesAtLimit&, const EntriesAtLimit&) = default;
};
struct LossAtTier {  // of a round trip or a fill
  Money value, tier;
  friend bool operator==(const LossAtTier&, const LossAtTier&) = default;
};
struct WithoutStop {
  ContractId contract;
  Lots held, covered;
  friend bool operator==(const WithoutStop&, const WithoutStop&) = default;
};
struct OutsideSession {  // symbol empty = the whole account
  std::optional<SymbolId> symbol;
  friend bool operator==(const OutsideSession&, const OutsideSession&) = default;
};
// The same where a lock holds for one symbol, or for entries only.
struct ContractActivityWhileLocked {
  ContractId contract;
  std::uint32_t strike = 0;
  friend bool operator==(const ContractActivityWhileLocked&, const ContractActivityWhileLocked&) = default;
};
struct SymbolBlocked {
  ContractId contract;
  friend bool operator==(const SymbolBlocked&, const SymbolBlocked&) = default;
};
struct ActivityWhileLocked {  // something was open although a lock holds
  std::uint32_t strike = 0;   // counts from 1 within the lock
  friend bool operator==(const ActivityWhileLocked&, const ActivityWhileLocked&) = default;
};
struct BlindWithPosition {  // neither stream nor reads, and something is open as far as is known
  friend bool operator==(const BlindWithPosition&, const BlindWithPosition&) = default;
};
// What the broker shows, by its own words, is not what locks, limits and finished enforcements demand.
struct PostConditionBroken {
  std::optional<ContractId> contract;  // empty: nothing of the account may be open or ordered
  Lots held, allowed;
  std::uint32_t orders = 0;  // that work although none may
  friend bool operator==(const PostConditionBroken&, const PostConditionBroken&) = default;
};
// Stored by its place in this list: new ones go to the end.
using Reason =
    std::variant<LossAtLimit, UnrealisedLossAtLimit, SizeAboveMax, OrderWouldBreach, TradingRefusedByBroker,
                 ActivityWhileLocked, MiniSizeAboveMax, ProfitAtTarget, UnrealisedProfitAtTarget, EntriesAtLimit,
                 LossAtTier, WithoutStop, OutsideSession, SymbolBlocked, ContractActivityWhileLocked,
                 MiniOrderWouldBreach, BlindWithPosition, PostConditionBroken>;

// "LOSS_AT_LIMIT": for logs, alerts and scripts; never changes.
[[nodiscard]] std::string_view code(const Reason& reason);
// For a person. `contract` is the name of contract_of(reason), where there is one.
[[nodiscard]] std::string sentence(const Reason& reason, std::string_view contract);
// What the reason is about; empty: the account.
[[nodiscard]] std::optional<ContractId> contract_of(const Reason& reason);

}  // namespace rm
