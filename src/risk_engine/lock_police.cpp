#include "risk_engine/lock_police.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace rm {
namespace {

// Open, or said to be open by the stream. A read alone that contradicts the stream is not yet activity: it may lag.
bool open(const Holding& holding) {
  return !holding.size.is_zero() ||
         (holding.dispute && holding.dispute->by_stream && !holding.dispute->size.is_zero());
}

bool same_side(Lots a, Lots b) {
  return (a > Lots{}) == (b > Lots{});
}

bool within(Lots size, Lots allowed) {
  return size.is_zero() || (same_side(size, allowed) && size.magnitude() <= allowed.magnitude());
}

// What forbids entries in the contract, if nothing stricter forbids it altogether.
const Lock* entry_lock_of(const AccountBook& book, ContractId contract) {
  const SymbolId symbol = book.contracts().at(contract).symbol;
  return book.locks().longest(LockKind::Hard, symbol) ? nullptr : book.locks().entry_lock(symbol);
}

// The gateway ends the other leg of a bracket some milliseconds after the one that filled, and a market order has
// filled before a cancel could arrive.
constexpr Duration kPatience = std::chrono::milliseconds{500};

// The order of the last entry up to then; its fills are one entry.
OrderId last_entry(const AccountBook& book, BrokerTime until) {
  OrderId last;
  for (const Entry& entry : book.activity().entries()) {
    if (entry.at <= until) last = entry.order;
  }
  return last;
}

// What is left of the position that was open at `since`: each fill after it can only have reduced what may stay, but
// for those that finished the entry of before.
Lots left_of_position(const AccountBook& book, const Holding& holding, BrokerTime since) {
  auto fills = book.day().fills_of(holding.contract, since);
  const OrderId finishing = last_entry(book, since);
  std::erase_if(fills, [&](const Trade& fill) { return finishing != OrderId{} && fill.order == finishing; });
  Lots size = holding.size;
  for (const Trade& fill : fills) size = size - fill.signed_size();
  Lots stays = size;
  for (const Trade& fill : fills) {
    size = size + fill.signed_size();
    if (size.is_zero() || !same_side(size, stays)) {
      stays = Lots{};
    } else if (size.magnitude() < stays.magnitude()) {
      stays = size;
    }
  }
  return stays;
}

}  // namespace

void LockPolice::look(const AccountBook& book, const RiskEvent& event, const UnderWay& under_way,
                      Findings& findings) {
  next_look_.reset();
  if (book.locks().all().empty()) {
    strikes_.clear();
    allowances_.clear();
    seen_begin_.clear();
    finishing_ = OrderId{};
    return;
  }
  forget_ended(book);
  follow_sizes(book, event);  // under a hard lock too: what it closed may not come back under the other one
  if (const Lock* lock = book.locks().account_hard_lock()) {
    look_at_account(book, *lock, under_way, findings);
    return;  // nothing may be open: covers every other lock
  }
  for (const Lock& lock : book.locks().all()) {
    if (lock.kind == LockKind::Hard && lock.symbol && book.locks().longest(LockKind::Hard, lock.symbol) == &lock)
      look_at_symbol(book, lock, under_way, findings);
  }
  look_at_sizes(book, under_way, findings);
  look_at_orders(book, event.at, under_way, findings);
}

void LockPolice::look_at_account(const AccountBook& book, const Lock& lock, const UnderWay& under_way,
                                 Findings& findings) {
  const bool active = book.orders().any() || std::any_of(book.holdings().begin(), book.holdings().end(), open);
  if (!active || under_way.flattens_account()) return;
  findings.rule = lock.rule;
  findings.violate(ActivityWhileLocked{strike(lock)}, flat_account());
}

void LockPolice::look_at_symbol(const AccountBook& book, const Lock& lock, const UnderWay& under_way,
                                Findings& findings) {
  std::uint32_t number = 0;
  const auto undo = [&](ContractId contract) {
    if (const auto left = under_way.leaves(contract); left && left->is_zero()) return;
    if (number == 0) number = strike(lock);
    findings.rule = lock.rule;
    findings.violate(ContractActivityWhileLocked{contract, number}, flat_contract(contract));
  };
  const auto of_symbol = [&](ContractId contract) { return book.contracts().at(contract).symbol == *lock.symbol; };
  for (const Holding& holding : book.holdings()) {
    if (of_symbol(holding.contract) && open(holding)) undo(holding.contract);
  }
  for (const Order& order : book.orders().all()) {
    const Holding* holding = book.holding(order.contract);
    const bool done_already = holding && open(*holding);
    if (of_symbol(order.contract) && !done_already) undo(order.contract);
  }
}

void LockPolice::follow_sizes(const AccountBook& book, const RiskEvent& event) {
  const auto* fill = std::get_if<TradeExecuted>(&event.body);
  for (const Holding& holding : book.holdings()) {
    const Lock* lock = book.locks().entry_lock(book.contracts().at(holding.contract).symbol);
    if (!lock) continue;
    Allowance& stays = allowance(book, holding, *lock);
    // The fills of one order are one entry, and that one was made before the lock.
    const bool finishes = fill && finishing_ != OrderId{} && fill->trade.order == finishing_ &&
                          fill->trade.contract == holding.contract &&
                          holding.size == stays.size + fill->trade.signed_size();
    if (finishes) stays.size = holding.size;
    const Lots left = within(holding.size, stays.size)      ? holding.size
                      : same_side(holding.size, stays.size) ? stays.size
                                                            : Lots{};
    if (left == stays.size) continue;
    stays.exit_side = stays.size > Lots{} ? Side::Sell : Side::Buy;
    stays.shrunk_at = event.at;
    stays.size = left;
  }
}

void LockPolice::look_at_sizes(const AccountBook& book, const UnderWay& under_way, Findings& findings) {
  for (const Holding& holding : book.holdings()) {
    const Lock* lock = entry_lock_of(book, holding.contract);
    const Allowance* stays = find(holding.contract);
    if (!lock || !stays || within(holding.size, stays->size)) continue;
    const Lots limit = stays->size.magnitude();
    if (const auto left = under_way.leaves(holding.contract); left && *left <= limit) continue;
    findings.rule = lock->rule;
    findings.violate(ContractActivityWhileLocked{holding.contract, strike(*lock)}, at_most(holding.contract, limit));
  }
}

void LockPolice::look_at_orders(const AccountBook& book, BrokerTime now, const UnderWay& under_way,
                                Findings& findings) {
  for (const Order& order : book.orders().all()) {
    const Lock* lock = entry_lock_of(book, order.contract);
    if (!lock || book.is_exit(order) || under_way.removes(order.id, order.contract)) continue;
    if (const BrokerTime until = left_alone_until(book, order); now < until) {
      next_look_ = next_look_ ? std::min(*next_look_, until) : until;
      continue;
    }
    Goal goal;
    goal.orders_gone.push_back(order.id);
    findings.rule = lock->rule;
    findings.violate(ContractActivityWhileLocked{order.contract, strike(*lock)}, std::move(goal));
  }
}

// What is an entry order only because a message is still on its way.
BrokerTime LockPolice::left_alone_until(const AccountBook& book, const Order& order) const {
  if (order.type == OrderType::Market) return book.orders().heard_at(order.id) + kPatience;
  const Allowance* was = find(order.contract);
  if (was && was->shrunk_at != BrokerTime{} && was->exit_side == order.side) return was->shrunk_at + kPatience;
  return BrokerTime{};
}

void LockPolice::on_lock_set(const AccountBook& book, const Lock& lock) {
  if (lock.kind != LockKind::Entry) return;
  if (!seen_beginning(lock)) seen_begin_.push_back(lock);
  // An entry of under another lock has no fills that may still come in.
  const auto entries = book.activity().entries();
  if (!entries.empty() && !find(entries.back().contract)) finishing_ = entries.back().order;
  for (const Holding& holding : book.holdings()) {
    const bool concerned = !lock.symbol || book.contracts().at(holding.contract).symbol == *lock.symbol;
    if (concerned && !find(holding.contract))
      allowances_.push_back(Allowance{holding.contract, holding.size, {}, {}});
  }
}

// A lock whose beginning was not seen is of before a restart: what was open then is told by the fills since. Under
// one whose beginning was seen, what has no allowance was not open.
LockPolice::Allowance& LockPolice::allowance(const AccountBook& book, const Holding& holding, const Lock& lock) {
  if (Allowance* known = find(holding.contract)) return *known;
  const Lots size = seen_beginning(lock) ? Lots{} : left_of_position(book, holding, lock.since);
  return allowances_.emplace_back(Allowance{holding.contract, size, {}, {}});
}

const LockPolice::Allowance* LockPolice::find(ContractId contract) const {
  const auto found = std::find_if(allowances_.begin(), allowances_.end(),
                                  [&](const Allowance& a) { return a.contract == contract; });
  return found == allowances_.end() ? nullptr : &*found;
}

LockPolice::Allowance* LockPolice::find(ContractId contract) {
  return const_cast<Allowance*>(std::as_const(*this).find(contract));
}

bool LockPolice::seen_beginning(const Lock& lock) const {
  return std::any_of(seen_begin_.begin(), seen_begin_.end(),
                     [&](const Lock& known) { return known.rule == lock.rule && known.symbol == lock.symbol; });
}

void LockPolice::forget_ended(const AccountBook& book) {
  std::erase_if(strikes_, [&](const Strikes& s) { return !book.locks().longest(s.kind, s.symbol); });
  std::erase_if(allowances_,
                [&](const Allowance& a) { return !book.locks().entry_lock(book.contracts().at(a.contract).symbol); });
  std::erase_if(seen_begin_, [&](const Lock& known) {
    const auto locks = book.locks().all();
    return std::none_of(locks.begin(), locks.end(), [&](const Lock& lock) {
      return lock.kind == LockKind::Entry && lock.rule == known.rule && lock.symbol == known.symbol;
    });
  });
}

std::uint32_t LockPolice::strike(const Lock& lock) {
  for (Strikes& known : strikes_) {
    if (known.kind == lock.kind && known.symbol == lock.symbol) return ++known.count;
  }
  strikes_.push_back(Strikes{lock.kind, lock.symbol, 1});
  return 1;
}

std::uint32_t LockPolice::strikes() const {
  return std::accumulate(strikes_.begin(), strikes_.end(), std::uint32_t{},
                         [](std::uint32_t sum, const Strikes& s) { return sum + s.count; });
}

}  // namespace rm
