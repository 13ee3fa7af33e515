#include "book/working_orders.h"

#include <algorithm>
#include <utility>

#include "book/read_lag.h"

namespace rm {
namespace {

constexpr std::size_t kExpectedOrders = 64;
constexpr std::size_t kRememberedEnds = 256;

}  // namespace

WorkingOrders::WorkingOrders() {
  working_.reserve(kExpectedOrders);
  heard_.reserve(kExpectedOrders);
  traded_.reserve(kExpectedOrders);
  said_.reserve(kExpectedOrders);
  untold_.reserve(kExpectedOrders);
  ended_.reserve(kRememberedEnds);
  ahead_.reserve(kExpectedOrders);
}

bool WorkingOrders::on_order(const Order& order, BrokerTime now) {
  if (const std::size_t index = index_of(order.id); index < working_.size()) note_ahead(order, index, now);
  if (order.working()) return !ended_after(order.id, BrokerTime{}) && put(order, now);
  remember_end(order.id, now);
  return take_out(order.id);
}

void WorkingOrders::on_fill(OrderId id, Lots lots, BrokerTime now) {
  Lots told;
  for (Ahead& ahead : ahead_) {
    if (ahead.id != id) continue;
    told = std::min(ahead.lots, lots);
    ahead.lots = ahead.lots - told;
  }
  std::erase_if(ahead_, [](const Ahead& ahead) { return ahead.lots.is_zero(); });
  const std::size_t index = index_of(id);
  if (index == working_.size()) return;
  traded_[index] = traded_[index] + lots;
  untold_[index] = untold_[index] + (lots - told);
  count_filled(index);
  if (traded_[index] < working_[index].size) return;
  remember_end(id, now);
  take_out(id);
}

// Trades and the messages of their order come in either order.
void WorkingOrders::note_ahead(const Order& said, std::size_t index, BrokerTime now) {
  const Lots filled = said.status == OrderStatus::Filled ? said.size : said.filled;
  const Lots news = std::max(filled - said_[index], Lots{});
  const Lots traded = std::min(news, untold_[index]);
  untold_[index] = untold_[index] - traded;
  if (news == traded) return;
  for (Ahead& ahead : ahead_) {
    if (ahead.id != said.id) continue;
    ahead.lots = ahead.lots + (news - traded);
    return;
  }
  if (ahead_.size() == kExpectedOrders) ahead_.erase(ahead_.begin());
  ahead_.push_back(Ahead{said.id, said.contract, said.side, news - traded, now});
}

Lots WorkingOrders::filled_ahead(ContractId contract, Side side) const {
  Lots sum;
  for (const Ahead& ahead : ahead_) {
    if (ahead.contract == contract && ahead.side == side) sum = sum + ahead.lots;
  }
  return sum;
}

void WorkingOrders::forget_ahead(BrokerTime older_than) {
  std::erase_if(ahead_, [&](const Ahead& ahead) { return ahead.since <= older_than; });
}

std::optional<BrokerTime> WorkingOrders::oldest_ahead() const {
  return ahead_.empty() ? std::nullopt : std::optional{ahead_.front().since};
}

void WorkingOrders::remember_end(OrderId id, BrokerTime at) {
  if (ended_.size() == kRememberedEnds) ended_.erase(ended_.begin(), ended_.begin() + kRememberedEnds / 2);
  ended_.push_back(Ended{id, at});
}

std::size_t WorkingOrders::index_of(OrderId id) const {
  const auto known = std::find_if(working_.begin(), working_.end(), [&](const Order& o) { return o.id == id; });
  return static_cast<std::size_t>(known - working_.begin());
}

bool WorkingOrders::on_read(std::span<const Order> working, BrokerTime requested_at) {
  if (requested_at < newest_read_) return false;
  newest_read_ = requested_at;
  const BrokerTime seen_surely = requested_at - kReadLag;  // what the stream said before is in the read
  bool changed = false;
  for (std::size_t i = working_.size(); i-- > 0;) {
    const OrderId id = working_[i].id;
    const bool listed = std::any_of(working.begin(), working.end(), [&](const Order& o) { return o.id == id; });
    if (!listed && heard_[i] <= seen_surely) changed = take_out(id) || changed;
  }
  for (const Order& order : working) {
    if (ended_after(order.id, seen_surely)) continue;
    const std::size_t known = index_of(order.id);
    const bool heard_since = known < working_.size() && heard_[known] > seen_surely;
    if (!heard_since && known < working_.size())  // their trades and positions are read as well
      untold_[known] = std::max(untold_[known] - std::max(order.filled - said_[known], Lots{}), Lots{});
    if (!heard_since) changed = put(order, seen_surely) || changed;
  }
  return changed;
}

const Order* WorkingOrders::find(OrderId id) const {
  const std::size_t index = index_of(id);
  return index == working_.size() ? nullptr : &working_[index];
}

BrokerTime WorkingOrders::heard_at(OrderId id) const {
  const std::size_t index = index_of(id);
  return index == working_.size() ? BrokerTime{} : heard_[index];
}

bool WorkingOrders::ended_after(OrderId id, BrokerTime t) const {
  return std::any_of(ended_.begin(), ended_.end(), [&](const Ended& e) { return e.id == id && e.at >= t; });
}

bool WorkingOrders::put(const Order& order, BrokerTime now) {
  const std::size_t index = index_of(order.id);
  if (index == working_.size()) {
    working_.push_back(order);
    heard_.push_back(now);
    said_.push_back(order.filled);
    untold_.push_back(Lots{});
    traded_.push_back(Lots{});  // what filled before we saw it is left out: an order never ends early
    return true;
  }
  heard_[index] = now;
  const Order before = std::exchange(working_[index], order);
  if (working_[index].tag == StopTag{}) working_[index].tag = before.tag;  // not every message tells it
  said_[index] = std::max(said_[index], order.filled);  // it only grows: an older message comes late
  count_filled(index);
  return working_[index] != before;
}

// The larger of what it said and of what its trades add up to: both only grow, and neither is more than what filled.
void WorkingOrders::count_filled(std::size_t index) {
  working_[index].filled = std::min(working_[index].size, std::max(said_[index], traded_[index]));
}

bool WorkingOrders::take_out(OrderId id) {
  const auto index = static_cast<std::ptrdiff_t>(index_of(id));
  if (working_.begin() + index == working_.end()) return false;
  heard_.erase(heard_.begin() + index);
  traded_.erase(traded_.begin() + index);
  said_.erase(said_.begin() + index);
  untold_.erase(untold_.begin() + index);
  working_.erase(working_.begin() + index);
  return true;
}

}  // namespace rm
