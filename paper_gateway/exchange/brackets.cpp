// Auto-OCO brackets: two children that sleep until their entry is filled and cancel each other afterwards.
#include <cstdlib>

#include "paper_gateway/exchange/core.h"

namespace paper {

void Exchange::Core::add_legs(OrderState& entry, const PlaceRequest& request, const Contract& contract) {
  const auto add = [&](const BracketLeg& leg, const char* suffix) {
    PlaceRequest child;
    child.account = request.account;
    child.type = leg.type;
    child.side = opposite(request.side);
    child.size = request.size;
    if (request.custom_tag) child.custom_tag = *request.custom_tag + suffix;
    // A tag that is taken already is not given twice.
    if (child.custom_tag && !tags.emplace(child.account, *child.custom_tag).second) child.custom_tag.reset();
    OrderState& added = record(child, contract, entry.order.created);
    added.order.status = OrderStatus::Suspended;
    added.order.parent = entry.order.id;
    added.order.trail_distance = leg.ticks;
    added.order.trail_price = contract.ticks_to_price(leg.ticks);
    added.bracket_ticks = leg.ticks;
    working[contract.id].insert(added.order.id);
    return added.order.id;
  };
  if (request.stop_loss) entry.stop_leg = add(*request.stop_loss, "-SL");
  if (request.take_profit) entry.target_leg = add(*request.take_profit, "-TP");
  if (!entry.stop_leg || !entry.target_leg) return;
  state(*entry.stop_leg).sibling = entry.target_leg;
  state(*entry.target_leg).sibling = entry.stop_leg;
  state(*entry.target_leg).order.linked = entry.stop_leg;
}

// Both legs are told as Open before either is looked at, even when the market is already beyond one of them.
void Exchange::Core::open_legs(OrderState& entry) {
  const Contract& contract = market(entry.order.contract)->contract;
  // Exits stand on ticks also when several partial fills have averaged between two.
  const Decimal base = contract.ticks_to_price(contract.ticks(*entry.order.filled_price));
  for (const auto& id : {entry.target_leg, entry.stop_leg}) {
    if (!id || state(*id).order.status != OrderStatus::Suspended) continue;
    OrderState& leg = state(*id);
    const Decimal price = base + contract.ticks_to_price(leg.bracket_ticks);
    (leg.order.type == OrderType::Limit ? leg.order.limit_price : leg.order.stop_price) = price;
    leg.order.size = entry.order.fill_volume;
    leg.order.status = OrderStatus::Open;
    leg.order.updated = stamp();
    tell_order(leg.order);
  }
  for (const auto& id : {entry.target_leg, entry.stop_leg}) {
    if (id && state(*id).order.status == OrderStatus::Open) try_fill(state(*id), /*resting=*/false);
  }
}

void Exchange::Core::drop_legs(OrderState& entry) {
  for (const auto& id : {entry.stop_leg, entry.target_leg}) {
    if (id && state(*id).order.status == OrderStatus::Suspended) end_order(state(*id), OrderStatus::Cancelled);
  }
}

// The other leg is left to guard no more than what is still there.
void Exchange::Core::leg_part_filled(const OrderState& leg) {
  if (!leg.sibling) return;
  OrderState& other = state(*leg.sibling);
  if (other.order.status != OrderStatus::Open) return;
  other.order.size = other.order.fill_volume + leg.order.remaining();
  tell_order(other.order);
}

void Exchange::Core::leg_filled(OrderState& leg) {
  if (!leg.sibling) return;
  OrderState& other = state(*leg.sibling);
  if (!is_working(other.order.status)) return;
  other.locked = true;
  later.at(now + settings.sibling_cancel_delay, [this, id = *leg.sibling] {
    if (is_working(state(id).order.status)) end_order(state(id), OrderStatus::Cancelled);
  });
}

}  // namespace paper
