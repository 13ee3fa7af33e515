#include "book/day_activity.h"

#include <algorithm>
#include <utility>

namespace rm {
namespace {

constexpr std::size_t kExpected = 1024;  // of a busy day
constexpr std::size_t kExpectedContracts = 16;

}  // namespace

// ── orders ──

OrderSet::OrderSet() : slots_(2 * kExpected) {}

void OrderSet::clear() {
  std::fill(slots_.begin(), slots_.end(), OrderId{});
  count_ = 0;
}

bool OrderSet::insert(OrderId order) {
  if (2 * (count_ + 1) > slots_.size()) {
    const auto before = std::exchange(slots_, std::vector<OrderId>(2 * slots_.size()));
    for (const OrderId known : before) {
      if (known != OrderId{}) place(known);
    }
  }
  if (!place(order)) return false;
  ++count_;
  return true;
}

bool OrderSet::place(OrderId order) {
  constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;  // neighbouring numbers end far apart
  std::size_t slot = (static_cast<std::uint64_t>(order.value()) * kSpread >> 32U) & (slots_.size() - 1);
  for (; slots_[slot] != OrderId{}; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == order) return false;
  }
  slots_[slot] = order;
  return true;
}

// ── counting ──

DayActivity::DayActivity() {
  running_.reserve(kExpectedContracts);
  entries_.reserve(kExpected);
  trips_.reserve(kExpected);
  closing_.reserve(kExpected);
  in_order_.reserve(kExpected);
}

bool DayActivity::add(const Trade& trade, Lots size) {
  const bool late = trade.time != last_time_ ? trade.time < last_time_ : trade.id < last_id_;
  if (late || running(trade.contract).size + trade.signed_size() != size) return false;
  count(trade);
  return true;
}

void DayActivity::count(const Trade& trade) {
  last_time_ = trade.time;
  last_id_ = trade.id;
  Running& now = running(trade.contract);
  const Lots before = now.size;
  now.size = before + trade.signed_size();
  const bool adds = before.is_zero() || (before > Lots{}) == (trade.side == Side::Buy);
  const bool turns = !adds && !now.size.is_zero() && (now.size > Lots{}) != (before > Lots{});
  // Without a number nobody can tell which fills belong together: each counts.
  if ((adds || turns) && (trade.order == OrderId{} || orders_.insert(trade.order)))
    entries_.push_back(Entry{trade.time, trade.order, trade.contract});

  // A result counts even where the sizes say that nothing was closed: a loss must not get lost in a figure of ours.
  latest_fill_ = trade.profit_and_loss.value_or(Money{});
  latest_trip_ = now.trip + latest_fill_;
  if (!adds || trade.profit_and_loss) closing_.push_back(Outturn{trade.time, trade.contract, latest_fill_});
  const bool ends = !adds && (turns || now.size.is_zero());
  if (ends) trips_.push_back(Outturn{trade.time, trade.contract, latest_trip_});
  now.trip = ends ? Money{} : latest_trip_;
}

void DayActivity::rebuild(const DayLedger& day, std::span<const Holding> holdings) {
  ++revision_;
  running_.clear();
  entries_.clear();
  trips_.clear();
  closing_.clear();
  orders_.clear();
  latest_trip_ = latest_fill_ = Money{};
  last_time_ = BrokerTime{};
  last_id_ = TradeId{};
  day.in_order(in_order_);
  for (const Holding& holding : holdings) running(holding.contract).size = holding.size;
  for (const Trade* trade : in_order_) {
    Running& start = running(trade->contract);
    start.size = start.size - trade->signed_size();
  }
  for (const Trade* trade : in_order_) count(*trade);
}

bool DayActivity::agrees(std::span<const Holding> holdings) const {
  return std::all_of(running_.begin(), running_.end(),
                     [&](const Running& known) {
                       const auto held = std::find_if(holdings.begin(), holdings.end(),
                                                      [&](const Holding& h) { return h.contract == known.contract; });
                       return known.size == (held == holdings.end() ? Lots{} : held->size);
                     }) &&
         std::all_of(holdings.begin(), holdings.end(), [&](const Holding& held) {
           return held.size.is_zero() || std::any_of(running_.begin(), running_.end(), [&](const Running& known) {
                    return known.contract == held.contract;
                  });
         });
}

DayActivity::Running& DayActivity::running(ContractId contract) {
  const auto known =
      std::find_if(running_.begin(), running_.end(), [&](const Running& r) { return r.contract == contract; });
  return known == running_.end() ? running_.emplace_back(Running{contract, Lots{}, Money{}}) : *known;
}

}  // namespace rm
