#include "risk_engine/standing_check.h"

#include <algorithm>

#include "book/read_lag.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

// For so long after an enforcement what it had removed is looked for.
constexpr Duration kFinishedIsRemembered = 2min;
// So much later it is looked at again whether a rule that found the same has acted.
constexpr Duration kRulesFirst = 1s;

bool same_side(Lots a, Lots b) {
  return (a > Lots{}) == (b > Lots{});
}

bool is_stop(const Order& order) {
  return order.type == OrderType::Stop || order.type == OrderType::StopLimit || order.type == OrderType::TrailingStop;
}

// Suspended: a child whose parent the broker did not name.
bool of_a_bracket(const Order& order) {
  return order.parent != OrderId{} || order.status == OrderStatus::Suspended;
}

// On the side of the position.
bool filled_since(const AccountBook& book, const BrokerWords::Shown& position, BrokerTime since) {
  const auto fills = book.day().fills_of(position.contract, since);
  return std::ranges::any_of(fills, [&](const Trade& fill) { return same_side(fill.signed_size(), position.size); });
}

}  // namespace

void StandingCheck::look(const AccountBook& book, const RiskEvent& event, const UnderWay& under_way,
                         Findings& findings) {
  now_ = event.at;
  words_.take(event);
  for (Mismatch& mismatch : mismatches_) mismatch.seen = false;
  look_at_locks(book);
  look_at_entry_locks(book);
  look_at_entry_orders(book);
  look_at_sizes(book, under_way);
  look_at_finished(book);
  std::erase_if(mismatches_, [&](const Mismatch& m) { return !m.seen || undone_by(under_way, m); });
  judge(findings);
}

// The reads that showed the goal may have lagged, and what they did not show yet is the trader's.
void StandingCheck::on_finished(const Goal& goal, BrokerTime decided, BrokerTime now) {
  finished_.push_back({goal, std::max(decided, words_.read_at() - kReadLag), now});
}

// ── what is demanded ──

void StandingCheck::look_at_locks(const AccountBook& book) {
  for (const Lock& lock : book.locks().all()) {
    if (lock.kind != LockKind::Hard) continue;
    Mismatch account;
    for (const BrokerWords::Shown& position : words_.positions()) {
      const bool concerned = !lock.symbol || book.contracts().at(position.contract).symbol == *lock.symbol;
      if (!concerned || position.size.is_zero()) continue;
      account.held = account.held + position.size.magnitude();
      if (lock.symbol) at_most(position.contract, Lots{}, now_);
    }
    for (const Order& order : words_.orders()) {
      const bool concerned = !lock.symbol || book.contracts().at(order.contract).symbol == *lock.symbol;
      if (!concerned) continue;
      ++account.orders;
      if (lock.symbol) at_most(order.contract, Lots{}, now_);
    }
    if (!lock.symbol && (account.orders > 0 || !account.held.is_zero())) note(account, now_);
  }
}

// What is open when the lock has lasted for the grace may stay, and may not grow.
void StandingCheck::look_at_entry_locks(const AccountBook& book) {
  const auto lock_of = [&](ContractId contract) {
    return book.locks().entry_lock(book.contracts().at(contract).symbol);
  };
  std::erase_if(entry_base_, [&](const BrokerWords::Shown& base) { return !lock_of(base.contract); });
  for (const BrokerWords::Shown& position : words_.positions()) {
    const Lock* lock = lock_of(position.contract);
    if (!lock || now_ - lock->since < kGrace) continue;
    auto known = std::ranges::find(entry_base_, position.contract, &BrokerWords::Shown::contract);
    if (known == entry_base_.end()) {
      known = entry_base_.insert(known, position);
      // By a fill too: whether the broker dates a position anew when it only changes is not known.
      const BrokerTime from = lock->since + kGrace;
      if (position.opened > from && filled_since(book, position, from)) known->size = Lots{};
    }
    Lots& base = known->size;
    if (position.size.is_zero() || !same_side(position.size, base)) {
      base = Lots{};
    } else if (position.size.magnitude() < base.magnitude()) {
      base = position.size;
    }
    if (position.size.magnitude() > base.magnitude()) at_most(position.contract, base.magnitude(), now_);
  }
}

void StandingCheck::look_at_entry_orders(const AccountBook& book) {
  if (book.locks().account_hard_lock()) return;  // forbids all orders
  for (const Order& order : words_.orders()) {
    const SymbolId symbol = book.contracts().at(order.contract).symbol;
    const bool entries_alone = book.locks().entry_lock(symbol) && !book.locks().longest(LockKind::Hard, symbol);
    if (entries_alone && opens_or_adds(order)) may_not_work(order);
  }
}

// Whatever could be protection is left alone: an order on the side that closes what is open, however large; a stop of
// this program; a child of a bracket; a stop where nothing is open, while an order that it could protect works on the
// other side.
bool StandingCheck::opens_or_adds(const Order& order) const {
  if (of_a_bracket(order) || order.tag != StopTag{}) return false;
  const Lots held = words_.held(order.contract);
  if (!held.is_zero()) return (held > Lots{}) == (order.side == Side::Buy);
  return !is_stop(order) || std::ranges::none_of(words_.orders(), [&](const Order& other) {
    return other.contract == order.contract && other.side != order.side && !of_a_bracket(other);
  });
}

void StandingCheck::look_at_sizes(const AccountBook& book, const UnderWay& under_way) {
  for (const SizeCheck::Demand& demand : sizes_.look(words_, book.contracts(), under_way, now_))
    at_most(demand.contract, demand.at_most, demand.since);
}

void StandingCheck::look_at_finished(const AccountBook& book) {
  std::erase_if(finished_, [&](const Finished& finished) { return now_ - finished.at > kFinishedIsRemembered; });
  for (const Finished& finished : finished_) look_at_finished(book, finished);
}

// An order or a position that the enforcement covered is what it had said to be gone. A position is that only when
// nothing has been filled on its side since: whether the broker counts a new one as opened anew is not known.
void StandingCheck::look_at_finished(const AccountBook& book, const Finished& finished) {
  const auto flat = [&](ContractId contract) {
    return finished.goal.account_flat || std::ranges::any_of(finished.goal.contracts, [&](const ContractGoal& goal) {
             return goal.contract == contract && goal.at_most.is_zero();
           });
  };
  for (const BrokerWords::Shown& position : words_.positions()) {
    const bool of_before = position.opened != BrokerTime{} && position.opened <= finished.covers;
    if (position.size.is_zero() || !flat(position.contract) || !of_before) continue;
    if (!filled_since(book, position, finished.covers)) at_most(position.contract, Lots{}, now_);
  }
  for (const Order& order : words_.orders()) {
    const bool named = std::ranges::find(finished.goal.orders_gone, order.id) != finished.goal.orders_gone.end();
    const bool of_before = order.created != BrokerTime{} && order.created <= finished.covers;
    if (named || (of_before && flat(order.contract))) may_not_work(order);
  }
}

// ── what follows ──

void StandingCheck::at_most(ContractId contract, Lots allowed, BrokerTime since) {
  Mismatch mismatch;
  mismatch.contract = contract;
  mismatch.held = words_.held(contract).magnitude();
  mismatch.allowed = allowed;
  mismatch.orders = allowed.is_zero() ? words_.orders_in(contract) : 0;
  note(mismatch, since);
}

void StandingCheck::may_not_work(const Order& order) {
  Mismatch mismatch;
  mismatch.order = order.id;
  mismatch.contract = order.contract;
  mismatch.orders = 1;
  note(mismatch, now_);
}

// The stricter of two about the same. What is new is to be read at least once from now on.
void StandingCheck::note(Mismatch found, BrokerTime since) {
  found.seen = true;
  found.due = std::max(since + kGrace, now_);
  const auto known = std::ranges::find_if(
      mismatches_, [&](const Mismatch& m) { return m.contract == found.contract && m.order == found.order; });
  if (known == mismatches_.end()) {
    mismatches_.push_back(found);
    return;
  }
  const bool stricter = known->seen && known->allowed < found.allowed;
  const Lots allowed = stricter ? known->allowed : found.allowed;
  const Mismatch before = std::exchange(*known, found);
  known->allowed = allowed;
  known->due = before.due;
  known->wished = before.wished;
  known->counted = before.counted;
  known->left_to_rules = before.left_to_rules;
}

// A rule may learn of it by the very read that makes it an incident: it goes first, and if it does not act, nobody
// else goes first again.
void StandingCheck::judge(Findings& findings) {
  next_look_.reset();
  findings.rule = kName;
  const std::size_t of_rules = findings.violations.size();
  const auto look_again = [&](BrokerTime at) { next_look_ = std::min(next_look_.value_or(at), at); };
  for (Mismatch& mismatch : mismatches_) {
    const bool found = std::ranges::any_of(std::span{findings.violations}.first(of_rules),
                                           [&](const Violation& v) { return undone_by(v.goal, mismatch); });
    if (now_ < mismatch.due) {
      look_again(mismatch.due);
    } else if (found && !std::exchange(mismatch.left_to_rules, true)) {
      look_again(now_ + kRulesFirst);
    } else if (words_.read_at() < mismatch.due) {
      read_wanted_ = read_wanted_ || !std::exchange(mismatch.wished, true);
    } else {
      if (!std::exchange(mismatch.counted, true)) ++incidents_;
      findings.violate(PostConditionBroken{mismatch.contract, mismatch.held, mismatch.allowed, mismatch.orders},
                       goal_of(mismatch));
    }
  }
}

bool StandingCheck::undone_by(const UnderWay& under_way, const Mismatch& mismatch) {
  if (mismatch.order != OrderId{}) return under_way.removes(mismatch.order, *mismatch.contract);
  if (!mismatch.contract) return under_way.flattens_account();
  const auto left = under_way.leaves(*mismatch.contract);
  return left && *left <= mismatch.allowed;
}

bool StandingCheck::undone_by(const Goal& goal, const Mismatch& mismatch) {
  if (goal.account_flat) return true;
  return std::ranges::find(goal.orders_gone, mismatch.order) != goal.orders_gone.end() ||
         std::ranges::any_of(goal.contracts, [&](const ContractGoal& part) {
           return part.contract == mismatch.contract && part.at_most <= mismatch.allowed;
         });
}

Goal StandingCheck::goal_of(const Mismatch& mismatch) {
  if (mismatch.order != OrderId{}) return Goal{false, {}, {mismatch.order}};
  if (!mismatch.contract) return flat_account();
  return rm::at_most(*mismatch.contract, mismatch.allowed);
}

}  // namespace rm
