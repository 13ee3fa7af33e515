#include "paper_gateway/exchange/core.h"
#include "paper_gateway/exchange/limits.h"

namespace paper {
namespace {

using Refusal = std::optional<std::string>;

bool is_stop(OrderType type) {
  return type == OrderType::Stop || type == OrderType::StopLimit;
}

Refusal check(const Order& order, const ModifyRequest& r, const Contract& contract, std::optional<Decimal> last) {
  if (r.size && (*r.size <= order.fill_volume || *r.size > kMaxOrderSize)) return "Invalid order size.";
  for (const auto& [price, what] : {std::pair{r.limit_price, "limit"}, {r.stop_price, "stop"}}) {
    if (!price) continue;
    if (auto no = price_problem(*price, what, contract)) return no;
  }
  if (r.stop_price && is_stop(order.type) && last && (*r.stop_price - *last).nanos() * sign(order.side) <= 0) {
    return "Invalid stop price. Price is on the wrong side of the market.";
  }
  if (!r.trail_price) return std::nullopt;
  if (!last) return "Cannot trail without a last price";
  // No maximum here, unlike at the placement: a distance sent as a level makes a stop that never triggers.
  return price_problem(*r.trail_price, "trail", contract);
}

}  // namespace

Outcome Exchange::Core::modify(const ModifyRequest& request) {
  const Account* owner = account(request.account);
  if (owner == nullptr) return {codes::kModifyAccountNotFound, std::nullopt};
  OrderState* found = order_of(request.account, request.order);
  if (found == nullptr || !is_working(found->order.status)) return {codes::kModifyOrderNotFound, std::nullopt};
  if (!owner->can_trade) return {codes::kModifyAccountRejected, std::nullopt};
  const auto contract = catalogue.by_id(found->order.contract);
  if (!contract) return {codes::kModifyContractNotFound, std::nullopt};
  if (closed(contract->id)) return {codes::kModifyRejected, kClosedWindowText};
  if (found->order.status == OrderStatus::Suspended) {
    return {codes::kModifyRejected, "Suspended orders cannot be modified."};
  }
  if (auto text = change(*found, request, *contract)) return {codes::kModifyRejected, std::move(text)};
  return {};
}

std::optional<std::string> Exchange::Core::change(OrderState& changed, const ModifyRequest& r,
                                                  const Contract& contract) {
  Order& order = changed.order;
  if (auto text = check(order, r, contract, last(order.contract))) return text;
  const bool has_limit = order.limit_price.has_value();
  if (r.size) order.size = *r.size;
  if (r.limit_price && has_limit) order.limit_price = r.limit_price;
  if (r.stop_price && is_stop(order.type)) order.stop_price = r.stop_price;
  if (r.trail_price && order.type == OrderType::TrailingStop) {
    const Decimal traded = *last(order.contract);
    const std::int64_t ticks = trail_ticks(traded, *r.trail_price, contract);
    const int direction = order.trail_distance.value_or(0) < 0 ? -1 : 1;  // bracket legs keep their sign
    order.trail_distance = static_cast<int>(ticks) * direction;
    order.trail_price = contract.ticks_to_price(ticks * direction);
    order.stop_price = traded + contract.ticks_to_price(ticks) * sign(order.side);
  }
  order.updated = stamp();
  tell_order(order);
  // A limit moved through the market is filled at the touch, as a new one would be.
  if (order.status == OrderStatus::Open) try_fill(changed, /*resting=*/false);
  return std::nullopt;
}

Outcome Exchange::Core::cancel(AccountId account_id, OrderId id) {
  const Account* owner = account(account_id);
  if (owner == nullptr) return {codes::kCancelAccountNotFound, std::nullopt};
  if (owner->follower) return {codes::kCancelAccountRejected, "Follower accounts cannot cancel orders"};
  if (!owner->simulated) return {codes::kCancelAccountRejected, "Live accounts not supported"};
  OrderState* found = order_of(account_id, id);
  if (found == nullptr || !is_working(found->order.status)) return {codes::kCancelOrderNotFound, std::nullopt};
  end_order(*found, OrderStatus::Cancelled);
  if (settings.cancel_sibling_on_manual_cancel && found->sibling) {
    OrderState& other = state(*found->sibling);
    if (is_working(other.order.status)) end_order(other, OrderStatus::Cancelled);
  }
  return {};
}

void Exchange::Core::end_order(OrderState& ending, OrderStatus status) {
  Order& order = ending.order;
  working[order.contract].erase(order.id);
  order.status = status;
  order.updated = stamp();
  tell_order(order);
  if (order.fill_volume > 0) {
    open_legs(ending);  // what was filled keeps its protection
  } else {
    drop_legs(ending);
  }
}

}  // namespace paper
