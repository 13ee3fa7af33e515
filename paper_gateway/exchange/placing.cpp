#include <cstdlib>

#include "paper_gateway/exchange/core.h"
#include "paper_gateway/exchange/limits.h"

namespace paper {

PlaceOutcome Exchange::Core::place(const PlaceRequest& received) {
  const auto refused = [](codes::Place code) { return PlaceOutcome{{code, std::nullopt}, std::nullopt}; };
  PlaceRequest request = received;
  if (request.custom_tag && request.custom_tag->empty()) request.custom_tag.reset();

  const Account* owner = account(request.account);
  if (owner == nullptr) return refused(codes::kPlaceAccountNotFound);
  const auto contract = catalogue.by_id(request.contract);
  if (!contract) return refused(codes::kPlaceContractNotFound);
  if (!contract->active) return refused(codes::kPlaceContractNotActive);
  if (!owner->can_trade) return refused(codes::kPlaceAccountViolation);
  if (closed(contract->id) && settings.closed_window_code == codes::kPlaceOutsideTradingHours) {
    return refused(codes::kPlaceOutsideTradingHours);
  }
  if (auto text = refusal(request, *contract)) return reject(request, *contract, *std::move(text));
  return PlaceOutcome{{}, accept(request, *contract)};
}

OrderState& Exchange::Core::record(const PlaceRequest& r, const Contract& contract, PaperTime created) {
  const OrderId id{next_order++};
  Order order;
  order.id = id;
  order.account = r.account;
  order.contract = contract.id;
  order.symbol_id = contract.symbol_id;
  order.created = order.updated = created;
  order.status = OrderStatus::Pending;
  order.type = r.type;
  order.side = r.side;
  order.size = r.size;
  order.custom_tag = r.custom_tag;
  OrderState& recorded = orders[id];
  recorded.order = std::move(order);
  return recorded;
}

// A refused order has an id, is found by searches and passes through Pending on the hub like any other.
PlaceOutcome Exchange::Core::reject(const PlaceRequest& request, const Contract& contract, std::string text) {
  PlaceRequest kept = request;
  // A tag stays unique among all orders of an account: the order that reused one is recorded without it.
  if (kept.custom_tag && !tags.emplace(kept.account, *kept.custom_tag).second) kept.custom_tag.reset();
  OrderState& rejected = record(kept, contract, stamp());
  rejected.order.limit_price = kept.limit_price;
  rejected.order.stop_price = kept.stop_price;
  tell_order(rejected.order);
  rejected.order.status = OrderStatus::Rejected;
  rejected.order.updated = stamp();
  tell_order(rejected.order);
  const auto told = text.empty() ? std::nullopt : std::optional{std::move(text)};
  return PlaceOutcome{{codes::kPlaceRejected, told}, rejected.order.id};
}

OrderId Exchange::Core::accept(const PlaceRequest& request, const Contract& contract) {
  if (request.custom_tag) tags.emplace(request.account, *request.custom_tag);
  OrderState& entry = record(request, contract, stamp());
  const OrderId id = entry.order.id;
  set_prices(entry, request, contract);
  working[contract.id].insert(id);
  add_legs(entry, request, contract);
  // Clients hear of the stop leg before its entry, and of the target leg after it.
  if (entry.stop_leg) tell_order(state(*entry.stop_leg).order);
  tell_order(entry.order);
  if (entry.target_leg) tell_order(state(*entry.target_leg).order);
  start_later(id);
  return id;
}

void Exchange::Core::set_prices(OrderState& entry, const PlaceRequest& r, const Contract& contract) const {
  Order& order = entry.order;
  switch (r.type) {
    case OrderType::Limit:
      order.limit_price = r.limit_price;
      break;
    case OrderType::Stop:
      order.stop_price = r.stop_price;
      break;
    case OrderType::StopLimit:
      order.limit_price = r.limit_price;
      order.stop_price = r.stop_price;
      break;
    case OrderType::JoinBid:
      order.limit_price = touch(contract.id, Side::Sell);
      break;
    case OrderType::JoinAsk:
      order.limit_price = touch(contract.id, Side::Buy);
      break;
    case OrderType::TrailingStop: {
      const Decimal now_at = *last(contract.id);
      const std::int64_t ticks = trail_ticks(now_at, *r.trail_price, contract);
      order.trail_distance = static_cast<int>(ticks);
      order.trail_price = contract.ticks_to_price(ticks);
      order.stop_price = now_at + contract.ticks_to_price(ticks) * sign(r.side);
      break;
    }
    case OrderType::Market:
    case OrderType::Unknown:
      break;
  }
}

void Exchange::Core::start_later(OrderId id) {
  if (settings.latency <= Nanos{0}) {
    start(id);
  } else {
    later.at(now + settings.latency, [this, id] { start(id); });
  }
}

void Exchange::Core::start(OrderId id) {
  OrderState& starting = state(id);
  if (starting.order.status != OrderStatus::Pending) return;  // cancelled on the way
  if (try_fill(starting, /*resting=*/false)) return;
  starting.order.status = OrderStatus::Open;
  starting.order.updated = stamp();
  tell_order(starting.order);
}

}  // namespace paper
