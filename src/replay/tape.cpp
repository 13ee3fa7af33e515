#include "replay/tape.h"

#include <algorithm>

namespace rm {

void Tape::on_run_started(const RunStart& start) {
  told_.clear();
  kept_back_.clear();
  store_.record_run_begins({start.version, start.at});
  if (!login_.name.empty()) {
    login_.program_begins = !store_.login_in_turn();
    store_.record_login_turn(login_);
    login_.program_begins = false;
  }
  tell_contracts();
  store_.record_run_start(start);
}

void Tape::on_rules_changed(const RulesChanged& change) {
  take_turn();
  store_.record_rules_changed(change);
}

Result<void> Tape::on_event(const RiskEvent& event) {
  if (told_version_ != contracts_.version() || told_.size() != contracts_.size()) tell_contracts();
  const auto* quote = std::get_if<QuoteUpdated>(&event.body);
  if (quote && !held(quote->contract)) {
    keep_back(event);
    return {};
  }
  take_turn();
  if (!quote) tell_kept_back();
  store_.record_event(event);
  return {};
}

void Tape::take_turn() {
  if (!login_.name.empty() && store_.login_in_turn() != login_.login) store_.record_login_turn(login_);
}

void Tape::tell_contracts() {
  told_version_ = contracts_.version();
  for (std::uint32_t i = 0; i < contracts_.size(); ++i) {
    const Contract& c = contracts_.at(ContractId{i});
    const ContractKnown known{i, c.broker_id, c.name, c.tick_size_nanos, c.tick_value, c.active};
    if (i < told_.size() && told_[i] == known) continue;
    store_.record_contract(known);
    if (i < told_.size()) {
      told_[i] = known;
    } else {
      told_.push_back(known);
    }
  }
}

// No rule is asked about a price of what nobody holds. It only has to be there when the next event makes somebody
// hold it, and of many the newest of each kind is enough.
void Tape::keep_back(const RiskEvent& event) {
  const auto& quote = std::get<QuoteUpdated>(event.body);
  const auto same = std::ranges::find_if(
      kept_back_, [&](const RiskEvent& e) { return std::get<QuoteUpdated>(e.body).contract == quote.contract; });
  if (same == kept_back_.end()) {
    kept_back_.push_back(event);
    return;
  }
  QuoteUpdated merged = std::get<QuoteUpdated>(same->body);
  if (quote.last) merged.last = quote.last;
  if (quote.bid) merged.bid = quote.bid;
  if (quote.ask) merged.ask = quote.ask;
  *same = event;
  same->body = merged;
}

void Tape::tell_kept_back() {
  for (const RiskEvent& quote : kept_back_) store_.record_event(quote);
  kept_back_.clear();
}

bool Tape::held(ContractId contract) const {
  return book_ && std::ranges::any_of(book_->accounts(), [&](const auto& account) {
           const Holding* holding = account->holding(contract);
           return holding && !holding->size.is_zero();
         });
}

}  // namespace rm
