#include <algorithm>
#include <cstdlib>

#include "paper_gateway/exchange/core.h"

namespace paper {
namespace {

bool waits_at_a_price(OrderType type) {
  return type == OrderType::Limit || type == OrderType::JoinBid || type == OrderType::JoinAsk;
}

}  // namespace

// With partial fills on, what takes the market is filled in several parts at once; what waits at a price gets one
// part at each look at the market and stays working with the rest.
void Exchange::Core::fill(OrderState& filling, Decimal price) {
  Order& order = filling.order;
  const int most = settings.max_fill_size > 0 ? settings.max_fill_size : order.size;
  do {
    fill_part(filling, std::min(most, order.remaining()), price);
  } while (order.remaining() > 0 && !waits_at_a_price(order.type));
  if (order.remaining() > 0) return leg_part_filled(filling);
  working[order.contract].erase(order.id);
  leg_filled(filling);
  open_legs(filling);
}

void Exchange::Core::fill_part(OrderState& filling, int size, Decimal price) {
  Order& order = filling.order;
  const int position = held(order.account, order.contract);
  const int closing = position * sign(order.side) < 0 ? std::min(size, std::abs(position)) : 0;
  FillNews news;
  // A fill that turns a position over makes two trades: one that closes, with a P&L, and one that opens, without.
  if (closing > 0) close_lots(order, closing, price, news);
  if (size > closing) open_lots(order, size - closing, price, news);

  order.fill_volume += size;
  filling.filled_value += Wide{price.nanos()} * size;
  order.filled_price = Decimal::from_nanos(saturate(divide_rounded(filling.filled_value, order.fill_volume)));
  order.status = order.remaining() == 0 ? OrderStatus::Filled : OrderStatus::Open;

  const bool order_first = order_told_first(order);
  if (order_first) tell_order(order);
  for (const auto& [trade, action] : news.trades) tell_trade(trade, action);
  if (!order_first) tell_order(order);
  for (const auto& [row, action] : news.positions) tell_position(row, action);
  tell_account(order.account);
}

bool Exchange::Core::order_told_first(const Order& order) const {
  using FillEvents = Settings::FillEvents;
  if (settings.fill_events == FillEvents::TradeFirst) return false;
  if (settings.fill_events == FillEvents::OrderFirst) return true;
  if (settings.fill_events == FillEvents::Usual) return waits_at_a_price(order.type);
  // Drawn from the seed and the fill itself: other orders do not change what this one gets.
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = (settings.seed + static_cast<std::uint64_t>(order.id.value)) * kOdd;
  z = (z ^ (z >> 31U)) + static_cast<std::uint64_t>(order.fill_volume);
  return ((z * kOdd) >> 63U) != 0;
}

Trade& Exchange::Core::book_trade(const Order& order, int size, Decimal price) {
  const Contract& contract = market(order.contract)->contract;
  Trade trade;
  trade.id = TradeId{next_trade++};
  trade.account = order.account;
  trade.contract = order.contract;
  trade.created = stamp();
  trade.price = price;
  trade.fees = contract.fee * size;
  trade.commissions = contract.commission * size;
  trade.side = order.side;
  trade.size = size;
  trade.order = order.id;
  accounts.at(order.account).balance -= trade.fees + trade.commissions;
  return trades.emplace_back(std::move(trade));
}

void Exchange::Core::close_lots(const Order& order, int size, Decimal price, FillNews& news) {
  Holding& holding = holdings.at({order.account, order.contract});
  Trade& exit = book_trade(order, size, price);
  const Holding::Closed closed = holding.close(size, price, market(order.contract)->contract, settings.closed_lots);
  exit.profit_and_loss = closed.profit_and_loss;
  accounts.at(order.account).balance += closed.profit_and_loss;
  news.trades.emplace_back(exit, Action::Create);
  if (settings.resend_opening_trade != Settings::Resend::Off) {
    const bool create = settings.resend_opening_trade == Settings::Resend::AsCreate;
    for (const TradeId id : closed.opened_by) {
      const auto opening = std::ranges::lower_bound(trades, id, {}, &Trade::id);
      news.trades.emplace_back(*opening, create ? Action::Create : Action::Update);
    }
  }
  show_position(holding);
  news.positions.emplace_back(holding.position, holding.size() == 0 ? Action::Delete : Action::Update);
}

void Exchange::Core::open_lots(const Order& order, int size, Decimal price, FillNews& news) {
  const Contract& contract = market(order.contract)->contract;
  Holding& holding = holdings[{order.account, order.contract}];
  const Trade& entry = book_trade(order, size, price);
  news.trades.emplace_back(entry, Action::Create);
  if (holding.size() == 0) {
    holding.position.id = PositionId{next_position++};
    holding.position.account = order.account;
    holding.position.contract = order.contract;
    holding.position.display_name = contract.display_name;
    holding.position.created = stamp();
  }
  holding.open(entry.id, size * sign(order.side), price, contract);
  show_position(holding);
  news.positions.emplace_back(holding.position, Action::Update);
}

void Exchange::Core::show_position(Holding& holding) {
  Position& shown = holding.position;
  shown.size = std::abs(holding.size());
  shown.type = holding.size() > 0   ? PositionType::Long
               : holding.size() < 0 ? PositionType::Short
                                    : PositionType::Undefined;
  shown.average_price = holding.average_price();
}

}  // namespace paper
