#include "evidence/stand.h"

#include <fmt/format.h>

#include <algorithm>

#include "control/rule_line.h"
#include "control/words.h"
#include "evidence/event_words.h"

namespace rm {
namespace {

std::string position_line(const AccountBook& book, const Holding& holding) {
  const auto mark = book.mark(holding);
  const auto open = book.open_profit(holding);
  return fmt::format("{} {} {} @ {}, valued at {}, open {}", holding.size > Lots{} ? "long" : "short",
                     holding.size.magnitude().value(), contract_name(holding.contract, book.contracts()),
                     holding.paid.average(holding.size).text(),
                     mark ? mark->price.text() + " of " + format_timestamp(mark->at) : "no price",
                     open ? open->text() : "unknown");
}

std::string lock_line(const Lock& lock, const ContractTable& contracts) {
  return fmt::format("{} lock of {} {} by {}: {}", lock.kind == LockKind::Hard ? "hard" : "entry",
                     lock.symbol ? contracts.symbol_text(*lock.symbol) : "the account", until_text(lock.until),
                     lock.rule, reason_text(lock.reason, contracts));
}

std::string broken_by(std::span<const Decision> decisions, AccountId account, std::string_view rule,
                      const ContractTable& contracts) {
  for (const Decision& decision : decisions) {
    if (decision.account != account) continue;
    for (const Violation& violation : decision.violations)
      if (violation.rule == rule) return reason_text(violation.reason, contracts);
  }
  return {};
}

AccountStand stand_of(const AccountBook& book, const AccountGuard& guard, std::span<const Decision> decisions) {
  const DayResult& day = book.day().result();
  const OpenProfit open = book.open_profit();
  AccountStand stand;
  stand.account = book.id();
  stand.sync = name_of(book.sync());
  stand.can_trade = !book.can_trade() ? "unknown" : *book.can_trade() ? "yes" : "no";
  stand.realised = day.realised.text();
  stand.costs = day.costs.text();
  stand.open = open.total.text() + (open.complete ? "" : " (not everything can be valued)");
  stand.net = (day.net() + open.total).text();
  for (const Holding& holding : book.holdings())
    if (!holding.size.is_zero()) stand.positions.push_back(position_line(book, holding));
  for (const Order& order : book.orders().all())
    stand.orders.push_back(event_text(RiskEvent{OrderUpdated{order}, {}, 0, 0}, book.contracts()));
  for (const Lock& lock : book.locks().all()) stand.locks.push_back(lock_line(lock, book.contracts()));
  for (const GuardedRule& rule : guard.rules()) {
    const RuleStatus status = rule.rule->status(book);
    stand.rules.push_back({std::string{rule.name}, status.limit, status.value, status.used_percent,
                           margin_text(status.value, status.limit, status.used_percent),
                           stand_words(rule, status, book),
                           broken_by(decisions, book.id(), rule.name, book.contracts())});
  }
  return stand;
}

}  // namespace

Moment moment_of(Replay& replay, const LastEvent& last, std::optional<AccountId> account) {
  Moment moment;
  moment.run = replay.runs();
  moment.record = last.record;
  moment.event = last.event.sequence;
  moment.at = last.event.at;
  moment.text = event_text(last.event, replay.contracts());
  for (const AccountId watched : replay.accounts()) {
    if ((account && watched != *account) || !replay.look_at(watched)) continue;
    const AccountBook* book = replay.book().find(watched);
    const AccountGuard* guard = replay.engine().find(watched);
    if (book != nullptr && guard != nullptr) moment.accounts.push_back(stand_of(*book, *guard, last.decided));
  }
  for (const Decision& decision : last.decided) {
    if (!account || decision.account == *account)
      moment.decided.push_back(goal_text(decision.goal, replay.contracts()));
  }
  return moment;
}

}  // namespace rm
