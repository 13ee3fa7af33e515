#include "runtime/guardian.h"

#include <algorithm>

namespace rm {

Guardian::Guardian(const ContractTable& contracts, const TradingCalendar& calendar, BrokerApi& broker,
                   Chronicle& recorder, Settings settings)
    : settings_{settings},
      broker_{broker},
      recorder_{recorder},
      book_{contracts, calendar, settings.mark},
      own_numbers_{EnforcementIds{settings.next_enforcement}, RequestIds{settings.next_request}},
      numbers_{settings.shared != nullptr ? *settings.shared : own_numbers_},
      engine_{book_, *this, settings.stale_after, numbers_.enforcements, settings.blind},
      executor_{book_, numbers_.requests},
      stop_mover_{book_, executor_, numbers_.requests} {
  if (EventHandler* first = recorder.first_to_hear()) bus_.subscribe(*first, -10);
  bus_.subscribe(book_, 0);
  bus_.subscribe(engine_, 10);
  bus_.subscribe(executor_handler_, 20);
  bus_.subscribe(recorder_, 30);
  to_send_.reserve(64);
}

void Guardian::watch(AccountId account, std::span<const RuleConfig> rules, Reconciler::Pace pace, BrokerTime now) {
  const AccountBook& book = book_.add_account(account);
  engine_.guard(account, rules);
  watched_.push_back(Watched{account, std::make_unique<Reconciler>(book, numbers_.requests, pace, now)});
}

void Guardian::restore(const Lock& lock) {
  engine_.restore(lock);
}

bool Guardian::restore_clock(AccountId account, std::string_view rule, const RunningClock& clock) {
  return engine_.restore_clock(account, rule, clock);
}

void Guardian::resume(const UnfinishedEnforcement& unfinished, BrokerTime now) {
  engine_.resume(unfinished.account, unfinished.id, unfinished.goal);
  executor_.resume(unfinished, now);
}

void Guardian::drain(BrokerTime now) {
  bus_.drain();
  for (const HandlerFailure& failure : bus_.take_failures()) recorder_.on_handler_failure(failure, now);
  recorder_.flush_story();
}

void Guardian::on_user_stream(bool up, Generation generation, BrokerTime now) {
  for (const Watched& watched : watched_) {
    bus_.enqueue(StreamChanged{watched.account, up, generation}, now);
    drain(now);
    watched.reconciler->on_stream(up, generation, now, reconciled_);
    carry_out_reconciler(watched.account, now);
  }
}

void Guardian::on_reply(const BrokerReply& reply, BrokerTime now) {
  recorder_.on_reply(reply);
  for (const Watched& watched : watched_) {
    if (watched.account != reply.account || !watched.reconciler->on_reply(reply, now, reconciled_)) continue;
    carry_out_reconciler(watched.account, now);
    return;
  }
  const bool read_back = executor_.is_verification(reply) || stop_mover_.is_read(reply);
  if (read_back && reply.outcome == Outcome::Accepted) publish_read_back(reply, now);
  if (stop_mover_.on_reply(reply, now)) {
    carry_out_stop_mover(now);
    recorder_.flush_story();
    return;
  }
  executor_.on_reply(reply, now);
  carry_out_executor(now);
  recorder_.flush_story();
}

// A verification read reaches the book before the saga judges it.
void Guardian::publish_read_back(const BrokerReply& reply, BrokerTime now) {
  ReadBack read;
  read.account = reply.account;
  read.requested_at = reply.requested_at;
  read.decisive = true;
  if (const auto* positions = std::get_if<std::vector<Position>>(&reply.payload)) {
    read.positions = std::make_shared<const std::vector<Position>>(*positions);
  } else if (const auto* orders = std::get_if<std::vector<Order>>(&reply.payload)) {
    read.working_orders = std::make_shared<const std::vector<Order>>(*orders);
  } else {
    return;
  }
  bus_.enqueue(std::move(read), now);
  drain(now);
}

// Reconcilers first: they look at disputes, which the passing of time may settle.
void Guardian::on_deadline(BrokerTime now) {
  for (const Watched& watched : watched_) {
    watched.reconciler->pulse(now, reconciled_);
    carry_out_reconciler(watched.account, now);
  }
  if (const auto due = engine_.next_deadline(); due && *due <= now) {
    bus_.enqueue(TimePassed{}, now);
    drain(now);
  }
  executor_.on_deadline(now);
  carry_out_executor(now);
  stop_mover_.on_deadline(now);
  carry_out_stop_mover(now);
  recorder_.flush_story();
}

// Passing time reaches every rule of every account.
void Guardian::look_again(BrokerTime now) {
  bus_.enqueue(TimePassed{}, now);
  drain(now);
}

std::optional<BrokerTime> Guardian::next_deadline() const {
  std::optional<BrokerTime> next = engine_.next_deadline();
  const auto consider = [&](std::optional<BrokerTime> t) {
    if (t && (!next || *t < *next)) next = t;
  };
  consider(executor_.next_deadline());
  consider(stop_mover_.next_deadline());
  for (const Watched& watched : watched_) consider(watched.reconciler->next_deadline());
  return next;
}

Result<void> Guardian::ExecutorHandler::on_event(const RiskEvent& event) {
  if (const auto* quote = std::get_if<QuoteUpdated>(&event.body)) {
    guardian_.executor_.on_quote(quote->contract, event.at);
    guardian_.carry_out_executor(event.at);
    return {};
  }
  if (is_history(event.body)) return {};
  guardian_.executor_.on_book_changed(account_of(event.body), event.at);
  guardian_.carry_out_executor(event.at);
  guardian_.stop_mover_.on_book_changed(account_of(event.body), event.at);
  guardian_.carry_out_stop_mover(event.at);
  return {};
}

// The journal has the decision before the first request leaves; everything a person reads is written after.
void Guardian::on_decision(const Decision& decision) {
  recorder_.before_acting(decision);
  executor_.on_decision(decision, decision.at);
  carry_out_executor(decision.at);
  recorder_.after_acting(decision);
}

void Guardian::on_warning(AccountId account, const Warning& warning, BrokerTime now) {
  recorder_.on_warning(account, warning, now);
}
void Guardian::on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) {
  if (stop_mover_.on_tightening(account, tightening, now)) recorder_.on_tightening(account, tightening, now);
  carry_out_stop_mover(now);
}
void Guardian::on_clocks(AccountId account, const RuleClocks& clocks) {
  recorder_.on_clocks(account, clocks);
}
void Guardian::on_lock_ended(const Lock& lock, BrokerTime now) {
  recorder_.on_lock_ended(lock, now);
}
void Guardian::on_alarm(const ValuationAlarm& alarm, BrokerTime now) {
  recorder_.on_alarm(alarm, now);
}

void Guardian::on_read_wanted(AccountId account, BrokerTime now) {
  for (const Watched& watched : watched_) {
    if (watched.account == account) watched.reconciler->look_soon(now);
  }
}

void Guardian::carry_out_executor(BrokerTime now) {
  SagaOutput& output = executor_.output();
  if (output.requests.empty() && output.finished.empty() && output.escalations.empty()) return;
  to_send_.swap(output.requests);
  output.requests.clear();
  for (const BrokerRequest& request : to_send_) {
    const AccountSaga* saga = executor_.find(request.account);
    const bool serving = saga && !saga->serving().empty();
    send(request, serving ? saga->serving().front().enforcement : EnforcementId{}, now);
  }
  to_send_.clear();
  for (const Escalation& escalation : output.escalations) recorder_.on_escalation(escalation, now);
  output.escalations.clear();
  for (const Receipt& receipt : output.finished) {
    recorder_.on_receipt(receipt);
    engine_.on_finished(receipt.account, receipt.enforcement);
  }
  output.finished.clear();
}

void Guardian::carry_out_stop_mover(BrokerTime now) {
  std::vector<BrokerRequest>& requests = stop_mover_.output();
  for (const BrokerRequest& request : requests) send(request, EnforcementId{}, now);
  requests.clear();
}

void Guardian::carry_out_reconciler(AccountId account, BrokerTime now) {
  for (const BrokerRequest& request : reconciled_.requests) send(request, EnforcementId{}, now);
  for (RiskEventBody& event : reconciled_.events) bus_.enqueue(std::move(event), now);
  if (reconciled_.problem) recorder_.on_reconcile_problem(account, *reconciled_.problem);
  reconciled_.clear();
  drain(now);
}

void Guardian::send(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) {
  broker_.send(request);
  recorder_.on_request(request, enforcement, now);
}

}  // namespace rm
