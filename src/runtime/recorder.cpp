#include "runtime/recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "control/words.h"
#include "observe/log.h"

namespace rm {
namespace {

constexpr std::size_t kKeptReceipts = 100;
constexpr Duration kSentAgainAfter = std::chrono::seconds{1};

double milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace

Recorder::Recorder(Store& store, Metrics& metrics, Notifier& notifier, const ContractTable& contracts,
                   std::function<std::int64_t()> monotonic_ns)
    : store_{store},
      metrics_{metrics},
      notifier_{notifier},
      contracts_{contracts},
      tape_{store, contracts},
      monotonic_ns_{std::move(monotonic_ns)} {}

Result<void> Recorder::on_event(const RiskEvent& event) {
  set_log_broker_time(event.at);
  metrics_.count_event(name_of(event.body));
  const bool from_stream = event.received_ns != 0;
  if (from_stream && !first_event_) {
    first_event_ = true;
    checkpoint("first_event_received", "first event received: " + std::string{name_of(event.body)});
  }
  const auto account = account_of(event.body);
  const AccountBook* book = account && book_ ? book_->find(*account) : nullptr;
  if (book && book->sync() != SyncState::Unknown && !first_evaluation_) {
    first_evaluation_ = true;
    checkpoint("rule_evaluated", "the rules have been evaluated for the first time", {{"account", *account}});
  }
  if (book) watch_for_hidden(event, *book);
  log_event(event);
  flush_story();
  // Book, rules and the requests of a decision come before the recorder.
  if (from_stream) metrics_.observe_event_handling(monotonic_ns_() - event.received_ns);
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) record_day(trade->trade.account);
  if (std::holds_alternative<SnapshotTaken>(event.body) || std::holds_alternative<ReadBack>(event.body)) {
    if (book) check_balance(*book);
    if (book && std::holds_alternative<SnapshotTaken>(event.body)) compare_day(*book);
    if (account) record_day(*account);
  }
  return {};
}

// A stream that is up and tells nothing looks healthy; only what reads find beside it shows that it is not.
void Recorder::watch_for_hidden(const RiskEvent& event, const AccountBook& book) {
  const bool up = book.sync() == SyncState::Synchronised;
  ToldByStream& told = told_by_stream_[book.id()];
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) {
    if (!trade->replayed) {
      found_by_reads_.on_stream(book.id(), trade->trade.id);
      told.on_fill(trade->trade, event.at);
    } else if (up) {
      found_by_reads_.on_read(book.id(), trade->trade.id, event.at);
    }
  } else if (const auto* order = std::get_if<OrderUpdated>(&event.body)) {
    found_by_reads_.on_stream(book.id(), order->order.id);
    told.on_order(order->order, event.at);
  } else if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    found_by_reads_.on_stream(book.id(), position->position.contract);
    told.on_position(position->position, event.at);
  } else if (const auto* snapshot = std::get_if<SnapshotTaken>(&event.body)) {
    told.on_snapshot(*snapshot->snapshot);
  } else if (const auto* read = std::get_if<ReadBack>(&event.body)) {
    if (up) told.on_read(*read, found_by_reads_, event.at);
  } else if (std::holds_alternative<AccountUpdated>(event.body) && event.received_ns == 0 && up) {
    say_hidden("account", 1);
  }
}

void Recorder::say_hidden(std::string_view kind, std::uint64_t count) {
  if (count == 0) return;
  found_count_ += count;
  metrics_.count_found_by_reads(kind, count);
  log(Level::Warning, "found_by_reads", fmt::format("{} {} found by reads: the stream is up and hid it", count, kind),
      {{"kind", kind}});
}

void Recorder::record_day(AccountId account) {
  const AccountBook* book = book_ ? book_->find(account) : nullptr;
  if (!book) return;
  const DayResult& day = book->day().result();
  store_.record_day(account, book->day().begin(), day.realised, day.costs, static_cast<int>(day.trade_count));
}

// R28: the day is re-derived from the broker's trades; a difference from what was stored is said.
void Recorder::compare_day(const AccountBook& book) {
  const DayResult& day = book.day().result();
  std::erase_if(recovered_days_, [&](const DayRow& stored) {
    if (stored.account != book.id()) return false;
    if (stored.day_start != book.day().begin()) return true;
    const bool same = stored.realised == day.realised && stored.costs == day.costs;
    log(same ? Level::Info : Level::Warning, "day_rederived",
        fmt::format("the day's result from the broker's trades is {} net, stored was {}{}", day.net().text(),
                    (stored.realised - stored.costs).text(), same ? "" : ": the broker's figure is used"),
        {{"account", book.id()},
         {"pnl", day.net()},
         {"stored", stored.realised - stored.costs},
         {"trades", day.trade_count}});
    return true;
  });
}

void Recorder::log_event(const RiskEvent& event) {
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) {
    const Trade& t = trade->trade;
    // The gateway sends the opening fills again when the position closes.
    const bool again = !t.profit_and_loss && event.at - t.time > kSentAgainAfter;
    const std::string text = trade_text(t, contract_name(t.contract)) + (again ? " (sent again)" : "");
    log(Level::Info, "event", text,
        {{"kind", "trade"},
         {"account", t.account},
         {"contract", contract_name(t.contract)},
         {"trade", t.id},
         {"sequence", event.sequence},
         {"replayed", trade->replayed},
         {"trade_time", t.time}});
    if (!again) tell_event(event.at, text);
  } else if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    const Position& p = position->position;
    const std::string text = position_text(p, contract_name(p.contract));
    log(Level::Info, "event", text,
        {{"kind", "position"},
         {"account", p.account},
         {"contract", contract_name(p.contract)},
         {"sequence", event.sequence}});
    tell_event(event.at, text);
  } else if (const auto* stream = std::get_if<StreamChanged>(&event.body)) {
    log(stream->up ? Level::Info : Level::Warning, "event",
        stream->up ? "the user stream is up" : "the user stream is down, REST polling stands in",
        {{"kind", "stream"}, {"account", stream->account}, {"sequence", event.sequence}});
  } else if (const auto* failed = std::get_if<ReadsFailed>(&event.body)) {
    log(Level::Debug, "event", "the account could not be read",
        {{"kind", "reads_failed"}, {"account", failed->account}, {"sequence", event.sequence}});
  } else if (const auto* snapshot = std::get_if<SnapshotTaken>(&event.body)) {
    const AccountSnapshot& s = *snapshot->snapshot;
    log(Level::Info, "synchronised",
        fmt::format("account {} synchronised: {} positions, {} working orders, {} trades today",
                    snapshot->account.value(), s.positions.size(), s.working_orders.size(), s.trades.size()),
        {{"account", snapshot->account},
         {"generation", s.generation},
         {"balance", s.info.balance},
         {"sequence", event.sequence}});
  } else if (log_enabled(Level::Debug) && is_critical(event.body)) {
    log(Level::Debug, "event", name_of(event.body), {{"kind", name_of(event.body)}, {"sequence", event.sequence}});
  }
}

// net must agree with the change of the account balance to the cent; a difference is said once.
void Recorder::check_balance(const AccountBook& book) {
  if (!book.balance()) return;
  const Money base = *book.balance() - book.day().result().net();
  const bool new_day = balance_day_[book.id()] != book.day().begin();
  if (new_day || !balance_base_.contains(book.id())) {
    balance_day_[book.id()] = book.day().begin();
    balance_base_[book.id()] = base;
    return;
  }
  const Money difference = base - balance_base_[book.id()];
  if (difference == balance_difference_[book.id()]) return;
  balance_difference_[book.id()] = difference;
  log(Level::Warning, "balance_difference",
      "balance and net result of the day differ by " + difference.text() +
          " $ since the start: an account fee, or a trade that was not seen",
      {{"account", book.id()},
       {"difference", difference},
       {"balance", *book.balance()},
       {"pnl", book.day().result().net()}});
}

void Recorder::on_handler_failure(const HandlerFailure& failure, BrokerTime) {
  metrics_.count_handler_error();
  log(Level::Error, "handler_failed", failure.message,
      {{"handler", failure.handler}, {"kind", failure.event}, {"sequence", failure.sequence}});
}

void Recorder::before_acting(const Decision& decision) {
  store_.record_decision(decision);
}

void Recorder::after_acting(const Decision& decision) {
  set_log_broker_time(decision.at);
  if (!decision.locks.empty()) unannounced_[decision.id] = decision.locks;
  for (const Violation& violation : decision.violations) {
    metrics_.count_decision(violation.rule);
    const std::string text = fmt::format("{}: {}", violation.rule, explain(violation.reason));
    log(Level::Warning, "violation", text,
        {{"rule", violation.rule},
         {"violation", code(violation.reason)},
         {"account", decision.account},
         {"enforcement", decision.id}});
    tell(decision.at, "RULE BROKEN  " + text);
    if (std::holds_alternative<PostConditionBroken>(violation.reason)) {
      say_incident(decision, violation);
      continue;
    }
    note(NoticeKind::Violation, decision.at, decision.account, decision.id, violation.rule, text);
  }
  const std::string goal = goal_text(decision.goal, contracts_);
  log(Level::Warning, "decision", goal,
      {{"enforcement", decision.id},
       {"account", decision.account},
       {"trigger", decision.trigger},
       {"trigger_sequence", decision.trigger_sequence},
       {"latency_us", decision.received_ns ? (monotonic_ns_() - decision.received_ns) / 1000 : 0}});
  checkpoint("enforcement_triggered", "enforcement triggered: " + goal,
             {{"enforcement", decision.id}, {"account", decision.account}});
  tell(decision.at, "DECIDED      " + goal);
}

// Rules, locks or an enforcement have failed, or the stream hides a lot: acted upon, and a person has to know.
void Recorder::say_incident(const Decision& decision, const Violation& violation) {
  metrics_.count_incident();
  const std::string text = "INCIDENT: " + explain(violation.reason) + "; it is undone now. Look at the platform";
  log(Level::Error, "incident", text,
      {{"account", decision.account}, {"enforcement", decision.id}, {"violation", code(violation.reason)}});
  tell(decision.at, text);
  note(NoticeKind::Incident, decision.at, decision.account, decision.id, violation.rule, text);
}

void Recorder::on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) {
  store_.record_request(request, enforcement, now);
  set_log_broker_time(now);
  const bool acting = !is_read(request.ask);
  sent_[request.id] = Sent{name_of(request.ask), enforcement, acting};
  log(acting ? Level::Info : Level::Debug, "request",
      fmt::format("{} {}", name_of(request.ask), subject_of(request.ask)),
      {{"request", request.id},
       {"account", request.account},
       {"enforcement", enforcement},
       {"endpoint", name_of(request.ask)}});
  if (acting) tell(now, fmt::format("SENT         {} {}", name_of(request.ask), subject_of(request.ask)));
}

void Recorder::on_reply(const BrokerReply& reply) {
  store_.record_reply(reply);
  const auto found = sent_.find(reply.id);
  const Sent sent = found == sent_.end() ? Sent{"unknown", {}, false} : found->second;
  if (found != sent_.end()) sent_.erase(found);
  metrics_.count_request(sent.what, name_of(reply.outcome));
  const bool good = reply.outcome == Outcome::Accepted;
  const auto level = !good ? Level::Warning : sent.acting ? Level::Info : Level::Debug;
  const std::int64_t round_trip_ns = reply.sent_ns ? reply.answered_ns - reply.sent_ns : 0;
  log(level, "answer",
      fmt::format("{}: {}{}{}", sent.what, name_of(reply.outcome), reply.text.empty() ? "" : ": ", reply.text),
      {{"request", reply.id},
       {"account", reply.account},
       {"enforcement", sent.enforcement},
       {"endpoint", sent.what},
       {"outcome", name_of(reply.outcome)},
       {"error_code", reply.error_code},
       {"latency_us", round_trip_ns / 1000}});
  if (sent.acting) {
    tell(reply.answered_at, fmt::format("ANSWERED     {} {} after {:.3f} ms{}{}", sent.what, name_of(reply.outcome),
                                        milliseconds(round_trip_ns), reply.text.empty() ? "" : ": ", reply.text));
  }
}

void Recorder::on_receipt(const Receipt& receipt) {
  store_.record_receipt(receipt);
  metrics_.count_enforcement_verified();
  const std::int64_t to_sent =
      receipt.first_sent_ns && receipt.received_ns ? receipt.first_sent_ns - receipt.received_ns : 0;
  const std::int64_t to_verified =
      receipt.verified_ns && receipt.received_ns ? receipt.verified_ns - receipt.received_ns : 0;
  if (to_sent) metrics_.observe_decision_to_sent(to_sent);
  if (to_verified) metrics_.observe_time_to_flat(to_verified);
  const std::string rules = fmt::format("{}", fmt::join(receipt.rules, ", "));
  const std::string text =
      receipt.received_ns == 0
          ? fmt::format("the broker shows the goal of {}", rules)  // decided before a restart, or by time
      : receipt.first_sent_ns
          ? fmt::format(
                "the broker shows the goal of {}: request out {:.3f} ms after the event, verified after {:.1f} ms",
                rules, milliseconds(to_sent), milliseconds(to_verified))
          : fmt::format("the broker shows the goal of {}: nothing was left to do", rules);
  checkpoint("enforcement_verified", text,
             {{"enforcement", receipt.enforcement},
              {"account", receipt.account},
              {"rule", rules},
              {"latency_us", to_sent / 1000},
              {"verified_us", to_verified / 1000},
              {"requests", receipt.steps.size()},
              {"attempts", receipt.attempts}});
  tell(receipt.verified_at, "VERIFIED     " + text);
  note(NoticeKind::Verified, receipt.verified_at, receipt.account, receipt.enforcement, rules, text);
  if (receipts_.size() == kKeptReceipts) receipts_.erase(receipts_.begin());
  receipts_.push_back(receipt);
}

void Recorder::on_escalation(const Escalation& escalation, BrokerTime now) {
  metrics_.count_escalation();
  const std::string text = fmt::format(
      "NOT FLAT after {} s: {}. Act at the platform yourself; it is tried again and again meanwhile",
      std::chrono::duration_cast<std::chrono::seconds>(escalation.waiting).count(), escalation.last_answer);
  log(Level::Error, "escalation", text, {{"account", escalation.account}, {"enforcement", escalation.enforcement}});
  tell(now, text);
  note(NoticeKind::Escalation, now, escalation.account, escalation.enforcement, {}, text);
}

void Recorder::on_warning(AccountId account, const Warning& warning, BrokerTime now) {
  const std::string text =
      fmt::format("{}: {}{} of the limit {} is {} %", warning.rule,
                  warning.contract ? contract_name(*warning.contract) + ": " : std::string{}, warning.value.text(),
                  warning.limit.text(),
                  percent_of(Money::from_nanos(warning.value.nanos), Money::from_nanos(warning.limit.nanos)));
  log(Level::Warning, "warning", text,
      {{"rule", warning.rule},
       {"account", account},
       {"value", warning.value.text()},
       {"limit", warning.limit.text()},
       {"percent", warning.percent}});
  tell(now, "WARNING      " + text);
  note(NoticeKind::Warning, now, account, {}, warning.rule, text);
}

void Recorder::on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) {
  const std::string text =
      fmt::format("{}: {} of {} to {}", tightening.rule, tightening.order ? "the stop" : "a stop is missing, one",
                  contract_name(tightening.contract), tightening.stop.text());
  log(Level::Info, "tightening", text,
      {{"rule", tightening.rule},
       {"account", account},
       {"contract", contract_name(tightening.contract)},
       {"order", tightening.order.value_or(OrderId{})},
       {"stop_price", tightening.stop}});
  tell(now, text);
}

void Recorder::on_durable(EnforcementId id) {
  const auto found = unannounced_.find(id);
  if (found == unannounced_.end()) return;
  for (const Lock& lock : found->second) {
    const std::string scope = lock.symbol ? contracts_.symbol_text(*lock.symbol) : "account";
    const std::string text =
        fmt::format("account {} is LOCKED{}{} {} by {}: {}", lock.account.value(),
                    lock.kind == LockKind::Entry ? " for entries" : "", lock.symbol ? " in " + scope : "",
                    until_text(lock.until), lock.rule, explain(lock.reason));
    log(Level::Warning, "lock", text,
        {{"rule", lock.rule},
         {"account", lock.account},
         {"enforcement", id},
         {"scope", scope},
         {"kind", lock.kind == LockKind::Hard ? "hard" : "entry"},
         {"since", format_timestamp(lock.since)},
         {"until", until_text(lock.until)},
         {"violation", code(lock.reason)}});
    tell(lock.since, text);
    note(NoticeKind::LockSet, lock.since, lock.account, id, lock.rule, text);
  }
  unannounced_.erase(found);
}

void Recorder::on_lock_ended(const Lock& lock, BrokerTime now) {
  store_.record_lock_ended(lock, now);
  const std::string text = fmt::format("the lock of account {} by {} has ended", lock.account.value(), lock.rule);
  log(Level::Warning, "lock_ended", text,
      {{"rule", lock.rule}, {"account", lock.account}, {"enforcement", lock.enforcement}});
  tell(now, text);
  note(NoticeKind::LockEnded, now, lock.account, lock.enforcement, lock.rule, text);
}

// Of each entry and its stop: kept, but nothing for a person to read.
void Recorder::on_clocks(AccountId account, const RuleClocks& clocks) {
  store_.record_clocks(account, clocks.rule, clocks.clocks);
}

void Recorder::on_alarm(const ValuationAlarm& alarm, BrokerTime now) {
  const std::string_view what = alarm.unvalued
                                    ? "an open position cannot be valued: no price or no contract record"
                                    : "prices are older than allowed: results are valued at the last known price";
  log(alarm.raised ? Level::Error : Level::Warning, alarm.unvalued ? "unvalued" : "stale_prices",
      alarm.raised ? std::string{what} : "over: " + std::string{what},
      {{"account", alarm.account}, {"raised", alarm.raised}});
  if (alarm.raised) note(NoticeKind::Health, now, alarm.account, {}, {}, std::string{what});
}

void Recorder::on_reconcile_problem(AccountId account, std::string_view text) {
  log(Level::Warning, "reconcile_failed", text, {{"account", account}});
}

void Recorder::say_config(Level level, std::string_view event, std::string_view file, const std::string& head,
                          const std::vector<std::string>& sentences, BrokerTime now) {
  const std::string text = sentences.empty() ? head : fmt::format("{}: {}", head, fmt::join(sentences, "; "));
  log(level, event, text, {{"file", file}, {"count", sentences.size()}});
  tell(now, head);
  for (const std::string& line : sentences) tell(now, "  " + line);
  note(NoticeKind::Config, now, {}, {}, {}, text);
  flush_story();
}

void Recorder::on_config_reloaded(std::string_view file, const std::vector<std::string>& changed,
                                  const std::vector<std::string>& pending, const std::vector<std::string>& restart,
                                  BrokerTime now) {
  std::vector<std::string> all = changed;
  all.insert(all.end(), pending.begin(), pending.end());
  all.insert(all.end(), restart.begin(), restart.end());
  if (all.empty()) {
    log(Level::Info, "config_reloaded", "the configuration was read again: nothing is different", {{"file", file}});
    return;
  }
  say_config(Level::Warning, "config_reloaded", file, "the configuration was read again", all, now);
}

void Recorder::on_config_refused(std::string_view file, const std::vector<std::string>& problems,
                                 std::string_view instead, BrokerTime now) {
  // Each on a line of its own, as check-config says them; a person gets them together.
  for (const std::string& problem : problems) log(Level::Error, "config_problem", problem, {{"file", file}});
  say_config(Level::Error, "config_refused", file, "the configuration is REFUSED, " + std::string{instead}, problems,
             now);
}

void Recorder::on_config_applied(const std::vector<std::string>& changed, BrokerTime now) {
  say_config(Level::Warning, "config_applied", {}, "a new trading day: what waited for it counts", changed, now);
}

void Recorder::on_config_held(const std::vector<std::string>& pending, BrokerTime now) {
  say_config(Level::Warning, "config_held", {},
             "the configuration is looser than what this trading day began with, which stays in force until the "
             "next reset",
             pending, now);
}

void Recorder::settle_hidden(BrokerTime now) {
  const auto hidden = found_by_reads_.settle(now);
  for (std::size_t kind = 0; kind < hidden.size(); ++kind) say_hidden(kFoundKindNames[kind], hidden[kind]);
}

void Recorder::check_health(BrokerTime now) {
  store_.record_gathered_quotes();
  const StoreHealth health = store_.health();
  metrics_.set_store_records_lost(health.records_lost);
  metrics_.set_store_lag(health.appended - health.committed);
  if (health.good() == !said_unhealthy_) return;
  said_unhealthy_ = !health.good();
  const std::string text = sentence(health);
  log(health.good() ? Level::Warning : Level::Error, "store_health", text);
  tell(now, text);
  note(NoticeKind::Health, now, {}, {}, {}, text);
}

std::string Recorder::explain(const Reason& reason) const {
  return reason_text(reason, contracts_);
}

std::string Recorder::contract_name(ContractId id) const {
  return rm::contract_name(id, contracts_);
}

std::string Recorder::subject_of(const BrokerAsk& ask) const {
  return ask_text(ask, contracts_);
}

void Recorder::tell(BrokerTime at, std::string text) {
  if (story_) untold_.push_back(StoryLine{at, std::move(text)});
}

void Recorder::tell_event(BrokerTime at, std::string text) {
  if (story_) story_(StoryLine{at, std::move(text)});
}

void Recorder::flush_story() {
  for (const StoryLine& line : untold_) story_(line);
  untold_.clear();
}

void Recorder::note(NoticeKind kind, BrokerTime at, AccountId account, EnforcementId id, std::string_view rule,
                    std::string text) {
  notifier_.notify(Notice{kind, at, account, id, std::string{rule}, std::move(text)});
}

}  // namespace rm
