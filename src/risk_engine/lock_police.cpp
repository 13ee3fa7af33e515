#include "risk_engine/lock_police.h"

#include <algorithm>
#include <numeric>

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

// An order of the other side that is not larger than the position; and the children of a bracket, which wait for
// their parent.
bool is_exit(const AccountBook& book, const Order& order) {
  const Holding* holding = book.holding(order.contract);
  const Lots size = holding ? holding->size : Lots{};
  if (order.parent != OrderId{} && book.orders().find(order.parent)) return true;
  return !size.is_zero() && !same_side(size, order.signed_remaining()) && order.remaining() <= size.magnitude();
}

// What is left of the position that was open at `since`: each fill after it can only have reduced what may stay. Our
// clock may trail the broker's stamps by a moment; the fill that set the lock off was before it.
Lots left_of_position(const AccountBook& book, const Holding& holding, BrokerTime since) {
  constexpr Duration kClockSlack = std::chrono::seconds{2};
  const auto fills = book.day().fills_of(holding.contract, since + kClockSlack);
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

void LockPolice::look(const AccountBook& book, const UnderWay& under_way, Findings& findings) {
  if (book.locks().all().empty()) {
    strikes_.clear();
    allowances_.clear();
    seen_begin_.clear();
    return;
  }
  forget_ended(book);
  if (const Lock* lock = book.locks().account_hard_lock()) {
    look_at_account(book, *lock, under_way, findings);
    return;  // nothing may be open: covers every other lock
  }
  for (const Lock& lock : book.locks().all()) {
    if (lock.kind == LockKind::Hard && lock.symbol && book.locks().longest(LockKind::Hard, lock.symbol) == &lock)
      look_at_symbol(book, lock, under_way, findings);
  }
  look_at_entries(book, under_way, findings);
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

void LockPolice::look_at_entries(const AccountBook& book, const UnderWay& under_way, Findings& findings) {
  const auto lock_of = [&](ContractId contract) {
    return book.locks().entry_lock(book.contracts().at(contract).symbol);
  };
  for (const Holding& holding : book.holdings()) {
    const Lock* lock = lock_of(holding.contract);
    if (!lock) continue;
    Allowance& stays = allowance(book, holding, *lock);
    const bool within = holding.size.is_zero() ||
                        (same_side(holding.size, stays.size) && holding.size.magnitude() <= stays.size.magnitude());
    if (within) {
      stays.size = holding.size;
      continue;
    }
    if (!same_side(holding.size, stays.size)) stays.size = Lots{};
    look_at_increase(holding, stays.size.magnitude(), *lock, under_way, findings);
  }
  for (const Order& order : book.orders().all()) {
    const Lock* lock = lock_of(order.contract);
    if (!lock || is_exit(book, order) || under_way.removes(order.id, order.contract)) continue;
    Goal goal;
    goal.orders_gone.push_back(order.id);
    findings.rule = lock->rule;
    findings.violate(ContractActivityWhileLocked{order.contract, strike(*lock)}, std::move(goal));
  }
}

void LockPolice::look_at_increase(const Holding& holding, Lots limit, const Lock& lock, const UnderWay& under_way,
                                  Findings& findings) {
  if (const auto left = under_way.leaves(holding.contract); left && *left <= limit) return;
  findings.rule = lock.rule;
  findings.violate(ContractActivityWhileLocked{holding.contract, strike(lock)}, at_most(holding.contract, limit));
}

void LockPolice::on_lock_set(const AccountBook& book, const Lock& lock) {
  if (lock.kind != LockKind::Entry) return;
  if (!seen_beginning(lock)) seen_begin_.push_back(lock);
  for (const Holding& holding : book.holdings()) {
    const bool concerned = !lock.symbol || book.contracts().at(holding.contract).symbol == *lock.symbol;
    if (concerned && !find(holding.contract)) allowances_.push_back(Allowance{holding.contract, holding.size});
  }
}

// A lock whose beginning was not seen is of before a restart: what was open then is told by the fills since. Under
// one whose beginning was seen, what has no allowance was not open.
LockPolice::Allowance& LockPolice::allowance(const AccountBook& book, const Holding& holding, const Lock& lock) {
  if (Allowance* known = find(holding.contract)) return *known;
  const Lots size = seen_beginning(lock) ? Lots{} : left_of_position(book, holding, lock.since);
  return allowances_.emplace_back(Allowance{holding.contract, size});
}

LockPolice::Allowance* LockPolice::find(ContractId contract) {
  const auto found = std::find_if(allowances_.begin(), allowances_.end(),
                                  [&](const Allowance& a) { return a.contract == contract; });
  return found == allowances_.end() ? nullptr : &*found;
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
