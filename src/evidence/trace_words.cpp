#include "evidence/trace_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "control/rule_line.h"

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

// ── for a person ──

// "-906.49 of -1000.00  (90 %, 93.51 left)".
std::string how_far(const RuleStand& rule, std::string_view gap) {
  if (!rule.words.empty()) return rule.words;
  const std::string rounded = in_cents(rule.value);
  const bool seems_at_limit = rounded == rule.limit;
  return fmt::format("{} of {}{}({} %{}{})", seems_at_limit ? rule.value : rounded, rule.limit, gap,
                     rule.used_percent, rule.margin.empty() ? "" : ", ",
                     seems_at_limit ? rule.margin : in_cents(rule.margin));
}

void append_rule(std::string& out, const RuleStand& rule) {
  fmt::format_to(std::back_inserter(out), "  rule      {:<28} {}", rule.rule, how_far(rule, "  "));
  if (!rule.broken.empty()) out += "  BROKEN: " + rule.broken;
  out += '\n';
}

void append_account(std::string& out, const AccountStand& a) {
  fmt::format_to(std::back_inserter(out),
                 "account {}  {}, may trade: {}\n  result    net {} (realised {}, costs {}, open {})\n",
                 a.account.value(), a.sync, a.can_trade, in_cents(a.net), in_cents(a.realised), in_cents(a.costs),
                 in_cents(a.open));
  const auto lines = [&](const char* what, const std::vector<std::string>& sentences) {
    for (const std::string& sentence : sentences)
      fmt::format_to(std::back_inserter(out), "  {:<9} {}\n", what, sentence);
  };
  lines("position", a.positions);
  lines("order", a.orders);
  for (const RuleStand& rule : a.rules) append_rule(out, rule);
  lines("lock", a.locks);
}

void append_moment(std::string& out, const Moment& moment) {
  fmt::format_to(std::back_inserter(out), "{}  event {} (record {}, run {}): {}\n", format_timestamp(moment.at),
                 moment.event, moment.record, moment.run, moment.text);
  for (const AccountStand& account : moment.accounts) append_account(out, account);
}

std::string after(BrokerTime at, BrokerTime since) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(at - since).count();
  return fmt::format("{}{}.{:03} ms", us < 0 ? "-" : "+", std::abs(us) / 1000, std::abs(us) % 1000);
}

void append_enforced(std::string& out, const Enforced& e) {
  fmt::format_to(std::back_inserter(out), "enforcement {} of account {}, {}\n", e.id.value(), e.account.value(),
                 e.verified_at ? "verified at the broker" : "NOT verified as far as the journal goes");
  for (const RecordWords& record : e.records) {
    fmt::format_to(std::back_inserter(out), "  {:>16}  {}\n", record.at ? after(*record.at, e.at) : "", record.text);
  }
}

void append_notes(std::string& out, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) out += "note: " + note + "\n";
}

const RuleStand* nearest(const AccountStand& account) {
  const auto found = std::ranges::max_element(account.rules, {}, &RuleStand::used_percent);
  return found == account.rules.end() ? nullptr : &*found;
}

bool under_way(const Enforced& e, BrokerTime at) {
  return !e.verified_at || *e.verified_at > at;
}

// Why something was closed is what the latest decision says; why it was not, is how far each rule was from its limit.
std::string stand_text(const AccountStand& account, const Why& why) {
  const bool acted = why.enforced && why.enforced->account == account.account;
  if (!account.locks.empty()) return "it is locked: " + account.locks.front();
  if (acted && under_way(*why.enforced, why.moment.at))
    return fmt::format("enforcement {} is under way", why.enforced->id.value());
  if (account.rules.empty()) return "nothing is closed: no rule is enabled for it";
  if (account.positions.empty() && account.orders.empty()) return "nothing is open, and nothing to close";
  const RuleStand* rule = nearest(account);
  return fmt::format("nothing is closed: no rule finds anything broken that is new. Nearest to its limit is {}, {}",
                     rule->rule, how_far(*rule, " "));
}

std::string verdict(const AccountStand& account, const Why& why) {
  const std::string name = fmt::format("account {}: ", account.account.value());
  std::string text = name + stand_text(account, why) + "\n";
  const auto tell = [&](std::string_view which, const std::optional<Enforced>& e) {
    if (!e || e->account != account.account || e->records.empty()) return;
    text += fmt::format("{}{}, at {}, enforcement {}: {}\n", name, which, format_timestamp(e->at), e->id.value(),
                        e->records.front().text);
  };
  tell("the latest decision", why.enforced);
  tell("the latest one with something to close or cancel", why.acted);
  return text;
}

// ── as JSON ──

Json json(const AccountStand& a) {
  Json rules = Json::array();
  for (const RuleStand& rule : a.rules) {
    Json row{{"rule", rule.rule},
             {"limit", rule.limit},
             {"value", rule.value},
             {"used_percent", rule.used_percent},
             {"margin", rule.margin.empty() ? Json(nullptr) : Json(rule.margin)},
             {"words", rule.words.empty() ? Json(nullptr) : Json(rule.words)}};
    row["broken"] = rule.broken.empty() ? Json(nullptr) : Json(rule.broken);
    rules.push_back(std::move(row));
  }
  return {{"account", a.account.value()},
          {"sync", a.sync},
          {"can_trade", a.can_trade},
          {"net", a.net},
          {"realised", a.realised},
          {"costs", a.costs},
          {"open", a.open},
          {"positions", a.positions},
          {"orders", a.orders},
          {"locks", a.locks},
          {"rules", rules}};
}

Json json(const Moment& moment) {
  Json accounts = Json::array();
  for (const AccountStand& account : moment.accounts) accounts.push_back(json(account));
  return {{"at", format_timestamp(moment.at)},
          {"run", moment.run},
          {"record", moment.record},
          {"event", moment.event},
          {"words", moment.text},
          {"accounts", accounts},
          {"decided", moment.decided}};
}

Json json(const Enforced& e) {
  Json records = Json::array();
  for (const RecordWords& record : e.records) records.push_back(Json::parse(record.json, nullptr, false));
  return {{"enforcement", e.id.value()},
          {"account", e.account.value()},
          {"at", format_timestamp(e.at)},
          {"verified_at", e.verified_at ? Json(format_timestamp(*e.verified_at)) : Json(nullptr)},
          {"records", records}};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string text_of(const Trace& trace) {
  std::string out;
  append_notes(out, trace.notes);
  append_moment(out, trace.moment);
  if (trace.enforced.empty())
    out += trace.moment.decided.empty() ? "nothing was decided on it\n"
                                        : "decided on it, but not recorded: the program was ended then\n";
  for (const Enforced& e : trace.enforced) append_enforced(out, e);
  return out;
}

std::string text_of(const Why& why) {
  std::string out;
  append_notes(out, why.notes);
  for (const AccountStand& account : why.moment.accounts) out += verdict(account, why);
  out += why.asked ? fmt::format("\nat {}, behind\n", format_timestamp(*why.asked))
                   : "\nat the end of the journal, behind\n";
  append_moment(out, why.moment);
  if (!why.enforced) return out += "\nuntil then nothing was decided\n";
  out += "\nthe latest decision until then, behind\n";
  if (why.at_decision) append_moment(out, *why.at_decision);
  append_enforced(out, *why.enforced);
  if (!why.acted) return out;
  out += "\nthe latest one until then with something to close or cancel, behind\n";
  if (why.at_acted) append_moment(out, *why.at_acted);
  append_enforced(out, *why.acted);
  return out;
}

std::string json_of(const Trace& trace) {
  Json enforced = Json::array();
  for (const Enforced& e : trace.enforced) enforced.push_back(json(e));
  return dump({{"moment", json(trace.moment)},
               {"enforcements", enforced},
               {"notes", trace.notes},
               {"doubt", text_or_null(trace.doubt)}});
}

std::string json_of(const Why& why) {
  return dump({{"asked", why.asked ? Json(format_timestamp(*why.asked)) : Json(nullptr)},
               {"moment", json(why.moment)},
               {"latest_enforcement", why.enforced ? json(*why.enforced) : Json(nullptr)},
               {"moment_of_decision", why.at_decision ? json(*why.at_decision) : Json(nullptr)},
               {"latest_acting_enforcement", why.acted ? json(*why.acted) : Json(nullptr)},
               {"moment_of_acting_decision", why.at_acted ? json(*why.at_acted) : Json(nullptr)},
               {"notes", why.notes},
               {"doubt", text_or_null(why.doubt)}});
}

}  // namespace rm
