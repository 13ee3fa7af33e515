#include "replay/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "control/words.h"
#include "replay/comparison.h"

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
  std::map<std::pair<AccountId, BrokerTime>, Money> days;
  BrokerTime begin, end;
  std::uint64_t events = 0, runs = 0;

  void take(Replay& replay, const ReplayStep& step) {
    if (step.kind != ReplayStep::Kind::Event) return;
    if (begin == BrokerTime{}) begin = step.event->at;
    end = std::max(end, step.event->at);
    if (is_critical(step.event->body)) note_days(replay.book());
    for (const Decision& decision : step.replayed) decisions.push_back(then(replay, decision));
  }

 private:
  void note_days(const Book& book) {
    for (const auto& account : book.accounts()) {
      if (account->sync() != SyncState::Unknown)
        days[{account->id(), account->day().begin()}] = account->day().result().net();
    }
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
      const std::string comma = out.rules.empty() ? "" : ", ", semicolon = out.why.empty() ? "" : "; ";
      out.rules += comma + std::string{violation.rule};
      out.why += semicolon + reason_text(violation.reason, replay.contracts());
      out.strike = out.strike || is_strike(violation.reason);
    }
    out.what = what_of(decision, replay.contracts());
    out.realised = book.day().result().net();
    if (open.complete) out.open = open.total;
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

bool same_moment(const DecisionThen& a, const DecisionThen& b) {
  return a.run == b.run && a.event == b.event && a.account == b.account && a.rules == b.rules && a.strike == b.strike;
}
bool same_day(const DecisionThen& a, const DecisionThen& b) {
  return a.day == b.day && a.account == b.account && a.rules == b.rules && a.strike == b.strike;
}

// Takes the first of `from` that is like `one` out.
std::optional<DecisionThen> take_like(std::vector<DecisionThen>& from, const DecisionThen& one, auto like) {
  const auto found = std::ranges::find_if(from, [&](const DecisionThen& d) { return like(d, one); });
  if (found == from.end()) return std::nullopt;
  DecisionThen taken = std::move(*found);
  from.erase(found);
  return taken;
}

void pair_up(WhatIf& result, std::vector<DecisionThen> recorded, std::vector<DecisionThen> other) {
  std::erase_if(recorded, [&](DecisionThen& then) {
    auto now = take_like(other, then, same_moment);
    if (!now) return false;
    if (now->what == then.what && now->why == then.why) {
      result.same.push_back(std::move(then));
    } else {
      result.changed.push_back({std::move(then), std::move(*now)});
    }
    return true;
  });
  for (DecisionThen& then : recorded) {
    if (auto now = take_like(other, then, same_day)) {
      result.moved.push_back({std::move(then), std::move(*now)});
    } else {
      result.fallen_away.push_back(std::move(then));
    }
  }
  result.added = std::move(other);
}

}  // namespace

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
  for (const auto& [key, realised] : passes[0].days) result.days.push_back({key.first, key.second, realised});
  pair_up(result, std::move(passes[0].decisions), std::move(passes[1].decisions));
  return result;
}

}  // namespace rm
