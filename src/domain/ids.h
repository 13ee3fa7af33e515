#pragma once
// Who and what, as types. The broker's numbers are kept as they come; contracts and symbols are interned where the
// wire ends.

#include "domain/strong.h"

namespace rm {

using AccountId = Strong<struct AccountTag, std::int64_t>;
using OrderId = Strong<struct OrderTag, std::int64_t>;         // exceeds 32 bits on the live gateway
using TradeId = Strong<struct TradeTag, std::int64_t>;         // exceeds 32 bits on the live gateway
using ContractId = Strong<struct ContractTag, std::uint32_t>;  // index into ContractTable
using SymbolId = Strong<struct SymbolTag, std::uint32_t>;      // index of a product root ("MNQ") in ContractTable
using EnforcementId = Strong<struct EnforcementTag, std::uint64_t>;  // one decision and all that is done for it; > 0
using RequestId = Strong<struct RequestTag, std::uint64_t>;          // one request to the broker; > 0, never reused
// Of a stop order that this program placed; unique for ever within an account. 0: an order of somebody else.
using StopTag = Strong<struct StopTagTag, std::int64_t>;
using Generation = Strong<struct GenerationTag, std::uint32_t>;  // of a snapshot; grows with each (re)connection

}  // namespace rm
