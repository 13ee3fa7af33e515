#include "enforcement/told_by_stream.h"

#include <algorithm>

#include "book/read_lag.h"

namespace rm {
namespace {

constexpr Duration kEndedIsRemembered = std::chrono::minutes{1};

// A trailing stop follows the price without a message; what has filled is told by trades.
bool same(const Order& a, const Order& b) {
  return a.size == b.size && a.limit_price == b.limit_price &&
         (a.type == OrderType::TrailingStop || a.stop_price == b.stop_price);
}

}  // namespace

void ToldByStream::on_snapshot(const AccountSnapshot& snapshot) {
  orders_.clear();
  positions_.clear();
  for (const Order& order : snapshot.working_orders) orders_.push_back({order, snapshot.requested_at});
  for (const Position& p : snapshot.positions) positions_.push_back({p.contract, p.size, snapshot.requested_at});
}

void ToldByStream::on_order(const Order& order, BrokerTime now) {
  const auto known = std::ranges::find(orders_, order.id, [](const KnownOrder& k) { return k.order.id; });
  if (known == orders_.end()) {
    orders_.push_back({order, now});
  } else {
    *known = {order, now};
  }
}

void ToldByStream::on_position(const Position& told, BrokerTime now) {
  KnownPosition& known = position(told.contract);
  known.size = told.size;
  known.heard_at = now;
}

void ToldByStream::on_fill(const Trade& trade, BrokerTime now) {
  position(trade.contract).heard_at = now;
  // An order that fills says so itself, or its last trade does.
  const auto known = std::ranges::find(orders_, trade.order, [](const KnownOrder& k) { return k.order.id; });
  if (known == orders_.end()) return;
  known->heard_at = now;
  known->order.filled = std::min(known->order.size, known->order.filled + trade.size);
  if (known->order.filled == known->order.size) known->order.status = OrderStatus::Filled;
}

void ToldByStream::on_read(const ReadBack& read, FoundByReads& found, BrokerTime now) {
  if (read.working_orders) compare_orders(read, found, now);
  if (read.positions) compare_positions(read, found, now);
  forget_ended(now);
}

// What differs is taken over, so that it is found once.
void ToldByStream::compare_orders(const ReadBack& read, FoundByReads& found, BrokerTime now) {
  const BrokerTime seen_surely = read.requested_at - kReadLag;
  for (const Order& listed : *read.working_orders) {
    const auto known = std::ranges::find(orders_, listed.id, [](const KnownOrder& k) { return k.order.id; });
    if (known == orders_.end()) {
      orders_.push_back({listed, seen_surely});
      found.on_read(read.account, listed.id, now);
    } else if (known->heard_at <= seen_surely && !(known->order.working() && same(known->order, listed))) {
      known->order = listed;
      found.on_read(read.account, listed.id, now);
    }
  }
  for (KnownOrder& known : orders_) {
    const bool gone =
        std::ranges::find(*read.working_orders, known.order.id, &Order::id) == read.working_orders->end();
    // A gateway without the order query does not list suspended children.
    const bool expected = known.order.working() && known.order.status != OrderStatus::Suspended;
    if (!gone || !expected || known.heard_at > seen_surely) continue;
    known.order.status = OrderStatus::Cancelled;
    found.on_read(read.account, known.order.id, now);
  }
}

void ToldByStream::compare_positions(const ReadBack& read, FoundByReads& found, BrokerTime now) {
  for (const Position& listed : *read.positions) (void)position(listed.contract);
  for (KnownPosition& known : positions_) {
    if (known.heard_at > read.requested_at - kReadLag) continue;
    const auto listed = std::ranges::find(*read.positions, known.contract, &Position::contract);
    const Lots size = listed == read.positions->end() ? Lots{} : listed->size;
    if (size == known.size) continue;
    known.size = size;
    found.on_read(read.account, known.contract, now);
  }
}

ToldByStream::KnownPosition& ToldByStream::position(ContractId contract) {
  const auto known = std::ranges::find(positions_, contract, &KnownPosition::contract);
  return known == positions_.end() ? positions_.emplace_back(KnownPosition{contract, {}, {}}) : *known;
}

void ToldByStream::forget_ended(BrokerTime now) {
  std::erase_if(orders_, [&](const KnownOrder& known) {
    return !known.order.working() && now - known.heard_at > kEndedIsRemembered;
  });
}

}  // namespace rm
