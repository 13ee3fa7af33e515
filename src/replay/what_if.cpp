#include "replay/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "control/words.h"
#include "replay/comparison.h"
#include "replay/pairing.h"

namespace rm {
namespace {

bool is_strike(const Reason& reason) {
  return std::holds_alternative<ActivityWhileLocked>(reason) ||
         std::holds_alternative<ContractActivityWhileLocked>(reason);
}

std::string what_of(const Decision& decision, const ContractTable& contracts) {
  std::string text = goal_text(decision.goal, contracts);
  for (const Lock& lock : decision.locks) {
    text += fmt::format("; lock {}{} {}", lock.symbol ? contracts.symbol_text(*lock.symbol) : "the account",
                        lock.kind == LockKind::Entry ? " for entries" : "", until_text(lock.until));
  }
  return text;
}

// One pass over the journal: the decisions of the engine, and the results of the days.
struct Pass {
  std::vector<DecisionThen> decisions;
  std::map<std::pair<AccountId, BrokerTime>, WhatIf::DayEnd> days;
  std::set<AccountId> not_guarded;
  BrokerTime begin, end;
  std::uint64_t events = 0, runs = 0;

  void take(Replay& replay, const ReplayStep& step) {
    if (step.kind == ReplayStep::Kind::RunStarted) note_not_guarded(replay);
    if (step.kind != ReplayStep::Kind::Event) return;
    if (begin == BrokerTime{}) begin = step.event->at;
    end = std::max(end, step.event->at);
    if (is_critical(step.event->body)) note_days(replay.book());
    for (const Decision& decision : step.replayed) decisions.push_back(then(replay, decision));
  }

 private:
  void note_not_guarded(const Replay& replay) {
    for (const WatchedAccount& watched : replay.run().accounts) {
      if (!replay.config().guards(watched.account, watched.name)) not_guarded.insert(watched.account);
    }
  }
  void note_days(const Book& book) {
    for (const auto& account : book.accounts()) {
      if (account->sync() == SyncState::Unknown) continue;
      const DayLedger& day = account->day();
      days[{account->id(), day.begin()}] = {account->id(), day.begin(), account->next_reset(), day.result(),
                                            holds_something(*account)};
    }
  }
  static bool holds_something(const AccountBook& book) {
    return std::ranges::any_of(book.holdings(), [](const Holding& h) { return !h.size.is_zero(); });
  }
  static DecisionThen then(Replay& replay, const Decision& decision) {
    const AccountBook& book = *replay.book().find(decision.account);
    const OpenProfit open = book.open_profit();
    DecisionThen out;
    out.run = replay.runs();
    out.event = decision.trigger_sequence;
    out.at = decision.at;
    out.day = book.day().begin();
    out.account = decision.account;
    for (const Violation& violation : decision.violations) {
      const auto contract = contract_of(violation.reason);
      out.findings.push_back({std::string{violation.rule},
                              contract ? contract_name(*contract, replay.contracts()) : std::string{},
                              reason_text(violation.reason, replay.contracts()), is_strike(violation.reason)});
    }
    out.what = what_of(decision, replay.contracts());
    out.result = book.day().result();
    if (open.complete) out.open = open.total;
    out.holds = holds_something(book);
    return out;
  }
};

Result<Pass> run_through(Replay& replay) {
  Pass pass;
  while (true) {
    const auto step = replay.step();
    if (!step) return std::unexpected{step.error()};
    if (*step == nullptr) break;
    pass.take(replay, **step);
  }
  pass.events = replay.events();
  pass.runs = replay.runs();
  return pass;
}

std::string listed(const std::vector<DecisionThen::Finding>& findings, auto part, std::string_view separator) {
  std::vector<std::string> parts;
  for (const DecisionThen::Finding& finding : findings) {
    if (std::ranges::find(parts, finding.*part) == parts.end()) parts.push_back(finding.*part);
  }
  return fmt::format("{}", fmt::join(parts, separator));
}

}  // namespace

std::string DecisionThen::rules() const {
  return listed(findings, &Finding::rule, ", ");
}
std::string DecisionThen::why() const {
  return listed(findings, &Finding::why, "; ");
}

Result<WhatIf> what_if(const std::filesystem::path& journal, const Config& other) {
  {
    auto recorded = Replay::open(journal);
    if (!recorded) return std::unexpected{recorded.error()};
    const auto identical = compare(**recorded);
    if (!identical) return std::unexpected{identical.error()};
    if (identical->first)
      return fail(ErrorCode::Refused,
                  "the journal does not replay identically with the configuration it was recorded with, so nothing "
                  "can be said of another one; replay it without --config to see the difference");
  }
  Pass passes[2];
  for (const bool changed : {false, true}) {
    auto replay = Replay::open(journal, changed ? std::optional{other} : std::nullopt);
    if (!replay) return std::unexpected{replay.error()};
    auto pass = run_through(**replay);
    if (!pass) return std::unexpected{pass.error()};
    passes[changed ? 1 : 0] = std::move(*pass);
  }
  WhatIf result;
  result.begin = passes[0].begin;
  result.end = passes[0].end;
  result.events = passes[0].events;
  result.runs = passes[0].runs;
  for (const auto& [key, day] : passes[0].days) result.days.push_back(day);
  result.not_guarded.assign(passes[1].not_guarded.begin(), passes[1].not_guarded.end());
  pair_up(result, std::move(passes[0].decisions), std::move(passes[1].decisions));
  return result;
}

}  // namespace rm
