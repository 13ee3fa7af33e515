#include "domain/reason.h"

namespace rm {
namespace {

std::string contract_text(std::optional<ContractId> contract) {
  return contract ? "contract #" + std::to_string(contract->value()) : "the account";
}

std::string lots_text(Lots lots) {
  return std::to_string(lots.value());
}

struct Code {
  std::string_view operator()(const LossAtLimit&) const { return "LOSS_AT_LIMIT"; }
  std::string_view operator()(const UnrealisedLossAtLimit&) const { return "UNREALISED_LOSS_AT_LIMIT"; }
  std::string_view operator()(const SizeAboveMax&) const { return "SIZE_ABOVE_MAX"; }
  std::string_view operator()(const OrderWouldBreach&) const { return "ORDER_WOULD_BREACH"; }
  std::string_view operator()(const TradingRefusedByBroker&) const { return "TRADING_REFUSED_BY_BROKER"; }
  std::string_view operator()(const ActivityWhileLocked&) const { return "ACTIVITY_WHILE_LOCKED"; }
};

struct Sentence {
  std::string operator()(const LossAtLimit& r) const {
    return "the day's result " + r.value.text() + " reached the limit " + r.limit.text();
  }
  std::string operator()(const UnrealisedLossAtLimit& r) const {
    return "the open result " + r.value.text() + " of " + contract_text(r.contract) + " reached the limit " +
           r.limit.text();
  }
  std::string operator()(const SizeAboveMax& r) const {
    return contract_text(r.contract) + " held " + lots_text(r.held) + " contracts, allowed are " +
           lots_text(r.allowed);
  }
  std::string operator()(const OrderWouldBreach& r) const {
    return "order " + std::to_string(r.order.value()) + " would have raised the size to " + lots_text(r.would_hold) +
           ", allowed are " + lots_text(r.allowed);
  }
  std::string operator()(const TradingRefusedByBroker&) const {
    return "the broker says that the account cannot trade";
  }
  std::string operator()(const ActivityWhileLocked& r) const {
    return "something was opened or ordered while locked (strike " + std::to_string(r.strike) + ")";
  }
};

}  // namespace

std::string_view code(const Reason& reason) {
  return std::visit(Code{}, reason);
}
std::string sentence(const Reason& reason) {
  return std::visit(Sentence{}, reason);
}

}  // namespace rm
