#include <cstdlib>

#include "paper_gateway/exchange/core.h"

namespace paper {

// A market order against the position, without a tag and without the checks of a placement.
void Exchange::Core::market_exit(AccountId account_id, const Contract& contract, int size) {
  PlaceRequest exit;
  exit.account = account_id;
  exit.side = held(account_id, contract.id) > 0 ? Side::Sell : Side::Buy;
  exit.size = size;
  const OrderState& placed = record(exit, contract, stamp());
  working[contract.id].insert(placed.order.id);
  tell_order(placed.order);
  start_later(placed.order.id);
}

Outcome Exchange::Core::close_contract(AccountId account_id, std::string_view contract_id) {
  const Account* owner = account(account_id);
  if (owner == nullptr) return {codes::kCloseAccountNotFound, std::nullopt};
  const auto contract = catalogue.by_id(contract_id);
  if (!contract) return {codes::kCloseContractNotFound, std::nullopt};
  const int position = held(account_id, contract->id);
  if (position == 0) return {codes::kClosePositionNotFound, std::nullopt};
  if (!contract->active) return {codes::kCloseContractNotActive, std::nullopt};
  if (!owner->can_trade && !settings.close_when_blocked) return {codes::kCloseAccountRejected, std::nullopt};
  if (closed(contract->id)) return {codes::kCloseOrderRejected, std::nullopt};
  if (settings.close_contract_cancels_orders) cancel_working(account_id, contract->id, /*legs_only=*/false);
  market_exit(account_id, *contract, std::abs(position));
  return {};
}

Outcome Exchange::Core::partial_close(AccountId account_id, std::string_view contract_id, int size) {
  const Account* owner = account(account_id);
  if (owner == nullptr) return {codes::kPartialAccountNotFound, std::nullopt};
  if (!owner->simulated) return {codes::kPartialAccountRejected, "Live accounts not supported"};
  const auto contract = catalogue.by_id(contract_id);
  if (!contract) return {codes::kPartialContractNotFound, std::nullopt};
  const int position = held(account_id, contract->id);
  if (position == 0) return {codes::kPartialPositionNotFound, std::nullopt};
  if (!contract->active) return {codes::kPartialContractNotActive, std::nullopt};
  if (size <= 0 || size > std::abs(position)) return {codes::kPartialInvalidSize, std::nullopt};
  if (!owner->can_trade && !settings.close_when_blocked) return {codes::kPartialAccountRejected, std::nullopt};
  if (closed(contract->id)) return {codes::kPartialOrderRejected, std::nullopt};
  if (settings.children_on_partial_close == Settings::ChildrenOnPartialClose::CancelGroup) {
    cancel_working(account_id, contract->id, /*legs_only=*/true);
  } else if (settings.children_on_partial_close == Settings::ChildrenOnPartialClose::Rescale) {
    rescale_legs(account_id, contract->id, std::abs(position) - size);
  }
  market_exit(account_id, *contract, size);
  return {};
}

// No leg guards more than what will be left.
void Exchange::Core::rescale_legs(AccountId account_id, const std::string& contract, int size) {
  if (size == 0) return cancel_working(account_id, contract, /*legs_only=*/true);
  for (const OrderId id : working[contract]) {
    Order& order = state(id).order;
    if (order.account != account_id || !order.parent || order.status != OrderStatus::Open) continue;
    if (order.remaining() <= size) continue;
    order.size = order.fill_volume + size;
    order.updated = stamp();
    tell_order(order);
  }
}

void Exchange::Core::cancel_working(AccountId account_id, const std::string& contract, bool legs_only) {
  const std::set<OrderId> ids = working[contract];  // a copy: ending an order takes it out
  for (const OrderId id : ids) {
    const Order& order = state(id).order;
    if (order.account != account_id || !is_working(order.status) || (legs_only && !order.parent)) continue;
    end_order(state(id), OrderStatus::Cancelled);
  }
}

}  // namespace paper
