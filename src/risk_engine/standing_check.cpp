#include "risk_engine/standing_check.h"

#include <algorithm>

namespace rm {
namespace {

using namespace std::chrono_literals;

// For so long after an enforcement what it had removed is looked for.
constexpr Duration kFinishedIsRemembered = 2min;

bool same_side(Lots a, Lots b) {
  return (a > Lots{}) == (b > Lots{});
}

const RuleConfig* enabled(std::span<const RuleConfig> rules, std::string_view name) {
  const auto found =
      std::ranges::find_if(rules, [&](const RuleConfig& rule) { return rule.enabled && rule.rule == name; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

SizeLimits size_limits(std::span<const RuleConfig> rules) {
  const auto lots = [](std::int64_t count) { return Lots{static_cast<std::int32_t>(count)}; };
  SizeLimits limits;
  if (const RuleConfig* rule = enabled(rules, "max_contracts")) {
    if (rule->get<std::string>("count") == "gross") limits.gross = lots(rule->get<std::int64_t>("max_contracts"));
  }
  if (const RuleConfig* rule = enabled(rules, "max_contracts_per_instrument")) {
    for (const auto& [symbol, count] : rule->get<rm::SymbolLimits>("limits"))
      limits.of_symbol.emplace_back(symbol, lots(count));
  }
  if (const RuleConfig* rule = enabled(rules, "symbol_blocks")) {
    for (const std::string& symbol : rule->get<std::vector<std::string>>("symbols")) {
      if (symbol.find_first_of("*?") == std::string::npos) limits.of_symbol.emplace_back(symbol, Lots{});
    }
  }
  return limits;
}

void StandingCheck::look(const AccountBook& book, const RiskEvent& event, const UnderWay& under_way,
                         Findings& findings) {
  now_ = event.at;
  take(event);
  for (Mismatch& mismatch : mismatches_) mismatch.seen = false;
  look_at_locks(book, event.at);
  look_at_entry_locks(book, event.at);
  look_at_sizes(book, under_way);
  look_at_finished(book, event.at);
  std::erase_if(mismatches_, [&](const Mismatch& m) { return !m.seen || undone_by(under_way, m); });
  judge(event.at, findings);
}

void StandingCheck::on_finished(const Goal& goal, BrokerTime at) {
  finished_.push_back({goal, at});
}

// ── what the broker says ──

void StandingCheck::take(const RiskEvent& event) {
  if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    Shown& known = shown(position->position.contract);
    known.size = position->position.size;
    known.opened = position->position.opened;
  } else if (const auto* said = std::get_if<OrderUpdated>(&event.body)) {
    std::erase_if(orders_, [&](const Order& order) { return order.id == said->order.id; });
    if (said->order.working()) orders_.push_back(said->order);
  } else if (const auto* taken = std::get_if<SnapshotTaken>(&event.body)) {
    take_positions(taken->snapshot->positions, taken->snapshot->requested_at);
    take_orders(taken->snapshot->working_orders, taken->snapshot->requested_at);
  } else if (const auto* read = std::get_if<ReadBack>(&event.body)) {
    if (read->positions) take_positions(*read->positions, read->requested_at);
    if (read->working_orders) take_orders(*read->working_orders, read->requested_at);
  }
}

void StandingCheck::take_positions(const std::vector<Position>& positions, BrokerTime requested_at) {
  if (requested_at < positions_read_) return;
  positions_read_ = requested_at;
  for (Shown& known : positions_) known.size = Lots{};
  for (const Position& position : positions) {
    Shown& known = shown(position.contract);
    known.size = position.size;
    known.opened = position.opened;
  }
}

void StandingCheck::take_orders(const std::vector<Order>& orders, BrokerTime requested_at) {
  if (requested_at < orders_read_) return;
  orders_read_ = requested_at;
  orders_.clear();
  std::ranges::copy_if(orders, std::back_inserter(orders_), [](const Order& order) { return order.working(); });
}

StandingCheck::Shown& StandingCheck::shown(ContractId contract) {
  const auto known = std::ranges::find(positions_, contract, &Shown::contract);
  return known == positions_.end() ? positions_.emplace_back(Shown{contract, {}, {}}) : *known;
}

std::uint32_t StandingCheck::orders_in(ContractId contract) const {
  return static_cast<std::uint32_t>(std::ranges::count(orders_, contract, &Order::contract));
}

// ── what is demanded ──

void StandingCheck::look_at_locks(const AccountBook& book, BrokerTime now) {
  for (const Lock& lock : book.locks().all()) {
    if (lock.kind != LockKind::Hard) continue;
    Mismatch account;
    account.since = now;
    for (const Shown& position : positions_) {
      const bool concerned = !lock.symbol || book.contracts().at(position.contract).symbol == *lock.symbol;
      if (!concerned || position.size.is_zero()) continue;
      account.held = account.held + position.size.magnitude();
      if (lock.symbol) at_most(position.contract, Lots{});
    }
    for (const Order& order : orders_) {
      const bool concerned = !lock.symbol || book.contracts().at(order.contract).symbol == *lock.symbol;
      if (!concerned) continue;
      ++account.orders;
      if (lock.symbol) at_most(order.contract, Lots{});
    }
    if (!lock.symbol && (account.orders > 0 || !account.held.is_zero())) note(account);
  }
}

// What is open five seconds after the lock began may stay, and may not grow. Entry orders are not looked at: which of
// them protect cannot be told without the book.
void StandingCheck::look_at_entry_locks(const AccountBook& book, BrokerTime now) {
  const auto lock_of = [&](ContractId contract) {
    return book.locks().entry_lock(book.contracts().at(contract).symbol);
  };
  std::erase_if(entry_base_, [&](const Shown& base) { return !lock_of(base.contract); });
  for (const Shown& position : positions_) {
    const Lock* lock = lock_of(position.contract);
    if (!lock || now - lock->since < kGrace) continue;
    const auto known = std::ranges::find(entry_base_, position.contract, &Shown::contract);
    if (known == entry_base_.end()) {
      entry_base_.push_back(position);
      continue;
    }
    Lots& base = known->size;
    if (position.size.is_zero() || !same_side(position.size, base)) {
      base = Lots{};
    } else if (position.size.magnitude() < base.magnitude()) {
      base = position.size;
    }
    if (position.size.magnitude() > base.magnitude()) at_most(position.contract, base.magnitude());
  }
}

// What an enforcement under way will leave of a contract counts, or a second one would be cut for the same excess.
void StandingCheck::look_at_sizes(const AccountBook& book, const UnderWay& under_way) {
  const auto cut_to = [&](Lots limit, auto concerned) {
    for (const Shown& position : positions_) {
      if (!concerned(position.contract)) continue;
      const auto leaves = under_way.leaves(position.contract);
      const Lots size = leaves ? std::min(position.size.magnitude(), *leaves) : position.size.magnitude();
      if (size > limit) at_most(position.contract, limit);
      limit = limit - std::min(limit, size);
    }
  };
  if (limits_.gross) cut_to(*limits_.gross, [](ContractId) { return true; });
  for (const auto& [written, limit] : limits_.of_symbol) {
    const auto symbol = book.contracts().find_symbol(written);
    if (symbol) cut_to(limit, [&](ContractId contract) { return book.contracts().at(contract).symbol == *symbol; });
  }
}

void StandingCheck::look_at_finished(const AccountBook& book, BrokerTime now) {
  std::erase_if(finished_, [&](const Finished& finished) { return now - finished.at > kFinishedIsRemembered; });
  for (const Finished& finished : finished_) look_at_finished(book, finished);
}

// An order or a position of before the end of the enforcement is what it had said to be gone. A position is that only
// when nothing has been filled since: whether the broker counts a new one as opened anew is not known.
void StandingCheck::look_at_finished(const AccountBook& book, const Finished& finished) {
  const auto flat = [&](ContractId contract) {
    return finished.goal.account_flat || std::ranges::any_of(finished.goal.contracts, [&](const ContractGoal& goal) {
             return goal.contract == contract && goal.at_most.is_zero();
           });
  };
  for (const Shown& position : positions_) {
    const bool of_before = position.opened != BrokerTime{} && position.opened <= finished.at;
    if (position.size.is_zero() || !flat(position.contract) || !of_before) continue;
    if (book.day().fills_of(position.contract, finished.at).empty()) at_most(position.contract, Lots{});
  }
  for (const Order& order : orders_) {
    const bool named = std::ranges::find(finished.goal.orders_gone, order.id) != finished.goal.orders_gone.end();
    const bool of_before = order.created != BrokerTime{} && order.created <= finished.at;
    if (!named && !(of_before && flat(order.contract))) continue;
    Mismatch mismatch;
    mismatch.order = order.id;
    mismatch.contract = order.contract;
    mismatch.orders = 1;
    mismatch.since = now_;
    note(mismatch);
  }
}

void StandingCheck::at_most(ContractId contract, Lots allowed) {
  Mismatch mismatch;
  mismatch.contract = contract;
  mismatch.held = shown(contract).size.magnitude();
  mismatch.allowed = allowed;
  mismatch.orders = allowed.is_zero() ? orders_in(contract) : 0;
  mismatch.since = now_;
  note(mismatch);
}

// The stricter of two about the same.
void StandingCheck::note(Mismatch found) {
  found.seen = true;
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
  known->since = before.since;
  known->wished = before.wished;
  known->counted = before.counted;
}

// ── what follows ──

void StandingCheck::judge(BrokerTime now, Findings& findings) {
  next_look_.reset();
  findings.rule = kName;
  for (Mismatch& mismatch : mismatches_) {
    const BrokerTime due = mismatch.since + kGrace;
    if (now < due) {
      next_look_ = next_look_ ? std::min(*next_look_, due) : due;
    } else if (std::min(positions_read_, orders_read_) < due) {
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

Goal StandingCheck::goal_of(const Mismatch& mismatch) {
  if (mismatch.order != OrderId{}) return Goal{false, {}, {mismatch.order}};
  if (!mismatch.contract) return flat_account();
  return rm::at_most(*mismatch.contract, mismatch.allowed);
}

}  // namespace rm
