#include "runtime/recorder.h"

#include "control/words.h"
#include "observe/log.h"

namespace rm {

Recorder::Recorder(Store& store, Metrics& metrics, Notifier& notifier, const ContractTable& contracts,
                   std::function<std::int64_t()> monotonic_ns)
    : store_{store},
      metrics_{metrics},
      contracts_{contracts},
      monotonic_ns_{std::move(monotonic_ns)},
      tape_{store, contracts},
      teller_{notifier},
      event_log_{contracts, teller_},
      hidden_{metrics},
      day_{store},
      engine_news_{contracts, teller_},
      enforcements_{store, metrics, contracts, teller_, monotonic_ns_},
      requests_{store, metrics, contracts, teller_},
      locks_{store, contracts, teller_},
      config_news_{teller_},
      store_watch_{store, metrics, teller_} {}

Result<void> Recorder::on_event(const RiskEvent& event) {
  set_log_broker_time(event.at);
  metrics_.count_event(name_of(event.body));
  const auto account = account_of(event.body);
  const AccountBook* book = account && book_ ? book_->find(*account) : nullptr;
  mark_firsts(event, book);
  if (book) hidden_.on_event(event, *book);
  event_log_.on_event(event);
  flush_story();
  // Book, rules and the requests of a decision come before the recorder.
  if (event.received_ns != 0) metrics_.observe_event_handling(monotonic_ns_() - event.received_ns);
  if (book) day_.on_event(event, *book);
  return {};
}

// Checkpoints of R17: the stream tells, and the rules have something to judge.
void Recorder::mark_firsts(const RiskEvent& event, const AccountBook* book) {
  const bool from_stream = event.received_ns != 0;
  if (from_stream && !first_event_) {
    first_event_ = true;
    checkpoint("first_event_received", "first event received: " + std::string{name_of(event.body)});
  }
  if (book && book->sync() != SyncState::Unknown && !first_evaluation_) {
    first_evaluation_ = true;
    checkpoint("rule_evaluated", "the rules have been evaluated for the first time", {{"account", book->id()}});
  }
}

void Recorder::on_handler_failure(const HandlerFailure& failure, BrokerTime) {
  metrics_.count_handler_error();
  log(Level::Error, "handler_failed", failure.message,
      {{"handler", failure.handler}, {"kind", failure.event}, {"sequence", failure.sequence}});
}

// Of each entry and its stop: kept, but nothing for a person to read.
void Recorder::on_clocks(AccountId account, const RuleClocks& clocks) {
  store_.record_clocks(account, clocks.rule, clocks.clocks);
}

void Recorder::after_acting(const Decision& decision) {
  set_log_broker_time(decision.at);
  locks_.on_decision(decision);
  enforcements_.after_acting(decision);
}

void Recorder::on_reconcile_problem(AccountId account, std::string_view text) {
  log(Level::Warning, "reconcile_failed", text, {{"account", account}});
}

std::string Recorder::explain(const Reason& reason) const {
  return reason_text(reason, contracts_);
}

}  // namespace rm
