#pragma once
// Every REST endpoint we call, with its own error numbers: 2, 5 and 6 mean different things from one to the next.

#include <cstdint>
#include <span>
#include <string_view>

#include "projectx/suite/broker_api.h"

namespace rm::projectx {

enum class Endpoint : std::uint8_t {
  Login,
  Validate,
  AccountSearch,
  ContractAvailable,
  ContractSearch,
  ContractSearchById,
  OrderPlace,
  OrderModify,
  OrderCancel,
  OrderSearch,
  OrderSearchOpen,
  OrderQuery,
  PositionSearchOpen,
  CloseContract,
  PartialCloseContract,
  TradeSearch,
};
inline constexpr std::size_t kEndpointCount = 16;

struct ErrorNumber {
  int code = 0;
  std::string_view name;  // the gateway's: "OrderPending"
  Outcome outcome{};
};

struct EndpointInfo {
  Endpoint endpoint{};
  std::string_view path;  // "/api/Order/cancel"
  bool mutation = false;  // changes something in an account: an answer that is not understood may hide an effect
  std::span<const ErrorNumber> codes;  // all that are defined
};

[[nodiscard]] const EndpointInfo& info_of(Endpoint endpoint);

// An unknown number never means success: Ambiguous after a mutation, else Refused.
[[nodiscard]] Outcome outcome_of(Endpoint endpoint, int code);
[[nodiscard]] std::string_view error_name(Endpoint endpoint, int code);  // "unknown code" when not defined

}  // namespace rm::projectx
