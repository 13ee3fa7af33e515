#include "risk_engine/account_guard.h"

#include <algorithm>
#include <utility>

namespace rm {
namespace {

OrderId order_of(const Reason& reason) {
  if (const auto* breach = std::get_if<OrderWouldBreach>(&reason)) return breach->order;
  if (const auto* breach = std::get_if<MiniOrderWouldBreach>(&reason)) return breach->order;
  return {};
}

std::optional<SymbolId> symbol_of(const Violation& violation) {
  return violation.lock ? violation.lock->symbol : std::nullopt;
}

bool is_strike(const Violation& violation) {
  return std::holds_alternative<ActivityWhileLocked>(violation.reason) ||
         std::holds_alternative<ContractActivityWhileLocked>(violation.reason);
}

}  // namespace

bool goal_reached(const AccountBook& book, const Goal& goal) {
  if (book.sync() == SyncState::Unknown) return false;
  if (goal.account_flat && !book.flat()) return false;
  for (const ContractGoal& contract : goal.contracts) {
    const Holding* holding = book.holding(contract.contract);
    if (holding && (holding->dispute || holding->size.magnitude() > contract.at_most)) return false;
    if (!contract.at_most.is_zero()) continue;
    const auto orders = book.orders().all();
    if (std::any_of(orders.begin(), orders.end(), [&](const Order& o) { return o.contract == contract.contract; }))
      return false;
  }
  return std::all_of(goal.orders_gone.begin(), goal.orders_gone.end(),
                     [&](OrderId id) { return !book.orders().find(id); });
}

AccountGuard::AccountGuard(AccountBook& book, std::vector<GuardedRule> rules, Duration stale_after, BlindPolicy blind)
    : book_{book}, rules_{std::move(rules)}, stale_after_{stale_after}, blind_{blind} {
  for (GuardedRule& rule : rules_) {
    rule.listens = rule.rule->listens();
    rule.clocks.reserve(16);
  }
  changed_clocks_.reserve(16);
  findings_.tightenings.reserve(16);
  findings_.violations.reserve(16);
  findings_.warnings.reserve(16);
  active_.reserve(32);
}

bool AccountGuard::evaluate(const RiskEvent& event) {
  findings_.violations.clear();
  findings_.warnings.clear();
  findings_.tightenings.clear();
  ended_locks_.clear();
  changed_clocks_.clear();
  alarm_.reset();
  decision_.violations.clear();
  evaluated_at_ = event.at;
  // A lock's time runs whether or not the broker can be reached; what the broker allows is not known before a
  // snapshot.
  const bool known = book_.sync() != SyncState::Unknown;
  const auto ended = book_.locks().expire(event.at, known ? book_.can_trade() : std::nullopt);
  ended_locks_.assign(ended.begin(), ended.end());
  if (!known) return false;
  run_rules(event);
  watch_valuation(event.at);
  look_if_blind(event.at);
  police_.look(book_, event, under_way_, findings_);
  look_at_the_broker(event);
  decide(event);
  return !decision_.violations.empty();
}

bool AccountGuard::concerned(const GuardedRule& rule, const RiskEvent& event) const {
  const Listens& listens = rule.listens;
  if (std::holds_alternative<QuoteUpdated>(event.body)) return listens.quotes;
  if (std::holds_alternative<TradeExecuted>(event.body)) return listens.trades;
  if (std::holds_alternative<PositionUpdated>(event.body)) return listens.positions;
  if (std::holds_alternative<OrderUpdated>(event.body)) return listens.orders;
  if (std::holds_alternative<AccountUpdated>(event.body)) return listens.accounts;
  return true;
}

void AccountGuard::run_rules(const RiskEvent& event) {
  for (Active& active : active_) active.seen = active.asked = false;
  const RuleInput input{book_, event, event.at, stale_after_};
  for (GuardedRule& rule : rules_) {
    if (!concerned(rule, event)) continue;
    for (Active& active : active_) active.asked = active.asked || active.rule == rule.name;
    findings_.rule = rule.name;
    rule.rule->evaluate(input, findings_);
    ++rule.evaluations;
    rule.deadline = rule.rule->next_deadline();
    note_clocks(rule);
  }
}

void AccountGuard::look_if_blind(BrokerTime now) {
  for (Active& active : active_) active.asked = active.asked || active.rule == BlindWatch::kName;
  blind_.look(book_, now, findings_);
}

void AccountGuard::look_at_the_broker(const RiskEvent& event) {
  if (std::holds_alternative<QuoteUpdated>(event.body)) return;
  for (Active& active : active_) active.asked = active.asked || active.rule == StandingCheck::kName;
  check_.look(book_, event, under_way_, findings_);
}

void AccountGuard::note_clocks(GuardedRule& rule) {
  const auto running = rule.rule->clocks();
  if (std::ranges::equal(running, rule.clocks)) return;
  rule.clocks.assign(running.begin(), running.end());
  changed_clocks_.push_back(RuleClocks{rule.name, rule.clocks});
}

bool AccountGuard::resume_clock(std::string_view name, const RunningClock& clock) {
  const auto rule = std::ranges::find(rules_, name, &GuardedRule::name);
  if (rule == rules_.end()) return false;
  rule->rule->resume_clock(clock);
  rule->clocks.push_back(clock);  // as it is kept: when it has ended meanwhile, that is a change
  return true;
}

bool AccountGuard::same(const Active& active, const Violation& violation) {
  return active.rule == violation.rule && active.reason_index == violation.reason.index() &&
         active.contract == contract_of(violation.reason) && active.order == order_of(violation.reason) &&
         active.symbol == symbol_of(violation);
}

bool AccountGuard::is_new(const Violation& violation) {
  const auto known =
      std::find_if(active_.begin(), active_.end(), [&](const Active& a) { return same(a, violation); });
  if (known == active_.end()) {
    active_.push_back(Active{violation.rule, violation.reason.index(), contract_of(violation.reason),
                             order_of(violation.reason), symbol_of(violation), violation.goal, EnforcementId{}, true,
                             true});
    // After a restart the lock of this violation may hold already and everything be in order, or on its way: nothing
    // to decide.
    const bool lock_holds = violation.lock && book_.locks().covers(*violation.lock);
    const bool under_way = violation.goal.account_flat && under_way_.flattens_account();
    return !(lock_holds && (under_way || goal_reached(book_, violation.goal)));
  }
  known->seen = true;
  const bool being_served = known->served_by != EnforcementId{};
  const bool same_goal = known->goal == violation.goal;
  known->goal = violation.goal;
  // While its lock holds, policing the lock is what acts. When the lock has ended and the violation still stands (a
  // new day, not flat yet), the lock of the new day is to be set.
  if (violation.lock) return !book_.locks().covers(*violation.lock);
  return (!being_served || !same_goal) && !goal_reached(book_, violation.goal);
}

void AccountGuard::decide(const RiskEvent& event) {
  for (Violation& violation : findings_.violations) {
    if (is_strike(violation) || is_new(violation)) decision_.violations.push_back(std::move(violation));
  }
  // What its rule was asked about and did not report any more is over; while it is being served it stays known, so
  // that a price that dances around the limit does not make a new decision at each step.
  std::erase_if(active_, [](const Active& a) { return a.asked && !a.seen && a.served_by == EnforcementId{}; });
  if (decision_.violations.empty()) return;

  decision_.id = EnforcementId{};
  decision_.account = book_.id();
  decision_.trigger_sequence = event.sequence;
  decision_.trigger = name_of(event.body);
  decision_.at = event.at;
  decision_.received_ns = event.received_ns;
  decision_.goal.clear();
  decision_.locks.clear();
  for (const Violation& violation : decision_.violations) {
    decision_.goal.merge(violation.goal);
    if (violation.lock) decision_.locks.push_back(*violation.lock);
  }
}

void AccountGuard::on_numbered(EnforcementId id) {
  decision_.id = id;
  std::erase_if(decision_.locks, [&](Lock& lock) {
    lock.enforcement = id;
    if (!book_.locks().add(lock)) return true;
    police_.on_lock_set(book_, lock);
    return false;
  });
  for (Active& active : active_) {
    const bool decided = std::any_of(decision_.violations.begin(), decision_.violations.end(),
                                     [&](const Violation& v) { return same(active, v); });
    if (decided) active.served_by = id;
  }
  under_way_.add(id, decision_.goal, decision_.at);
}

void AccountGuard::on_finished(EnforcementId id) {
  for (Active& active : active_) {
    if (active.served_by == id) active.served_by = EnforcementId{};
  }
  if (const auto* known = under_way_.find(id)) check_.on_finished(known->goal, known->decided, evaluated_at_);
  under_way_.remove(id);
}

void AccountGuard::on_resumed(EnforcementId id, const Goal& goal) {
  under_way_.add(id, goal);
}

void AccountGuard::replace_rules(std::vector<GuardedRule> rules) {
  const std::vector<GuardedRule> old = std::exchange(rules_, std::move(rules));
  changed_clocks_.clear();
  for (GuardedRule& rule : rules_) {
    rule.listens = rule.rule->listens();
    rule.clocks.reserve(16);
  }
  for (const GuardedRule& before : old) {
    for (const RunningClock& clock : before.rule->clocks()) resume_clock(before.name, clock);
    const auto now = std::ranges::find(rules_, before.name, &GuardedRule::name);
    if (now != rules_.end()) {
      now->deadline = before.deadline;  // until the new one is asked
    } else if (!before.clocks.empty()) {
      changed_clocks_.push_back(RuleClocks{before.name, {}});
    }
  }
}

void AccountGuard::watch_valuation(BrokerTime now) {
  const OpenProfit open = book_.open_profit();
  const bool unvalued = !open.complete;
  const bool marked = open.oldest_mark != BrokerTime{};
  const bool stale = marked && now - open.oldest_mark > stale_after_;
  if (unvalued != unvalued_) {
    alarm_ = ValuationAlarm{book_.id(), true, unvalued};
    unvalued_ = unvalued;
  } else if (stale != stale_) {
    alarm_ = ValuationAlarm{book_.id(), false, stale};
    stale_ = stale;
  }
  // A feed that falls silent brings no event: the age is looked at when it is reached.
  look_at_age_.reset();
  if (marked && !stale_) look_at_age_ = std::max(open.oldest_mark + stale_after_, now) + Duration{1};
}

std::optional<BrokerTime> AccountGuard::next_deadline() const {
  BrokerTime next = book_.next_deadline();
  if (const auto end = book_.locks().next_end()) next = std::min(next, *end);
  if (look_at_age_) next = std::min(next, *look_at_age_);
  if (const auto due = blind_.next_deadline()) next = std::min(next, *due);
  if (const auto again = police_.next_look()) next = std::min(next, *again);
  if (const auto again = check_.next_look()) next = std::min(next, *again);
  for (const GuardedRule& rule : rules_) {
    if (rule.deadline) next = std::min(next, *rule.deadline);
  }
  return next;
}

}  // namespace rm
