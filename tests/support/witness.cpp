#include "support/witness.h"

#include <algorithm>
#include <cmath>

namespace rm::test {
namespace {

using namespace std::chrono_literals;

std::map<ContractId, Product> products_of(const Desk& desk) {
  return {{desk.mnq, {"MNQ", 0.25L, 0.5L, true}},
          {desk.es, {"ES", 0.25L, 12.5L, false}},
          {desk.nq, {"NQ", 0.25L, 5, false}},
          {desk.jpy, {"6J", 5e-7L, 6.25L, false}},
          {desk.m2k, {"M2K", 0.1L, 0.5L, true}}};
}

MarkWith mark_of(MarkKind kind) {
  return kind == MarkKind::Last ? MarkWith::Last : kind == MarkKind::Mid ? MarkWith::Mid : MarkWith::Exit;
}

Dollars of(Money money) {
  return static_cast<Dollars>(money.nanos()) / 1e9L;
}

bool near(Money ours, Dollars theirs, Dollars doubt) {
  return std::abs(of(ours) - theirs) <= doubt + 1e-6L;
}

// What a violation is about, as the oracle says it.
Broken subject_of(const Violation& violation) {
  Broken broken{std::string{violation.rule}, contract_of(violation.reason)};
  if (const auto* order = std::get_if<OrderWouldBreach>(&violation.reason)) broken.order = order->order;
  if (const auto* order = std::get_if<MiniOrderWouldBreach>(&violation.reason)) broken.order = order->order;
  return broken;
}

bool same(const Broken& a, const Broken& b) {
  return a.rule == b.rule && a.contract == b.contract && a.order == b.order;
}

bool names(const Decision& decision, const Broken& broken) {
  return std::ranges::any_of(decision.violations, [&](const Violation& v) { return same(subject_of(v), broken); });
}

// The rules that the oracle has an opinion of.
bool judged_rule(std::string_view rule) {
  return rule == "max_contracts" || rule == "max_contracts_per_instrument" || rule == "daily_loss" ||
         rule == "daily_unrealized_loss" || rule == "max_unrealized_profit" || rule == "daily_realized_profit" ||
         rule == "trade_frequency_limit" || rule == "symbol_blocks" || rule == "auth_loss_guard" ||
         rule == "cooldown_after_loss" || rule == "session_block_outside" || rule == "no_stop_loss_grace";
}

bool is_strike(const Reason& reason) {
  return std::holds_alternative<ActivityWhileLocked>(reason) ||
         std::holds_alternative<ContractActivityWhileLocked>(reason);
}

// Whether this kind of event can have broken the rule just now; snapshots, reads and time: any.
bool can_break(const RiskEvent& event, const Broken& broken) {
  const bool about_results =
      broken.rule.find("loss") != std::string::npos || broken.rule.find("profit") != std::string::npos;
  const bool about_account = broken.rule == "auth_loss_guard";
  if (std::holds_alternative<AccountUpdated>(event.body)) return about_account;
  if (std::holds_alternative<OrderUpdated>(event.body))
    return broken.order != OrderId{} || broken.rule == "symbol_blocks";
  if (std::holds_alternative<QuoteUpdated>(event.body)) return about_results && !about_account;
  if (std::holds_alternative<TradeExecuted>(event.body) || std::holds_alternative<PositionUpdated>(event.body))
    return !about_account;
  return true;
}

std::string words(const Broken& broken) {
  return broken.rule + (broken.contract ? " of contract " + std::to_string(broken.contract->value()) : "") +
         (broken.order != OrderId{} ? " by order " + std::to_string(broken.order.value()) : "");
}

}  // namespace

Witness::Witness(Desk& desk, const RandomRules& rules, MarkKind mark)
    : desk_{desk}, rules_{rules}, oracle_{products_of(desk), rules, mark_of(mark)} {
  desk_.bus().subscribe(*this, 30);
  desk_.broker.on_sent = [this](const BrokerRequest& request) { on_sent(request); };
  desk_.broker.on_answered = [this](const BrokerReply& reply) { in_flight_.erase(reply.id); };
  desk_.on_receipt = [this](const Receipt& receipt) { on_receipt(receipt); };
}

void Witness::complain(About about, const std::string& text) {
  auto& list = complaints_[about];
  if (list.size() < 5) list.push_back(format_timestamp(desk_.now) + " " + text);
}

std::string Witness::complaints(About about) const {
  std::string text;
  const auto list = complaints_.find(about);
  if (list == complaints_.end()) return text;
  for (const std::string& line : list->second) text += "\n" + line;
  text += "\nrules: " + rules_.yaml;
  for (const std::string& line : desk_.transcript) {
    if (line.find(" answer ") == std::string::npos && line.find(" read") == std::string::npos) text += "\n  " + line;
  }
  return text;
}

std::size_t Witness::judged(About about) const {
  const auto count = judged_.find(about);
  return count == judged_.end() ? 0 : count->second;
}

// Without a stream what was just done, by the trader or by us, is known in parts: fills from one read, positions and
// orders from another. It is judged when both have come to rest.
bool Witness::clear() const {
  if (!oracle_.known() || !oracle_.sure()) return false;
  return oracle_.up() || (desk_.now - acted_at_ > 4s && finished_.size() == desk_.decisions.size());
}

Result<void> Witness::on_event(const RiskEvent& event) {
  oracle_.on(event);
  seen_ = event.sequence;
  const Decision* decision = nullptr;
  if (decisions_seen_ < desk_.decisions.size()) {
    decision = &desk_.decisions.back();
    if (desk_.decisions.size() != ++decisions_seen_ || decision->trigger_sequence != event.sequence)
      complain(About::Unfounded, "a decision that no event of its own made");
    look_for_unfounded(*decision);
    look_at_merge(*decision);
  }
  look_for_missed(event, decision);
  look_at_locks(event, decision);
  if (!is_history(event.body)) look_at_money();
  for (const Sent& sent : std::exchange(waiting_, {})) look_at(sent);
  return {};
}

// ── (a) nothing is broken without somebody acting on it ──

Goal Witness::wanted() const {
  Goal goal;
  for (const Decision& decision : desk_.decisions) {
    const bool over = std::ranges::any_of(finished_, [&](const auto& f) { return f.first == decision.id; });
    if (over) continue;
    goal.account_flat = goal.account_flat || decision.goal.account_flat;
    for (const auto& part : decision.goal.contracts) goal.contracts.push_back(part);
    for (const OrderId order : decision.goal.orders_gone) goal.orders_gone.push_back(order);
  }
  return goal;
}

std::optional<int> Witness::leaves(const Goal& goal, ContractId contract) {
  if (goal.account_flat) return 0;
  std::optional<int> least;
  for (const ContractGoal& part : goal.contracts) {
    if (part.contract == contract) least = std::min(least.value_or(part.at_most.value()), part.at_most.value());
  }
  return least;
}

void Witness::look_for_missed(const RiskEvent& event, const Decision* decision) {
  const auto* trade = std::get_if<TradeExecuted>(&event.body);
  const auto* quote = std::get_if<QuoteUpdated>(&event.body);
  const bool looked_at = clear() && !(trade && trade->replayed) && !(quote && oracle_.held(quote->contract) == 0);
  if (!looked_at) return;
  const Goal goal = wanted();
  for (const Broken& broken : oracle_.broken()) {
    if (!broken.certain || !can_break(event, broken)) continue;
    judged_one(About::Missed);
    if (!acted_on(broken, goal))
      complain(About::Missed, "nobody acts on " + words(broken) + " at " + std::string{name_of(event.body)});
    const bool has_lock =
        std::ranges::any_of(desk_.book().locks().all(), [&](const Lock& l) { return l.rule == broken.rule; });
    const bool named =
        (decision && names(*decision, broken)) || std::ranges::any_of(desk_.decisions, [&](const Decision& d) {
          return names(d, broken) && std::ranges::none_of(finished_, [&](const auto& f) { return f.first == d.id; });
        });
    if (!named && !has_lock) complain(About::Missed, "nobody names " + words(broken));
  }
  look_at_locked(goal);
}

bool Witness::acted_on(const Broken& broken, const Goal& goal) const {
  const auto locked = [&](LockKind kind, BrokerTime until) {
    return std::ranges::any_of(desk_.book().locks().all(), [&](const Lock& lock) {
      const auto* end = std::get_if<UntilTime>(&lock.until);
      return lock.rule == broken.rule && lock.kind == kind && (!end || end->time >= until);
    });
  };
  const BrokerTime reset = Oracle::day_begin(desk_.now) + 24h;
  const auto gone = [&](OrderId order) {
    return std::ranges::find(goal.orders_gone, order) != goal.orders_gone.end() ||
           leaves(goal, oracle_.orders().at(order).contract) == 0;
  };
  if (broken.order != OrderId{}) return gone(broken.order);
  if (broken.rule.starts_with("max_contracts")) return small_enough(goal, broken.contract);
  if (broken.rule == "symbol_blocks") return locked(LockKind::Hard, reset) && leaves(goal, *broken.contract) == 0;
  if (broken.rule == "no_stop_loss_grace") return leaves(goal, *broken.contract) == 0;
  if (broken.rule == "daily_unrealized_loss" || broken.rule == "max_unrealized_profit")
    return broken.contract ? leaves(goal, *broken.contract) == 0 : goal.account_flat;
  if (broken.rule == "trade_frequency_limit") {
    BrokerTime until;
    for (const auto& [window, rule] : rules_.frequency)
      until = std::max(until, oracle_.pause_end(window).value_or(until));
    return locked(LockKind::Entry, until);
  }
  BrokerTime until = reset;
  if (broken.rule == "auth_loss_guard") until = BrokerTime{};
  if (broken.rule == "cooldown_after_loss") until = *oracle_.cooldown_end();
  if (broken.rule == "session_block_outside") until = *oracle_.next_session();
  return locked(LockKind::Hard, until) && (oracle_.flat() || goal.account_flat);
}

// Whether what the goals leave of the positions is within the limit.
bool Witness::small_enough(const Goal& goal, std::optional<ContractId> contract) const {
  Dollars gross = 0, net = 0;
  for (const ContractId open : oracle_.open()) {
    const int held = oracle_.held(open);
    const int left = std::min(std::abs(held), leaves(goal, open).value_or(std::abs(held)));
    const bool tenth =
        rules_.max_contracts && rules_.max_contracts->count == "mini_equivalent" && oracle_.product(open).micro;
    if (contract && *contract != open) continue;
    gross += (contract || !tenth ? 1 : 0.1L) * left;
    net += held > 0 ? left : -left;
  }
  // A hedge counts against: while both sides are cut, what is left of one is too much again until it is cut as well.
  const bool cutting = !goal.contracts.empty() || goal.account_flat;
  if (!contract && rules_.max_contracts->count == "net" && cutting) return true;
  if (!contract)
    return (rules_.max_contracts->count == "net" ? std::abs(net) : gross) <= rules_.max_contracts->limit + 1e-7L;
  const auto own = rules_.per_instrument->limits.find(oracle_.product(*contract).symbol);
  return gross <= (own != rules_.per_instrument->limits.end() ? own->second
                                                              : rules_.per_instrument->otherwise.value_or(1 << 20));
}

// While a hard lock holds nothing may be open or ordered that nothing undoes.
void Witness::look_at_locked(const Goal& goal) {
  for (const Lock& lock : desk_.book().locks().all()) {
    if (lock.kind != LockKind::Hard) continue;
    std::set<ContractId> active;
    for (const ContractId contract : oracle_.open()) active.insert(contract);
    for (const auto& [id, order] : oracle_.orders()) active.insert(order.contract);
    for (const ContractId contract : active) {
      if (lock.symbol && desk_.contracts.at(contract).symbol != *lock.symbol) continue;
      judged_one(About::Missed);
      if (leaves(goal, contract) != 0)
        complain(About::Missed, "nobody undoes what is active under a lock of " + std::string{lock.rule});
    }
  }
}

// ── (b) nothing is decided that is not broken ──

void Witness::look_for_unfounded(const Decision& decision) {
  if (!oracle_.known()) complain(About::Unfounded, "a decision before anything was known");
  for (const Violation& violation : decision.violations) {
    if (violation.rule == StandingCheck::kName)
      complain(About::Unfounded, "an incident beside rules that act: " + sentence(violation.reason, "it"));
  }
  if (!clear()) return;
  const auto broken = oracle_.broken();
  for (const Violation& violation : decision.violations) {
    judged_one(About::Unfounded);
    const Broken subject = subject_of(violation);
    if (is_strike(violation.reason)) {
      const bool held = std::ranges::any_of(locks_, [&](const Lock& l) { return l.rule == violation.rule; });
      if (!held || oracle_.flat())
        complain(About::Unfounded, "a strike where nothing is locked or open: " + subject.rule);
      continue;
    }
    if (!judged_rule(violation.rule)) continue;
    if (std::ranges::none_of(broken, [&](const Broken& b) { return same(b, subject); }))
      complain(About::Unfounded, "not broken: " + words(subject) + " (" + sentence(violation.reason, "it") + ")");
    look_for_longer_lock(violation);
  }
}

// Nobody is kept out for longer than the rule says.
void Witness::look_for_longer_lock(const Violation& violation) {
  const auto* end = violation.lock ? std::get_if<UntilTime>(&violation.lock->until) : nullptr;
  const auto allowed = violation.rule == "cooldown_after_loss"     ? oracle_.cooldown_end()
                       : violation.rule == "session_block_outside" ? oracle_.next_session()
                                                                   : std::nullopt;
  if (end && allowed && end->time > *allowed)
    complain(About::Unfounded, std::string{violation.rule} + " locks until " + format_timestamp(end->time) +
                                   ", the rule says " + format_timestamp(*allowed));
}

// ── (e) orders ──

// The strictest of what its violations want, and nothing beyond it.
void Witness::look_at_merge(const Decision& decision) {
  bool flat = false;
  std::map<ContractId, int> least, got;
  std::set<OrderId> gone;
  for (const Violation& violation : decision.violations) {
    flat = flat || violation.goal.account_flat;
    gone.insert(violation.goal.orders_gone.begin(), violation.goal.orders_gone.end());
    for (const ContractGoal& part : violation.goal.contracts) {
      const auto [entry, is_new] = least.emplace(part.contract, part.at_most.value());
      entry->second = std::min(entry->second, part.at_most.value());
    }
  }
  for (const ContractGoal& part : decision.goal.contracts) {
    if (!got.emplace(part.contract, part.at_most.value()).second)
      complain(About::Orders, "two goals for one contract");
  }
  const std::set<OrderId> got_gone(decision.goal.orders_gone.begin(), decision.goal.orders_gone.end());
  if (flat != decision.goal.account_flat || least != got || gone != got_gone ||
      gone.size() != decision.goal.orders_gone.size())
    complain(About::Orders, "a decision is not the strictest of its parts: " + desk_.words(decision));
}

void Witness::on_sent(const BrokerRequest& request) {
  if (is_read(request.ask)) return;
  Sent sent{request, 0, desk_.bus().delivered()};
  if (const auto* close = std::get_if<ClosePosition>(&request.ask))
    sent.held_at_broker = desk_.account().held(close->contract).value();
  if (const auto* part = std::get_if<ReducePosition>(&request.ask))
    sent.held_at_broker = desk_.account().held(part->contract).value();
  if (sent.during > seen_) {
    waiting_.push_back(sent);  // the oracle has not been told yet what it is sent for
  } else {
    look_at(sent);
  }
}

void Witness::look_at(const Sent& sent) {
  judged_one(About::Orders);
  const BrokerAsk& ask = sent.request.ask;
  if (const auto* close = std::get_if<ClosePosition>(&ask)) look_at_close(sent, close->contract, std::nullopt);
  if (const auto* part = std::get_if<ReducePosition>(&ask)) look_at_close(sent, part->contract, part->by.value());
  if (const auto* cancel = std::get_if<CancelOrder>(&ask)) look_at_cancel(sent, cancel->order);
  if (const auto* stop = std::get_if<ModifyStop>(&ask)) {
    const auto known = oracle_.orders().find(stop->order);
    const bool tighter = known != oracle_.orders().end() && known->second.stop_price &&
                         (known->second.side == Side::Sell ? stop->stop_price > *known->second.stop_price
                                                           : stop->stop_price < *known->second.stop_price);
    if (!tighter) complain(About::Orders, "a stop is not moved closer: " + desk_.what(ask));
  }
  in_flight_.emplace(sent.request.id, ask);
}

bool Witness::told_is_true(ContractId contract) const {
  return oracle_.sure() && oracle_.up() && oracle_.held(contract) == desk_.account().held(contract).value();
}

void Witness::look_at_close(const Sent& sent, ContractId contract, std::optional<int> by) {
  const std::string what = desk_.what(sent.request.ask);
  for (const auto& [id, other] : in_flight_) {
    const auto* close = std::get_if<ClosePosition>(&other);
    const auto* part = std::get_if<ReducePosition>(&other);
    // A close goes out whatever becomes of a reduction: the broker closes what is left, never more.
    if ((close && close->contract == contract) || (by && part && part->contract == contract))
      complain(About::Orders, what + " while " + desk_.what(other) + " is in flight");
  }
  const auto allowed = leaves(wanted(), contract);
  if (!allowed) complain(About::Orders, what + " that no decision wants");
  if (!allowed || !told_is_true(contract)) return;
  const int held = std::abs(sent.held_at_broker);
  if (held == 0) complain(About::Orders, what + " of nothing");
  if (by && held - *by < *allowed)
    complain(About::Orders, what + ": held are " + std::to_string(held) + ", wanted " + std::to_string(*allowed));
  if (!by && *allowed != 0) complain(About::Orders, what + " where some may stay");
}

void Witness::look_at_cancel(const Sent& sent, OrderId order) {
  const std::string what = desk_.what(sent.request.ask);
  for (const auto& [id, other] : in_flight_) {
    const auto* cancel = std::get_if<CancelOrder>(&other);
    if (cancel && cancel->order == order) complain(About::Orders, what + " twice");
  }
  if (oracle_.ended(order)) return complain(About::Orders, what + " of an order that has ended");
  const auto known = oracle_.orders().find(order);
  if (known == oracle_.orders().end()) return;
  const Goal goal = wanted();
  const bool asked_for = std::ranges::find(goal.orders_gone, order) != goal.orders_gone.end();
  if (!asked_for && !leaves(goal, known->second.contract)) complain(About::Orders, what + " that no decision wants");
}

// ── (c) money ──

void Witness::look_at_money() {
  if (!clear()) return;
  judged_one(About::Money);
  const AccountBook& book = desk_.book();
  const DayResult& day = book.day().result();
  if (!near(day.realised, oracle_.realised(), 0))
    complain(About::Money, "realised " + day.realised.text() + " is " + std::to_string(oracle_.realised()));
  if (!near(day.costs, oracle_.costs(), 0))
    complain(About::Money, "costs " + day.costs.text() + " are " + std::to_string(oracle_.costs()));
  for (const Holding& holding : book.holdings()) {
    if (holding.size.value() != oracle_.held(holding.contract)) {
      complain(About::Money, "held are " + std::to_string(holding.size.value()) + ", told was " +
                                 std::to_string(oracle_.held(holding.contract)));
      continue;
    }
    if (holding.size.is_zero()) continue;
    const auto ours = book.open_profit(holding);
    const auto theirs = oracle_.open_result(holding.contract);
    if (ours.has_value() != theirs.has_value() || (ours && !near(*ours, *theirs, oracle_.blur(holding.contract))))
      complain(About::Money, "open result " + (ours ? ours->text() : "unknown") + " is " +
                                 (theirs ? std::to_string(*theirs) : "unknown"));
  }
}

// ── (f) locks ──

void Witness::look_at_locks(const RiskEvent& event, const Decision* decision) {
  const auto now = desk_.book().locks().all();
  const auto same_lock = [](const Lock& a, const Lock& b) {
    return a.rule == b.rule && a.symbol == b.symbol && a.kind == b.kind && a.until.index() == b.until.index();
  };
  for (const Lock& before : locks_) {
    judged_one(About::Locks);
    const auto kept = std::ranges::find_if(now, [&](const Lock& lock) { return same_lock(lock, before); });
    const auto* end = std::get_if<UntilTime>(&before.until);
    if (kept == now.end()) {
      const bool over = end ? event.at >= end->time : oracle_.can_trade() == true;
      if (!over) complain(About::Locks, "a lock of " + std::string{before.rule} + " is gone before its end");
    } else if (end && std::get<UntilTime>(kept->until).time < end->time) {
      complain(About::Locks, "a lock of " + std::string{before.rule} + " became shorter");
    }
  }
  for (const Lock& lock : now) {
    const bool old = std::ranges::any_of(locks_, [&](const Lock& before) { return before == lock; });
    const bool decided = decision && std::ranges::any_of(decision->locks, [&](const Lock& l) { return l == lock; });
    if (!old && !decided) complain(About::Locks, "a lock of " + std::string{lock.rule} + " that nobody decided");
  }
  locks_.assign(now.begin(), now.end());
}

// ── (g) goals ──

std::optional<std::string> Witness::missing(const Goal& goal) const {
  const auto orders = desk_.account().working_orders();
  for (const Position& position : desk_.account().positions()) {
    const auto most = leaves(goal, position.contract);
    if (most && position.size.magnitude().value() > *most)
      return std::to_string(position.size.value()) + " are open, wanted " + std::to_string(*most);
  }
  for (const Order& order : orders) {
    if (leaves(goal, order.contract) == 0) return "order " + std::to_string(order.id.value()) + " works";
    if (std::ranges::find(goal.orders_gone, order.id) != goal.orders_gone.end())
      return "order " + std::to_string(order.id.value()) + " is still there";
  }
  return std::nullopt;
}

void Witness::on_receipt(const Receipt& receipt) {
  finished_.emplace_back(receipt.enforcement, desk_.bus().delivered());
  const auto decision = std::ranges::find(desk_.decisions, receipt.enforcement, &Decision::id);
  if (desk_.now - acted_at_ < 500ms) return;  // what the trader did last may be on its way to us
  judged_one(About::Goal);
  if (const auto what = missing(decision->goal)) complain(About::Goal, "verified, but " + *what);
}

void Witness::look_at_the_end() {
  judged_one(About::Goal);
  if (finished_.size() != desk_.decisions.size()) complain(About::Goal, "an enforcement is not finished");
  for (const auto& [contract, product] : products_of(desk_)) {
    const int truth = desk_.account().held(contract).value();
    const Holding* holding = desk_.book().holding(contract);
    if ((holding ? holding->size.value() : 0) != truth)
      complain(About::Goal, product.symbol + ": the broker has " + std::to_string(truth));
  }
  if (desk_.book().orders().all().size() != desk_.account().working_orders().size())
    complain(About::Goal, "other orders than at the broker");
  for (const Broken& broken : oracle_.broken()) {
    const bool settled = broken.contract || broken.order != OrderId{} || broken.rule.starts_with("max_")
                             ? false
                             : desk_.account().flat();
    if (broken.certain && !settled && broken.rule != "trade_frequency_limit")
      complain(About::Goal, "still broken: " + words(broken));
  }
}

}  // namespace rm::test
