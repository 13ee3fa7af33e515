#include <algorithm>

#include "paper_gateway/exchange/core.h"

namespace paper {

std::optional<Decimal> Exchange::Core::touch(const std::string& contract, Side side) const {
  const MarketState* found = market(contract);
  if (found == nullptr) return std::nullopt;
  const Quote& q = found->quote;
  const auto& near = side == Side::Buy ? q.ask : q.bid;
  const auto& far = side == Side::Buy ? q.bid : q.ask;
  return near ? near : q.last ? q.last : far;
}

std::optional<Decimal> Exchange::Core::last(const std::string& contract) const {
  const MarketState* found = market(contract);
  return found == nullptr ? std::nullopt : found->quote.last;
}

// Fills the order if the market allows it now. A resting limit gets its own price, one that arrives gets the touch.
bool Exchange::Core::try_fill(OrderState& candidate, bool resting) {
  const Order& order = candidate.order;
  const auto market_price = touch(order.contract, order.side);
  if (!market_price || candidate.locked || halted(order.contract) != nullptr) return false;
  const int way = sign(order.side);

  switch (order.type) {
    case OrderType::Market:
      fill(candidate, *market_price);
      return true;
    case OrderType::TrailingStop:
      trail(candidate);
      [[fallthrough]];
    case OrderType::Stop:
    case OrderType::StopLimit: {
      const auto traded = last(order.contract);
      if (!candidate.triggered) {
        if (!traded || (*traded - *order.stop_price).nanos() * way < 0) return false;
        candidate.triggered = true;
        resting = false;
      }
      if (order.type != OrderType::StopLimit) {
        fill(candidate, *market_price);
        return true;
      }
      break;
    }
    default:
      break;
  }
  if ((*order.limit_price - *market_price).nanos() * way < 0) return false;
  fill(candidate, resting ? *order.limit_price : *market_price);
  return true;
}

// The stop follows the last price at its distance, in the favourable direction only. Clients are not told of each
// step.
void Exchange::Core::trail(OrderState& trailing) {
  Order& order = trailing.order;
  const auto traded = last(order.contract);
  if (!traded || !order.trail_price || !order.stop_price) return;
  const Decimal distance = Decimal::from_nanos(std::abs(order.trail_price->nanos()));
  const Decimal level = *traded + distance * sign(order.side);
  order.stop_price =
      order.side == Side::Buy ? std::min(*order.stop_price, level) : std::max(*order.stop_price, level);
}

void Exchange::Core::match(const std::string& contract) {
  const std::set<OrderId> ids = working[contract];  // a copy: fills add and remove
  for (const OrderId id : ids) {
    if (state(id).order.status == OrderStatus::Open) try_fill(state(id), /*resting=*/true);
  }
}

}  // namespace paper
