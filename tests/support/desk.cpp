#include "support/desk.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "support/desk_words.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr int kSameInstant = 2000;  // more steps than this at one instant: something spins

Price price_of(std::string_view text) {
  return Price::parse(text).value();
}

}  // namespace

std::vector<RuleConfig> rules_from(std::string_view yaml, BrokerTime today) {
  if (yaml.empty()) return {};
  const std::string text = "rules: {" + std::string{yaml} + "}\n";
  const auto config = load_config_text(text, "desk", {}, rule_registry(), today);
  if (!config) throw std::invalid_argument{config.error().front().text()};
  std::vector<RuleConfig> enabled;
  for (const RuleConfig& rule : config->rules) {
    if (rule.enabled) enabled.push_back(rule);
  }
  return enabled;
}

BrokerTime chicago(std::string_view time_of_day) {
  return parse_timestamp("2026-09-01T" + std::string{time_of_day} + "-05:00").value();
}

Desk::Desk(std::string_view rules_yaml, DeskOptions options)
    : broker{contracts}, now{options.begin}, main_{options.accounts.front()} {
  mnq = learn("CON.F.US.MNQ.U26", "MNQU6", "0.25", "0.5", "0.36", "0.25");
  es = learn("CON.F.US.EP.U26", "ESU6", "0.25", "12.5", "1.40", "0.50");
  nq = learn("CON.F.US.ENQ.U26", "NQU6", "0.25", "5", "1.40", "0.50");
  jpy = learn("CON.F.US.JY6.U26", "6JU6", "0.0000005", "6.25", "1.62", "0.50");
  m2k = learn("CON.F.US.M2K.U26", "M2KU6", "0.1", "0.5", "0.36", "0.25");
  calendar_ = TradingCalendar{trading_day_resets("America/Chicago", 17h, now - 240h, now + 240h).value()};
  book_ = std::make_unique<Book>(contracts, calendar_, options.mark);
  engine_ = std::make_unique<RiskEngine>(*book_, *this, options.stale_after, EnforcementId{1}, options.blind);
  executor_ = std::make_unique<EnforcementExecutor>(*book_, ids_);
  stop_mover_ = std::make_unique<StopMover>(*book_, *executor_, ids_);
  bus_.subscribe(*book_, 0);
  bus_.subscribe(*engine_, 10);
  bus_.subscribe(last_, 20);
  const auto rules = rules_from(rules_yaml, options.begin);
  for (const AccountId account : options.accounts) {
    broker.add_account(account).costs = options.free_of_costs ? std::map<ContractId, Costs>{} : costs_;
    const AccountBook& book = book_->add_account(account);
    engine_->guard(account, rules);
    watched_.push_back({account, std::make_unique<Reconciler>(book, ids_, options.pace, now)});
  }
  if (!options.connect) return;
  connect();
  run_until(options.begin + 1min);
}

Desk::~Desk() = default;

ContractId Desk::learn(std::string_view broker_id, std::string_view name, std::string_view tick,
                       std::string_view value, std::string_view fee, std::string_view commission) {
  const ContractId id = contracts.learn(broker_id, name, price_of(tick).nanos(), Money::parse(value).value(), true);
  costs_[id] = Costs{Money::parse(fee).value(), Money::parse(commission).value()};
  return id;
}

// ── what happens ──

void Desk::act(AccountId account, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what) {
  broker.now = now;
  broker.act(account, now, what);
  deliver_due();
}

void Desk::fill(ContractId contract, int signed_lots, std::string_view price) {
  act([&](FakeAccount& account, FakeAccount::Told& told) {
    account.set_last(contract, price_of(price));
    account.market_order(contract, Lots{signed_lots}, now, told);
  });
}

OrderId Desk::order(ContractId contract, OrderType type, Side side, int lots, std::string_view price) {
  Order wanted;
  wanted.contract = contract;
  wanted.type = type;
  wanted.side = side;
  wanted.size = Lots{lots};
  (type == OrderType::Stop ? wanted.stop_price : wanted.limit_price) = price_of(price);
  OrderId id;
  act([&](FakeAccount& account, FakeAccount::Told& told) { id = account.place(wanted, now, told); });
  return id;
}

void Desk::cancel_orders(ContractId contract) {
  act([&](FakeAccount& account, FakeAccount::Told& told) {
    for (const Order& order : account.working_orders()) {
      if (order.contract == contract) account.cancel(order.id, now, told);
    }
  });
}

void Desk::quote(ContractId contract, std::string_view last) {
  publish(QuoteUpdated{contract, price_of(last), std::nullopt, std::nullopt});
  for (const Watched& watched : watched_) {
    act(watched.account, [&](FakeAccount& account, FakeAccount::Told& told) {
      account.trade_at(contract, price_of(last), now, told);
    });
  }
}

void Desk::quote(ContractId contract, std::optional<std::string_view> last, std::optional<std::string_view> bid,
                 std::optional<std::string_view> ask) {
  const auto maybe = [](std::optional<std::string_view> text) {
    return text ? std::optional{price_of(*text)} : std::nullopt;
  };
  publish(QuoteUpdated{contract, maybe(last), maybe(bid), maybe(ask)});
  deliver_due();
}

void Desk::can_trade(bool allowed) {
  act([&](FakeAccount& account, FakeAccount::Told& told) { account.set_can_trade(allowed, told); });
}

void Desk::publish(RiskEventBody body) {
  bus_.publish(std::move(body), now, now.nanos());
}

void Desk::connect() {
  broker.stream_up = true;
  ++generation_;
  for (const Watched& watched : watched_) {
    publish(StreamChanged{watched.account, true, Generation{generation_}});
    watched.reconciler->on_stream(true, Generation{generation_}, now, reconciled_);
    carry_out_reconciler();
  }
}

void Desk::disconnect() {
  broker.stream_up = false;
  for (const Watched& watched : watched_) {
    publish(StreamChanged{watched.account, false, Generation{generation_}});
    watched.reconciler->on_stream(false, Generation{generation_}, now, reconciled_);
    carry_out_reconciler();
  }
}

// ── time ──

void Desk::pass(Duration duration) {
  run_until(now + duration);
}

void Desk::run_until(BrokerTime time) {
  BrokerTime instant;
  int steps = 0;
  for (;;) {
    deliver_due();
    auto next = next_deadline();
    if (const auto due = broker.next_due(); due && (!next || *due < *next)) next = due;
    if (!next || *next > time) break;
    if (std::exchange(instant, std::max(*next, now)) != instant) steps = 0;
    if (++steps > kSameInstant) {
      ADD_FAILURE() << "a deadline does not move on at " << format_timestamp(now);
      break;
    }
    now = std::max(now, *next);
    deliver_due();
    fire_deadlines();
  }
  now = std::max(now, time);
}

bool Desk::settle(Duration longest) {
  const BrokerTime end = now + longest;
  const auto busy = [&] {
    for (const Watched& watched : watched_) {
      const AccountSaga* saga = executor_->find(watched.account);
      if (saga && saga->busy()) return true;
    }
    return false;
  };
  while (busy() && now < end) pass(10ms);
  return !busy();
}

void Desk::fire_deadlines() {
  if (const auto due = engine_->next_deadline(); due && *due <= now) {
    publish(TimePassed{});
    EXPECT_GT(engine_->next_deadline().value_or(now + 1ns), now) << "the engine's deadline does not move on";
  }
  executor_->on_deadline(now);
  EXPECT_GT(executor_->next_deadline().value_or(now + 1ns), now) << "the executor's deadline does not move on";
  carry_out_executor();
  stop_mover_->on_deadline(now);
  EXPECT_GT(stop_mover_->next_deadline().value_or(now + 1ns), now) << "the stop mover's deadline does not move on";
  carry_out_stop_mover();
  for (const Watched& watched : watched_) {
    watched.reconciler->pulse(now, reconciled_);
    EXPECT_GT(watched.reconciler->next_deadline().value_or(now + 1ns), now)
        << "the reconciler's deadline does not move on";
    carry_out_reconciler();
  }
}

std::optional<BrokerTime> Desk::next_deadline() const {
  std::optional<BrokerTime> next = engine_->next_deadline();
  const auto consider = [&](std::optional<BrokerTime> t) {
    if (t && (!next || *t < *next)) next = t;
  };
  consider(executor_->next_deadline());
  consider(stop_mover_->next_deadline());
  for (const Watched& watched : watched_) consider(watched.reconciler->next_deadline());
  return next;
}

// ── what comes from the broker ──

void Desk::deliver_due() {
  while (const auto said = broker.advance(now)) take(*said);
}

void Desk::take(const FakeBroker::Said& said) {
  if (const auto* event = std::get_if<RiskEventBody>(&said)) {
    publish(*event);
  } else {
    on_reply(std::get<BrokerReply>(said));
  }
}

void Desk::on_reply(const BrokerReply& reply) {
  transcript.push_back(format_timestamp(now) + " answer " + std::to_string(reply.id.value()) + " " +
                       std::string{name_of(reply.outcome)});
  for (const Watched& watched : watched_) {
    if (watched.account != reply.account || !watched.reconciler->on_reply(reply, now, reconciled_)) continue;
    carry_out_reconciler();
    return;
  }
  const bool read_back = executor_->is_verification(reply) || stop_mover_->is_read(reply);
  if (read_back && reply.outcome == Outcome::Accepted) {
    ReadBack read{reply.account, nullptr, nullptr, reply.requested_at, true};
    if (const auto* positions = std::get_if<std::vector<Position>>(&reply.payload)) {
      read.positions = std::make_shared<const std::vector<Position>>(*positions);
      publish(read);
    } else if (const auto* orders = std::get_if<std::vector<Order>>(&reply.payload)) {
      read.working_orders = std::make_shared<const std::vector<Order>>(*orders);
      publish(read);
    }
  }
  if (stop_mover_->on_reply(reply, now)) return carry_out_stop_mover();
  EXPECT_TRUE(executor_->on_reply(reply, now)) << "nobody had asked for reply " << reply.id.value();
  carry_out_executor();
}

Result<void> Desk::Last::on_event(const RiskEvent& event) {
  desk_.events.push_back(event);
  if (const auto* quote = std::get_if<QuoteUpdated>(&event.body)) {
    desk_.executor_->on_quote(quote->contract, event.at);
    desk_.carry_out_executor();
    return {};
  }
  if (is_history(event.body)) return {};
  desk_.executor_->on_book_changed(account_of(event.body), event.at);
  desk_.carry_out_executor();
  desk_.stop_mover_->on_book_changed(account_of(event.body), event.at);
  desk_.carry_out_stop_mover();
  return {};
}

// ── what the core wants done ──

void Desk::carry_out_executor() {
  SagaOutput& output = executor_->output();
  broker.now = now;
  const SagaOutput todo = std::exchange(output, SagaOutput{});
  for (const BrokerRequest& request : todo.requests) send(request);
  for (const Escalation& escalation : todo.escalations) escalations.push_back(escalation);
  for (const Receipt& receipt : todo.finished) {
    transcript.push_back(format_timestamp(now) + " receipt " + std::to_string(receipt.enforcement.value()));
    receipts.push_back(receipt);
    if (on_receipt) on_receipt(receipt);
    engine_->on_finished(receipt.account, receipt.enforcement);
  }
}

void Desk::carry_out_stop_mover() {
  broker.now = now;
  for (const BrokerRequest& request : std::exchange(stop_mover_->output(), {})) send(request);
}

void Desk::send(const BrokerRequest& request) {
  transcript.push_back(format_timestamp(now) + " request " + std::to_string(request.id.value()) + " " +
                       what(request.ask));
  broker.send(request);
}

void Desk::carry_out_reconciler() {
  broker.now = now;
  const ReconcilerOutput todo = std::exchange(reconciled_, ReconcilerOutput{});
  for (const BrokerRequest& request : todo.requests) broker.send(request);
  for (const RiskEventBody& event : todo.events) bus_.enqueue(event, now);
  if (todo.problem) problems.push_back(*todo.problem);
  bus_.drain();
}

// ── what is said ──

void Desk::say(std::string text) {
  heard_.push_back(std::move(text));
}

std::vector<std::string> Desk::heard() {
  return std::exchange(heard_, {});
}

const Lock& Desk::first_lock() {
  const auto locks = book().locks().all();
  if (locks.empty()) throw std::out_of_range{"no lock holds"};
  return locks.front();
}

void Desk::on_decision(const Decision& decision) {
  decisions.push_back(decision);
  transcript.push_back(format_timestamp(now) + " decision " + std::to_string(decision.id.value()) + " " +
                       words(decision));
  for (std::string& part : decision_words(decision, contracts, calendar_)) say(std::move(part));
  executor_->on_decision(decision, decision.at);
  carry_out_executor();
}

void Desk::on_warning(AccountId, const Warning& warning, BrokerTime) {
  say("warn " + std::to_string(warning.percent) + "%");
}

void Desk::on_tightening(AccountId account, const Tightening& tightening, BrokerTime at) {
  tightenings.push_back(tightening);
  if (stop_mover_->on_tightening(account, tightening, at)) taken_up.push_back(tightening);
  carry_out_stop_mover();
}

void Desk::on_clocks(AccountId, const RuleClocks& changed) {
  clocks[std::string{changed.rule}].assign(changed.clocks.begin(), changed.clocks.end());
}

void Desk::on_lock_ended(const Lock& lock, BrokerTime) {
  ended_locks.push_back(lock);
  say("unlock " + std::string{lock.rule});
}

void Desk::on_alarm(const ValuationAlarm& alarm, BrokerTime) {
  say(std::string{alarm.raised ? "alarm " : "alarm over "} + (alarm.unvalued ? "unvalued" : "stale"));
}

void Desk::on_read_wanted(AccountId account, BrokerTime at) {
  for (const Watched& watched : watched_) {
    if (watched.account == account) watched.reconciler->look_soon(at);
  }
}

std::string Desk::words(const Decision& decision) const {
  std::string text;
  for (const std::string& part : decision_words(decision, contracts, calendar_))
    text += (text.empty() ? "" : "; ") + part;
  for (const Violation& violation : decision.violations)
    text += " [" + std::string{violation.rule} + ": " + sentence(violation.reason, "a contract") + "]";
  return text;
}

std::string Desk::what(const BrokerAsk& ask) const {
  return ask_words(ask, contracts);
}

std::vector<std::string> Desk::sent() const {
  std::vector<std::string> list;
  for (const BrokerRequest& request : broker.sent) list.push_back(what(request.ask));
  return list;
}

std::vector<std::string> Desk::actions() const {
  std::vector<std::string> list;
  for (const BrokerRequest& request : broker.sent) {
    if (!is_read(request.ask)) list.push_back(what(request.ask));
  }
  return list;
}

}  // namespace rm::test
