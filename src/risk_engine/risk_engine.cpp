#include "risk_engine/risk_engine.h"

namespace rm {

RiskEngine::RiskEngine(Book& book, EngineListener& listener, Duration stale_after, EnforcementIds& ids,
                       BlindPolicy blind)
    : book_{book},
      listener_{listener},
      stale_after_{stale_after},
      blind_{blind},
      own_ids_{EnforcementId{1}},
      ids_{ids} {}

RiskEngine::RiskEngine(Book& book, EngineListener& listener, Duration stale_after, EnforcementId next_id,
                       BlindPolicy blind)
    : book_{book}, listener_{listener}, stale_after_{stale_after}, blind_{blind}, own_ids_{next_id}, ids_{own_ids_} {}

namespace {

std::vector<GuardedRule> made(std::span<const RuleConfig> rules) {
  std::vector<GuardedRule> guarded;
  for (const RuleConfig& config : rules) {
    const RuleSpec* spec = find_rule(config.rule);
    if (config.enabled && spec) guarded.push_back(GuardedRule{spec->name, spec->make(config), {}, {}, {}});
  }
  return guarded;
}

}  // namespace

void RiskEngine::guard(AccountId account, std::span<const RuleConfig> rules) {
  guards_.push_back(std::make_unique<AccountGuard>(book_.add_account(account), made(rules), stale_after_, blind_));
  guards_.back()->set_limits(size_limits(rules));
}

void RiskEngine::replace_rules(AccountId account, std::span<const RuleConfig> rules) {
  AccountGuard* guard = find(account);
  if (!guard) return;
  guard->replace_rules(made(rules));
  guard->set_limits(size_limits(rules));
  tell_clocks(*guard);
}

void RiskEngine::restore(const Lock& lock) {
  if (AccountGuard* guard = find(lock.account)) guard->book().locks().add(lock);
}

bool RiskEngine::restore_clock(AccountId account, std::string_view rule, const RunningClock& clock) {
  AccountGuard* guard = find(account);
  return guard && guard->resume_clock(rule, clock);
}

void RiskEngine::resume(AccountId account, EnforcementId id, const Goal& goal) {
  if (AccountGuard* guard = find(account)) guard->on_resumed(id, goal);
}

void RiskEngine::on_finished(AccountId account, EnforcementId id) {
  if (AccountGuard* guard = find(account)) guard->on_finished(id);
}

Result<void> RiskEngine::on_event(const RiskEvent& event) {
  const auto account = account_of(event.body);
  if (is_history(event.body)) return {};
  if (account) {
    if (AccountGuard* guard = find(*account)) evaluate(*guard, event);
    return {};
  }
  const auto* quote = std::get_if<QuoteUpdated>(&event.body);
  for (const auto& guard : guards_) {
    if (!quote) {
      evaluate(*guard, event);
      continue;
    }
    const Holding* holding = guard->book().holding(quote->contract);
    if (holding && !holding->size.is_zero()) evaluate(*guard, event);
  }
  return {};
}

void RiskEngine::evaluate(AccountGuard& guard, const RiskEvent& event) {
  ++evaluations_;
  const bool decided = guard.evaluate(event);
  if (decided) {
    guard.on_numbered(ids_.take());
    listener_.on_decision(guard.decision());
  }
  tell_clocks(guard);
  if (guard.take_read_wish()) listener_.on_read_wanted(guard.id(), event.at);
  for (const Warning& warning : guard.warnings()) listener_.on_warning(guard.book().id(), warning, event.at);
  for (const Tightening& t : guard.tightenings()) listener_.on_tightening(guard.book().id(), t, event.at);
  for (const Lock& lock : guard.ended_locks()) listener_.on_lock_ended(lock, event.at);
  if (const auto alarm = guard.alarm()) listener_.on_alarm(*alarm, event.at);
}

void RiskEngine::tell_clocks(const AccountGuard& guard) {
  for (const RuleClocks& clocks : guard.changed_clocks()) listener_.on_clocks(guard.id(), clocks);
}

std::optional<BrokerTime> RiskEngine::next_deadline() const {
  std::optional<BrokerTime> next;
  for (const auto& guard : guards_) {
    const auto deadline = guard->next_deadline();
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  return next;
}

const AccountGuard* RiskEngine::find(AccountId account) const {
  for (const auto& guard : guards_) {
    if (guard->book().id() == account) return guard.get();
  }
  return nullptr;
}

AccountGuard* RiskEngine::find(AccountId account) {
  return const_cast<AccountGuard*>(std::as_const(*this).find(account));
}

}  // namespace rm
