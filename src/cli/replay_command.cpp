#include "cli/replay_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostream>
#include <utility>
#include <vector>

#include "config/load.h"
#include "config/problem.h"
#include "control/paths.h"
#include "control/rule_line.h"
#include "control/words.h"
#include "domain/counted.h"
#include "evidence/vouching.h"
#include "replay/comparison.h"
#include "replay/what_if.h"

namespace rm {
namespace {

constexpr int kOk = 0, kFailed = 1, kInvalidConfig = 2;

int refuse(std::ostream& err, const Error& error) {
  fmt::print(err, "risk-manager: {}\n", error.message);
  return kFailed;
}

std::string shown(Duration duration) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  const auto s = ms / 1000;
  if (s < 60) return fmt::format("{}.{:03} s", s, ms % 1000);
  return s < 3600 ? fmt::format("{} min {:02} s", s / 60, s % 60)
                  : fmt::format("{} h {:02} min {:02} s", s / 3600, s / 60 % 60, s % 60);
}

// To the millisecond: what a person compares with a chart.
std::string shown(BrokerTime time) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  return format_timestamp(BrokerTime::from_nanos(time.nanos() / kMillisecond * kMillisecond));
}

// ── the same configuration ──

void say_beginning(const Replay& replay, std::ostream& out) {
  const Replay::Before& before = replay.before();
  if (before.first > 1) fmt::print(out, "records 1 to {} are not in the journal any more; ", before.first - 1);
  if (before.records > 0)
    fmt::print(out, "{} before its first start of the daemon cannot be judged; ", counted(before.records, "record"));
  if (before.first > 1 || before.records > 0) fmt::print(out, "replayed from that start on\n");
}

// What a decision says, a line each: of two that differ, the lines that do.
std::vector<std::string> lines_of(const Decision& decision, const ContractTable& contracts) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("enforcement {} of account {}, on event {} ({}) at {}", decision.id.value(),
                              decision.account.value(), decision.trigger_sequence, decision.trigger,
                              shown(decision.at)));
  for (const Violation& violation : decision.violations)
    lines.push_back(fmt::format("{}: {}", violation.rule, reason_text(violation.reason, contracts)));
  lines.push_back("goal: " + goal_text(decision.goal, contracts));
  for (const Lock& lock : decision.locks) {
    lines.push_back(fmt::format(
        "lock: {}{} {}, by {}", lock.symbol ? contracts.symbol_text(*lock.symbol) : std::string{"the account"},
        lock.kind == LockKind::Entry ? " for entries" : "", until_text(lock.until), lock.rule));
  }
  return lines;
}

void say_lines(char sign, const std::optional<Decision>& decision, const std::optional<Decision>& other,
               const ContractTable& contracts, std::ostream& out) {
  if (!decision) {
    fmt::print(out, "{} no decision\n", sign);
    return;
  }
  const auto theirs = other ? lines_of(*other, contracts) : std::vector<std::string>{};
  for (const std::string& line : lines_of(*decision, contracts)) {
    const bool both = std::ranges::find(theirs, line) != theirs.end();
    fmt::print(out, "{} {}\n", both ? ' ' : sign, line);
  }
}

int say_difference(Replay& replay, const Comparison& comparison, std::ostream& out, std::ostream& err) {
  const Comparison::Difference& first = *comparison.first;
  fmt::print(out, "--- recorded by version {}\n+++ replayed\n@@ event in record {} of the journal @@\n",
             replay.run().version, first.record);
  say_lines('-', first.recorded, first.replayed, replay.contracts(), out);
  say_lines('+', first.replayed, first.recorded, replay.contracts(), out);
  out.flush();
  fmt::print(err,
             "risk-manager: the journal does NOT replay identically: {} the same, then the difference above; it was "
             "recorded by another version, or it is a defect of this program\n",
             counted(comparison.decisions, "decision"));
  return kFailed;
}

int replay_again(const std::filesystem::path& journal, std::ostream& out, std::ostream& err) {
  auto replay = Replay::open(journal);
  if (!replay) return refuse(err, replay.error());
  const auto began = std::chrono::steady_clock::now();
  const auto comparison = compare(**replay);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (!comparison) return refuse(err, comparison.error());
  say_beginning(**replay, out);
  if (comparison->first) return say_difference(**replay, *comparison, out, err);
  fmt::print(out, "{} of the daemon, {} from {} to {}\n", counted((*replay)->runs(), "run"),
             counted((*replay)->events(), "event"), shown(comparison->begin), shown(comparison->end));
  if (comparison->cut_off > 0)
    fmt::print(out, "{} on the last event of a run: the daemon was ended before it could be recorded\n",
               counted(comparison->cut_off, "decision"));
  fmt::print(out, "identical: {}, each byte for byte as recorded\n", counted(comparison->decisions, "decision"));
  fmt::print(out, "replayed in {:.3f} s, {:.0f} events a second\n", took.count(),
             static_cast<double>((*replay)->events()) / std::max(took.count(), 1e-9));
  out.flush();
  return kOk;
}

// ── another configuration ──

std::string text(Money money) {
  return in_cents(money.text());
}

std::string parts_of(const DayResult& result) {
  return fmt::format("realised {}, costs {}", text(result.realised), text(result.costs));
}

std::string result_of(const DecisionThen& d) {
  const std::string parts = parts_of(d.result);
  if (!d.holds) return fmt::format("the day {} ({}), nothing open", text(d.result.net()), parts);
  if (!d.open) return fmt::format("the day {} ({}), open positions could not be valued", text(d.result.net()), parts);
  return fmt::format("the day {} ({}, open {})", text(d.result.net() + *d.open), parts, text(*d.open));
}

void say(std::string_view what, const DecisionThen& d, std::ostream& out) {
  const bool strike = std::ranges::any_of(d.findings, &DecisionThen::Finding::strike);
  fmt::print(out, "{:<13} {}  account {}  {}{}\n{:13} {}\n{:13} {}\n{:13} {}\n", what, shown(d.at), d.account.value(),
             d.rules(), strike ? " (while locked)" : "", "", d.why(), "", d.what, "", result_of(d));
}

// The account at the other moment less the account at the recorded one.
std::string difference_of(const WhatIf::Pair& pair) {
  if (!pair.recorded.open || !pair.other.open) return {};
  const Money difference =
      pair.other.result.net() + *pair.other.open - pair.recorded.result.net() - *pair.recorded.open;
  return fmt::format(": a difference of {}{}", difference > Money{} ? "+" : "", text(difference));
}

void say_moved(const WhatIf::Pair& pair, std::ostream& out) {
  const Duration later = pair.other.at - pair.recorded.at;
  const bool earlier = later < Duration{};
  say(earlier ? "EARLIER" : "LATER", pair.other, out);
  fmt::print(out, "{:13} recorded {} {}, at {}{}\n", "", shown(earlier ? -later : later),
             earlier ? "later" : "earlier", result_of(pair.recorded), difference_of(pair));
}

void say_changed(const WhatIf::Pair& pair, std::ostream& out) {
  say("CHANGED", pair.other, out);
  fmt::print(out, "{:13} recorded: {}; {}\n", "", pair.recorded.why(), pair.recorded.what);
}

// Everything that is not the same, in the order of time.
void say_differences(const WhatIf& result, std::ostream& out) {
  std::vector<std::pair<BrokerTime, std::function<void()>>> all;
  all.reserve(result.changed.size() + result.moved.size() + result.fallen_away.size() + result.added.size());
  for (const WhatIf::Pair& p : result.changed) all.emplace_back(p.other.at, [&] { say_changed(p, out); });
  for (const WhatIf::Pair& p : result.moved) all.emplace_back(p.other.at, [&] { say_moved(p, out); });
  for (const DecisionThen& d : result.fallen_away) all.emplace_back(d.at, [&] { say("FALLS AWAY", d, out); });
  for (const DecisionThen& d : result.added) all.emplace_back(d.at, [&] { say("NEW", d, out); });
  std::ranges::stable_sort(all, {}, [](const auto& one) { return one.first; });
  for (const auto& [at, say_it] : all) say_it();
}

void say_not_guarded(const WhatIf& result, const std::string& file, std::ostream& out) {
  for (const AccountId account : result.not_guarded)
    fmt::print(out, "NOT GUARDED   account {}: {} does not list it (accounts), so none of its decisions is taken\n",
               account.value(), printable(file, 300));
}

void say_days(const WhatIf& result, std::ostream& out) {
  for (const WhatIf::DayEnd& day : result.days) {
    if (day.result == DayResult{}) continue;
    const bool over = result.end >= day.next_reset;
    fmt::print(out, "as recorded, the day {} {} of account {} {} {} ({}{}){}\n", over ? "from" : "since",
               over ? fmt::format("{} to {}", shown(day.day), shown(day.next_reset)) : shown(day.day),
               day.account.value(), over ? "ended with" : "stood at", text(day.result.net()), parts_of(day.result),
               day.holds ? ", open positions left out" : "", over ? "" : " where the journal ends");
  }
}

int replay_with(const std::filesystem::path& journal, const std::string& file, Environment environment,
                std::ostream& out, std::ostream& err) {
  const auto other = load_config(file, environment, rule_registry());
  if (!other) {
    for (const Problem& problem : other.error()) fmt::print(err, "{}\n", problem.text());
    fmt::print(err, "risk-manager: nothing was replayed: correct the {} in {} first\n",
               counted(other.error().size(), "problem"), printable(file, 300));
    return kInvalidConfig;
  }
  const auto result = what_if(journal, *other);
  if (!result) return refuse(err, result.error());
  fmt::print(out, "{} of the daemon, {} from {} to {}\n", counted(result->runs, "run"),
             counted(result->events, "event"), shown(result->begin), shown(result->end));
  say_not_guarded(*result, file, out);
  say_differences(*result, out);
  say_days(*result, out);
  fmt::print(out, "{} the same, {} fall away, {} new, {} earlier or later, {} changed\n", result->same.size(),
             result->fallen_away.size(), result->added.size(), result->moved.size(), result->changed.size());
  fmt::print(out,
             "The fills are the recorded ones: what would have been closed, or kept, by other decisions is not "
             "simulated.\n");
  out.flush();
  return kOk;
}

// Behind what it is about; a replay that fails has said why.
void say_vouching(const Vouching& vouching, std::ostream& out, std::ostream& err) {
  for (const std::string& note : vouching.notes) fmt::print(out, "note: {}\n", note);
  out.flush();
  if (!vouching.doubt.empty()) fmt::print(err, "risk-manager: {}\n", vouching.doubt);
}

}  // namespace

int replay_command(const std::filesystem::path& journal, const std::string& config_file, Environment environment,
                   std::ostream& out, std::ostream& err) {
  const auto dir = journal.empty() ? default_data_dir() : journal;
  const auto vouching = vouching_for(dir, "shows nothing");
  if (!vouching) return refuse(err, vouching.error());
  const auto files = place_of(dir).journal;
  const int code =
      config_file.empty() ? replay_again(files, out, err) : replay_with(files, config_file, environment, out, err);
  if (code == kOk) say_vouching(*vouching, out, err);
  return code;
}

}  // namespace rm
