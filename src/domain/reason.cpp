#include "domain/reason.h"

#include <type_traits>

namespace rm {
namespace {

std::string lots_text(Lots lots) {
  return std::to_string(lots.value());
}

std::string tenths_text(std::int64_t tenths) {
  const std::string whole = std::to_string(tenths / 10);
  return tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10);
}

std::string_view window_text(EntryWindow window) {
  switch (window) {
    case EntryWindow::Minute:
      return "a minute";
    case EntryWindow::Hour:
      return "an hour";
    case EntryWindow::Session:
      return "a session";
  }
  return "";
}

struct Code {
  std::string_view operator()(const LossAtLimit&) const { return "LOSS_AT_LIMIT"; }
  std::string_view operator()(const UnrealisedLossAtLimit&) const { return "UNREALISED_LOSS_AT_LIMIT"; }
  std::string_view operator()(const SizeAboveMax&) const { return "SIZE_ABOVE_MAX"; }
  std::string_view operator()(const MiniSizeAboveMax&) const { return "SIZE_ABOVE_MAX"; }
  std::string_view operator()(const OrderWouldBreach&) const { return "ORDER_WOULD_BREACH"; }
  std::string_view operator()(const MiniOrderWouldBreach&) const { return "ORDER_WOULD_BREACH"; }
  std::string_view operator()(const TradingRefusedByBroker&) const { return "TRADING_REFUSED_BY_BROKER"; }
  std::string_view operator()(const ActivityWhileLocked&) const { return "ACTIVITY_WHILE_LOCKED"; }
  std::string_view operator()(const ContractActivityWhileLocked&) const { return "ACTIVITY_WHILE_LOCKED"; }
  std::string_view operator()(const ProfitAtTarget&) const { return "PROFIT_AT_TARGET"; }
  std::string_view operator()(const UnrealisedProfitAtTarget&) const { return "UNREALISED_PROFIT_AT_TARGET"; }
  std::string_view operator()(const EntriesAtLimit&) const { return "ENTRIES_AT_LIMIT"; }
  std::string_view operator()(const LossAtTier&) const { return "LOSS_AT_TIER"; }
  std::string_view operator()(const WithoutStop&) const { return "WITHOUT_STOP"; }
  std::string_view operator()(const OutsideSession&) const { return "OUTSIDE_SESSION"; }
  std::string_view operator()(const SymbolBlocked&) const { return "SYMBOL_BLOCKED"; }
  std::string_view operator()(const BlindWithPosition&) const { return "BLIND_WITH_POSITION"; }
  std::string_view operator()(const PostConditionBroken&) const { return "POST_CONDITION_BROKEN"; }
};

// `subject` is the name of the contract, or "the account".
struct Sentence {
  std::string subject;

  std::string operator()(const LossAtLimit& r) const {
    return "the day's result " + r.value.text() + " reached the limit " + r.limit.text();
  }
  std::string operator()(const UnrealisedLossAtLimit& r) const {
    return "the open result " + r.value.text() + " of " + subject + " reached the limit " + r.limit.text();
  }
  std::string operator()(const SizeAboveMax& r) const {
    return subject + " held " + lots_text(r.held) + " contracts, allowed are " + lots_text(r.allowed);
  }
  std::string operator()(const MiniSizeAboveMax& r) const {
    return subject + " held " + tenths_text(r.held_tenths) + " mini equivalents, allowed are " +
           tenths_text(r.allowed_tenths);
  }
  std::string operator()(const OrderWouldBreach& r) const {
    return "order " + std::to_string(r.order.value()) + " would have raised the size to " + lots_text(r.would_hold) +
           ", allowed are " + lots_text(r.allowed);
  }
  std::string operator()(const MiniOrderWouldBreach& r) const {
    return "order " + std::to_string(r.order.value()) + " would have raised the size to " +
           tenths_text(r.would_hold_tenths) + " mini equivalents, allowed are " + tenths_text(r.allowed_tenths);
  }
  std::string operator()(const TradingRefusedByBroker&) const {
    return "the broker says that the account cannot trade";
  }
  std::string operator()(const ActivityWhileLocked& r) const {
    return "something was opened or ordered while locked (strike " + std::to_string(r.strike) + ")";
  }
  std::string operator()(const ContractActivityWhileLocked& r) const {
    return subject + " was opened, increased or ordered while locked (strike " + std::to_string(r.strike) + ")";
  }
  std::string operator()(const ProfitAtTarget& r) const {
    return "the day's result " + r.value.text() + " reached the target " + r.target.text();
  }
  std::string operator()(const UnrealisedProfitAtTarget& r) const {
    return "the open result " + r.value.text() + " of " + subject + " reached the target " + r.target.text();
  }
  std::string operator()(const EntriesAtLimit& r) const {
    return std::to_string(r.count) + " entries within " + std::string{window_text(r.window)} + ", allowed are " +
           std::to_string(r.limit);
  }
  std::string operator()(const LossAtTier& r) const {
    return "a result of " + r.value.text() + " reached the tier " + r.tier.text();
  }
  std::string operator()(const WithoutStop& r) const {
    return subject + " held " + lots_text(r.held) + " contracts, stop orders covered " + lots_text(r.covered);
  }
  std::string operator()(const OutsideSession& r) const {
    return r.symbol ? "outside the trading sessions of this symbol" : "outside the trading sessions";
  }
  std::string operator()(const SymbolBlocked&) const { return subject + " is blocked by the configuration"; }
  std::string operator()(const BlindWithPosition&) const {
    return "neither the stream nor reads tell what is open, and something was";
  }
  std::string operator()(const PostConditionBroken& r) const {
    return "the broker still shows " + lots_text(r.held) + " contracts and " + std::to_string(r.orders) +
           " orders of " + subject + " that may not be there, allowed are " + lots_text(r.allowed);
  }
};

}  // namespace

std::string_view code(const Reason& reason) {
  return std::visit(Code{}, reason);
}

std::string sentence(const Reason& reason, std::string_view contract) {
  return std::visit(Sentence{contract_of(reason) ? std::string{contract} : std::string{"the account"}}, reason);
}

std::optional<ContractId> contract_of(const Reason& reason) {
  return std::visit(
      [](const auto& r) -> std::optional<ContractId> {
        if constexpr (requires { r.contract; }) {
          return r.contract;
        } else {
          return std::nullopt;
        }
      },
      reason);
}

}  // namespace rm
