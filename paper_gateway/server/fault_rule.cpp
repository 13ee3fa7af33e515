// Faults as a person writes them.
#include <algorithm>
#include <array>

#include "paper_gateway/exchange/decimal.h"
#include "paper_gateway/server/fault.h"
#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

enum Target : unsigned { request = 1, event = 2, method = 4 };

struct ActionEntry {
  std::string_view name;
  FaultAction action;
  unsigned targets;
  std::string_view members;  // besides those of every action
};

constexpr std::string_view common_members = "path action count probability seconds until_reconnect";
constexpr std::array actions{
    ActionEntry{"delay", FaultAction::delay, request | event, "ms max_ms"},
    ActionEntry{"delay_response", FaultAction::delay_response, request, "ms max_ms"},
    ActionEntry{"drop", FaultAction::drop, request | event | method, ""},
    ActionEntry{"drop_response", FaultAction::drop_response, request, ""},
    ActionEntry{"status", FaultAction::status, request, "status body retry_after"},
    ActionEntry{"status_after", FaultAction::status_after, request, "status body retry_after"},
    ActionEntry{"refusal", FaultAction::refusal, request | method, "code message"},
    ActionEntry{"duplicate", FaultAction::duplicate, event, "copies"},
    ActionEntry{"reorder", FaultAction::reorder, event, "ms"},
    ActionEntry{"close", FaultAction::close, method, ""}};

constexpr std::array<std::string_view, 8> events{"GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition",
                                                 "GatewayUserTrade",   "GatewayQuote",     "GatewayTrade",
                                                 "GatewayDepth",       "GatewayLogout"};
constexpr std::array<std::string_view, 14> methods{"SubscribeAccounts",
                                                   "SubscribeOrders",
                                                   "SubscribePositions",
                                                   "SubscribeTrades",
                                                   "UnsubscribeAccounts",
                                                   "UnsubscribeOrders",
                                                   "UnsubscribePositions",
                                                   "UnsubscribeTrades",
                                                   "SubscribeContractQuotes",
                                                   "SubscribeContractTrades",
                                                   "SubscribeContractMarketDepth",
                                                   "UnsubscribeContractQuotes",
                                                   "UnsubscribeContractTrades",
                                                   "UnsubscribeContractMarketDepth"};

bool begins(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return equal_ignoring_case(pattern, name);
  return equal_ignoring_case(pattern.substr(0, pattern.size() - 1), name.substr(0, pattern.size() - 1));
}

// What a path can name; 0: nothing there is.
unsigned target_of(std::string_view path) {
  constexpr std::array<std::string_view, 4> hub_paths{"/hubs/user", "/hubs/market", "/hubs/user/negotiate",
                                                      "/hubs/market/negotiate"};
  const auto named = [&](std::string_view name) { return begins(path, name); };
  if (path == "*" || std::ranges::any_of(hub_paths, named) || std::ranges::any_of(endpoint_paths(), named)) {
    return request;
  }
  if (path == "hub:user" || path == "hub:market") return event;
  if (std::ranges::any_of(events, named)) return event;
  return std::ranges::any_of(methods, named) ? method : 0U;
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(' ', at), words.size());
    if (equal_ignoring_case(words.substr(at, end - at), word)) return true;
    at = end + 1;
  }
  return false;
}

std::string quoted(std::string_view word) {
  return "'" + std::string{word} + "'";
}

// Reads members of one fault; the first thing that is wrong is kept as a sentence.
class Reader {
 public:
  explicit Reader(const Json& json) : json_{json} {}

  void wrong(std::string sentence) {
    if (problem.empty()) problem = std::move(sentence);
  }
  const Json* find(std::string_view name) const {
    const auto* member = json_.find(name);
    return member == nullptr || member->is_null() ? nullptr : member;
  }
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most,
                                      std::string_view remark = {}) {
    const auto* member = find(name);
    if (member == nullptr) return std::nullopt;
    const auto value = member->as_integer();
    if (value && *value >= least && *value <= most) return value;
    wrong(std::string{name} + " is " + member->dump() + ", must be " + std::to_string(least) + std::string{remark} +
          " to " + std::to_string(most));
    return std::nullopt;
  }
  // In nanos, 0 < value <= most.
  std::optional<std::int64_t> fraction(std::string_view name, std::int64_t most) {
    const auto* member = find(name);
    if (member == nullptr) return std::nullopt;
    const auto value = member->is_number() ? Decimal::parse(member->number_text()) : std::unexpected{std::string{}};
    if (value && *value > Decimal{} && *value <= Decimal::from_units(most)) return value->nanos();
    wrong(std::string{name} + " is " + member->dump() + ", must be above 0 and at most " + std::to_string(most));
    return std::nullopt;
  }
  std::optional<std::string> text(std::string_view name) {
    const auto* member = find(name);
    if (member == nullptr) return std::nullopt;
    if (member->is_string()) return member->as_string();
    wrong(std::string{name} + " is " + member->dump() + ", must be a text");
    return std::nullopt;
  }
  void refuse_others(const ActionEntry& action) {
    for (const auto& [name, value] : json_.members()) {
      if (has_word(common_members, name) || has_word(action.members, name)) continue;
      wrong(quoted(name) + " means nothing to " + std::string{action.name} + "; it takes " +
            std::string{common_members} + (action.members.empty() ? "" : " ") + std::string{action.members});
    }
  }
  std::string problem;

 private:
  const Json& json_;
};

const ActionEntry* action_of(Reader& reader) {
  const auto word = reader.text("action");
  const auto found = std::ranges::find_if(actions, [&](const auto& a) { return word && a.name == *word; });
  if (found != actions.end()) return &*found;
  std::string allowed;
  for (const auto& entry : actions) allowed.append(allowed.empty() ? "" : ", ").append(entry.name);
  reader.wrong((word ? "action is " + quoted(*word) : std::string{"action is missing"}) + ", must be one of " +
               allowed);
  return nullptr;
}

std::string path_of(Reader& reader, const ActionEntry& action) {
  const auto path = reader.text("path").value_or("");
  const auto target = target_of(path);
  if (target == 0) {
    reader.wrong((path.empty() ? std::string{"path is missing"} : "path is " + quoted(path)) +
                 ", must be a path such as /api/Order/place, *, a hub event such as GatewayUserTrade, hub:user, "
                 "hub:market, or a hub method such as SubscribeOrders");
  } else if ((target & action.targets) == 0) {
    reader.wrong("action " + std::string{action.name} + " is not for " +
                 (target == request ? "requests"
                  : target == event ? "hub events"
                                    : "hub methods") +
                 " such as " + quoted(path));
  }
  return path;
}

void read_verdict(Reader& reader, const ActionEntry& action, FaultRule& rule) {
  constexpr std::int64_t longest_ms = 3'600'000;
  auto& verdict = rule.verdict;
  verdict.action = action.action;
  verdict.delay_ms = reader.integer("ms", 0, longest_ms).value_or(action.action == FaultAction::reorder ? 1'000 : 0);
  rule.max_delay_ms = reader.integer("max_ms", verdict.delay_ms, longest_ms).value_or(0);
  verdict.status = static_cast<int>(reader.integer("status", 200, 599).value_or(500));
  if (const auto seconds = reader.integer("retry_after", 0, 86'400)) {
    verdict.retry_after_s = static_cast<int>(*seconds);
  }
  verdict.copies = static_cast<int>(reader.integer("copies", 1, 100).value_or(2));
  verdict.code = static_cast<int>(reader.integer("code", 1, 1'000'000).value_or(2));
  verdict.message = reader.text("message");
  if (const auto* body = reader.find("body")) verdict.body = body->is_string() ? body->as_string() : body->dump();
}

void read_conditions(Reader& reader, FaultRule& rule) {
  const auto seconds = reader.fraction("seconds", 86'400);
  if (seconds) rule.for_ms = *seconds / 1'000'000;
  rule.left = reader.integer("count", 0, 1'000'000, " (until cleared)").value_or(seconds ? 0 : 1);
  if (rule.left == 0) rule.left = -1;
  if (const auto share = reader.fraction("probability", 1)) rule.chance = *share / 1'000;
  if (const auto* until = reader.find("until_reconnect")) {
    if (!until->is_bool()) reader.wrong("until_reconnect is " + until->dump() + ", must be true or false");
    rule.until_reconnect = until->is_bool() && until->as_bool();
  }
  if (rule.until_reconnect && (target_of(rule.path) & request) != 0) {
    reader.wrong("until_reconnect is for events and methods of a hub, not for requests");
  }
}

}  // namespace

std::expected<FaultRule, std::string> fault_rule_from(const Json& json) {
  Reader reader{json};
  FaultRule rule;
  if (!json.is_object()) return std::unexpected{std::string{"a fault is an object with path and action"}};
  if (const auto* action = action_of(reader)) {
    rule.path = path_of(reader, *action);
    reader.refuse_others(*action);
    read_verdict(reader, *action, rule);
    read_conditions(reader, rule);
  }
  if (!reader.problem.empty()) return std::unexpected{reader.problem};
  return rule;
}

Json to_json(const FaultRule& rule) {
  const auto named = std::ranges::find_if(actions, [&](const auto& a) { return a.action == rule.verdict.action; });
  auto json = Json::object()
                  .add("path", Json::string(rule.path))
                  .add("action", Json::string(named == actions.end() ? "pass" : named->name))
                  .add("ms", Json::integer(rule.verdict.delay_ms))
                  .add("status", Json::integer(rule.verdict.status))
                  .add("count", Json::integer(rule.left < 0 ? 0 : rule.left));
  if (rule.max_delay_ms > 0) json.add("max_ms", Json::integer(rule.max_delay_ms));
  if (rule.chance < 1'000'000) {
    json.add("probability", Json::number(Decimal::from_nanos(rule.chance * 1'000).text()));
  }
  if (rule.for_ms) json.add("seconds", Json::number(Decimal::from_nanos(*rule.for_ms * 1'000'000).text()));
  if (rule.until_reconnect) json.add("until_reconnect", Json::boolean(true));
  return json;
}

}  // namespace paper
