#include "support/fake_account.h"

#include <algorithm>

namespace rm::test {
namespace {

Lots smaller(Lots a, Lots b) {
  return std::min(a, b);
}

}  // namespace

void FakeAccount::market_order(ContractId contract, Lots signed_lots, BrokerTime now, Told& told) {
  Order order;
  order.contract = contract;
  order.type = OrderType::Market;
  order.side = signed_lots > Lots{} ? Side::Buy : Side::Sell;
  order.size = signed_lots.magnitude();
  order.status = OrderStatus::Pending;
  const OrderId id = place(order, now, told);
  fill(orders_.at(id), order.size, last_.at(contract), now, told);
}

OrderId FakeAccount::place(Order wanted, BrokerTime now, Told& told) {
  wanted.id = OrderId{next_order_++};
  wanted.account = id_;
  if (wanted.status == OrderStatus::None) wanted.status = OrderStatus::Open;
  wanted.created = wanted.updated = now;
  orders_.emplace(wanted.id, wanted);
  told.push_back(OrderUpdated{wanted});
  return wanted.id;
}

FakeAccount::Bracket FakeAccount::place_bracket(const Order& entry, Price stop_offset, Price target_offset,
                                                BrokerTime now, Told& told) {
  const OrderId entry_id = place(entry, now, told);
  Order leg = entry;
  leg.side = entry.side == Side::Buy ? Side::Sell : Side::Buy;
  leg.status = OrderStatus::Suspended;
  leg.parent = entry_id;
  leg.limit_price = leg.stop_price = std::nullopt;
  leg.type = OrderType::Stop;
  const OrderId stop = place(leg, now, told);
  leg.type = OrderType::Limit;
  const OrderId target = place(leg, now, told);
  sibling_[stop] = target;
  sibling_[target] = stop;
  offset_[stop] = stop_offset;
  offset_[target] = target_offset;
  return {entry_id, stop, target};
}

void FakeAccount::end(Order& order, OrderStatus status, BrokerTime now, Told& told) {
  order.status = status;
  order.updated = now;
  told.push_back(OrderUpdated{order});
}

bool FakeAccount::cancel(OrderId id, BrokerTime now, Told& told) {
  const auto found = orders_.find(id);
  if (found == orders_.end() || !found->second.working()) return false;
  end(found->second, OrderStatus::Cancelled, now, told);
  for (auto& [child_id, child] : orders_) {
    if (child.parent == id && child.status == OrderStatus::Suspended) end(child, OrderStatus::Cancelled, now, told);
  }
  return true;
}

std::optional<std::string> FakeAccount::modify_stop(OrderId id, Price stop, BrokerTime now, Told& told) {
  const auto found = orders_.find(id);
  if (found == orders_.end() || !found->second.working()) return "OrderNotFound";
  Order& order = found->second;
  if (order.status == OrderStatus::Suspended) return "Suspended orders cannot be modified.";
  const auto market = last(order.contract);
  const bool triggers = market && (order.side == Side::Sell ? stop >= *market : stop <= *market);
  if (triggers) return "Invalid stop price. Price is on the wrong side of the market.";
  order.stop_price = stop;
  order.updated = now;
  told.push_back(OrderUpdated{order});
  return std::nullopt;
}

std::optional<std::string> FakeAccount::place_stop(const PlaceStop& wanted, BrokerTime now, Told& told) {
  const auto market = last(wanted.contract);
  const bool sell = wanted.side == Side::Sell;
  if (market && (sell ? wanted.stop_price > *market : wanted.stop_price < *market)) return "Invalid stop price.";
  if (!tags_.insert(wanted.tag).second) return "An order with this custom tag already exists.";
  Order order;
  order.contract = wanted.contract;
  order.type = OrderType::Stop;
  order.side = wanted.side;
  order.size = wanted.size;
  order.stop_price = wanted.stop_price;
  order.tag = wanted.tag;
  place(order, now, told);
  return std::nullopt;
}

bool FakeAccount::resize(OrderId id, Lots size, BrokerTime now, Told& told) {
  const auto found = orders_.find(id);
  if (found == orders_.end() || !found->second.working() || size <= found->second.filled) return false;
  found->second.size = size;
  found->second.updated = now;
  told.push_back(OrderUpdated{found->second});
  return true;
}

bool FakeAccount::close(ContractId contract, BrokerTime now, Told& told) {
  const Lots size = held(contract);
  if (size.is_zero()) return false;
  market_order(contract, -size, now, told);
  return true;
}

bool FakeAccount::reduce(ContractId contract, Lots by, BrokerTime now, Told& told) {
  const Lots size = held(contract);
  if (by <= Lots{} || by > size.magnitude()) return false;
  market_order(contract, size > Lots{} ? -by : by, now, told);
  return true;
}

void FakeAccount::trade_at(ContractId contract, Price last, BrokerTime now, Told& told) {
  last_[contract] = last;
  std::vector<OrderId> hit;
  for (const auto& [id, order] : orders_) {
    if (order.contract != contract || order.status != OrderStatus::Open) continue;
    const bool buy = order.side == Side::Buy;
    const bool limit = order.limit_price && (buy ? last <= *order.limit_price : last >= *order.limit_price);
    const bool stop = order.stop_price && (buy ? last >= *order.stop_price : last <= *order.stop_price);
    if (limit || stop) hit.push_back(id);
  }
  for (const OrderId id : hit) {
    Order& order = orders_.at(id);
    if (order.working())
      fill(order, order.remaining(), order.limit_price.value_or(last), now,
           told);  // a leg may have ended its sibling
  }
}

void FakeAccount::fill_part(OrderId id, Lots lots, Price price, BrokerTime now, Told& told) {
  fill(orders_.at(id), lots, price, now, told);
}

Trade FakeAccount::book_trade(const Order& order, Lots lots, Price price, BrokerTime now) {
  Held& held = held_[order.contract];
  const Lots signed_lots = order.side == Side::Buy ? lots : -lots;
  Trade trade{TradeId{next_trade_++}, id_,     order.contract, order.id, order.side, lots, price,
              std::nullopt,           Money{}, Money{},        false,    now};
  if (const auto cost = costs.find(order.contract); cost != costs.end()) {
    trade.fees = Money::from_nanos(cost->second.fee.nanos() * lots.value());
    trade.commissions = Money::from_nanos(cost->second.commission.nanos() * lots.value());
  }
  const bool opens = held.size.is_zero() || (held.size > Lots{}) == (signed_lots > Lots{});
  if (opens) {
    if (held.size.is_zero()) held.opened = now;
    held.size = held.size + signed_lots;
    held.paid = held.paid + PriceSum::of(price, signed_lots);
    held.opened_by.push_back(trade.id);
  } else {
    const Lots closed = smaller(held.size.magnitude(), lots);
    const Lots closed_signed = held.size > Lots{} ? closed : -closed;
    const PriceSum share =
        PriceSum::from_raw(divide_rounded(held.paid.raw() * closed.value(), held.size.magnitude().value()));
    trade.profit_and_loss = open_profit(contracts_.at(order.contract), closed_signed, share, price);
    held.size = held.size - closed_signed;
    held.paid = held.paid - share;
    if (const Lots rest = lots - closed; !rest.is_zero()) {  // reversal
      held.size = order.side == Side::Buy ? rest : -rest;
      held.paid = PriceSum::of(price, held.size);
      held.opened = now;
    }
  }
  balance_ += trade.profit_and_loss.value_or(Money{}) - trade.costs();
  trades_.emplace(trade.id, trade);
  return trade;
}

void FakeAccount::fill(Order& order, Lots lots, Price price, BrokerTime now, Told& told) {
  last_[order.contract] = price;
  const Trade trade = book_trade(order, lots, price, now);
  order.filled = order.filled + lots;
  told.push_back(TradeExecuted{trade});
  Held& held = held_[order.contract];
  if (trade.profit_and_loss && resend_opening_trades) {
    for (const TradeId opening : held.opened_by) told.push_back(TradeExecuted{trades_.at(opening)});
  }
  order.status = order.remaining().is_zero() ? OrderStatus::Filled : OrderStatus::Open;
  told.push_back(OrderUpdated{order});
  tell_position(order.contract, told);
  if (held.size.is_zero()) held.opened_by.clear();
  tell_account(told);
  after_fill(order, now, told);
}

// Bracket legs: the children of a filled entry open at their offsets; a filled leg ends its sibling.
void FakeAccount::after_fill(const Order& filled, BrokerTime now, Told& told) {
  if (filled.working()) return;
  for (auto& [id, child] : orders_) {
    if (child.parent != filled.id || child.status != OrderStatus::Suspended) continue;
    const Price at = Price::from_nanos(last_.at(filled.contract).nanos() + offset_.at(id).nanos());
    (child.type == OrderType::Stop ? child.stop_price : child.limit_price) = at;
    end(child, OrderStatus::Open, now, told);
  }
  const auto other = sibling_.find(filled.id);
  if (other != sibling_.end() && orders_.at(other->second).working())
    end(orders_.at(other->second), OrderStatus::Cancelled, now, told);
}

void FakeAccount::void_trade(TradeId id, BrokerTime, Told& told) {
  Trade& trade = trades_.at(id);
  trade.voided = true;
  balance_ -= trade.profit_and_loss.value_or(Money{}) - trade.costs();
  told.push_back(TradeExecuted{trade});
  tell_account(told);
}

void FakeAccount::set_can_trade(bool allowed, Told& told) {
  can_trade_ = allowed;
  tell_account(told);
}

void FakeAccount::tell_position(ContractId contract, Told& told) const {
  const Held& held = held_.at(contract);
  told.push_back(PositionUpdated{
      Position{id_, contract, held.size, held.size.is_zero() ? Price{} : held.paid.average(held.size), held.opened}});
}

void FakeAccount::tell_account(Told& told) const {
  for (int i = 0; i < account_messages; ++i) told.push_back(AccountUpdated{info()});
}

Lots FakeAccount::held(ContractId contract) const {
  const auto found = held_.find(contract);
  return found == held_.end() ? Lots{} : found->second.size;
}

std::vector<Position> FakeAccount::positions() const {
  std::vector<Position> open;
  for (const auto& [contract, held] : held_) {
    if (!held.size.is_zero())
      open.push_back(Position{id_, contract, held.size, held.paid.average(held.size), held.opened});
  }
  return open;
}

std::vector<Order> FakeAccount::working_orders() const {
  std::vector<Order> working;
  for (const auto& [id, order] : orders_) {
    if (order.working()) working.push_back(order);
  }
  return working;
}

std::vector<Trade> FakeAccount::trades(BrokerTime since) const {
  std::vector<Trade> list;
  for (const auto& [id, trade] : trades_) {
    if (trade.time >= since) list.push_back(trade);
  }
  std::reverse(list.begin(), list.end());
  return list;
}

std::optional<Price> FakeAccount::last(ContractId contract) const {
  const auto known = last_.find(contract);
  return known == last_.end() ? std::nullopt : std::optional{known->second};
}

}  // namespace rm::test
