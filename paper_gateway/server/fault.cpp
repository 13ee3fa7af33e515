#include "paper_gateway/server/fault.h"

#include <algorithm>
#include <array>

namespace paper {
namespace {

constexpr std::array<std::pair<std::string_view, FaultAction>, 5> names{
    {{"delay", FaultAction::delay},
     {"delay_response", FaultAction::delay_response},
     {"drop", FaultAction::drop},
     {"drop_response", FaultAction::drop_response},
     {"status", FaultAction::status}}};

std::unexpected<std::string> wrong(std::string_view what) {
  return std::unexpected(std::string{what});
}

}  // namespace

template <class Fits>
FaultVerdict FaultPlan::take(Fits fits) {
  const auto found = std::ranges::find_if(rules_, fits);
  if (found == rules_.end()) return {};
  const auto verdict = found->verdict;
  if (found->left > 0 && --found->left == 0) rules_.erase(found);
  return verdict;
}

FaultVerdict FaultPlan::on_request(std::string_view path) {
  return take([&](const FaultRule& rule) {
    return equal_ignoring_case(rule.path, path) || (rule.path == "*" && path.starts_with("/api/"));
  });
}

FaultVerdict FaultPlan::on_event(std::string_view target) {
  return take([&](const FaultRule& rule) {
    return rule.path == target &&
           (rule.verdict.action == FaultAction::delay || rule.verdict.action == FaultAction::drop);
  });
}

std::expected<FaultRule, std::string> fault_rule_from(const Json& request) {
  const auto* path = request.find("path");
  const auto* action = request.find("action");
  if (path == nullptr || !path->is_string())
    return wrong("path is missing: a REST path, \"*\" or a hub event's name");
  if (action == nullptr || !action->is_string()) return wrong("action is missing");
  const auto named = std::ranges::find_if(names, [&](const auto& n) { return n.first == action->as_string(); });
  if (named == names.end()) return wrong("action must be delay, delay_response, drop, drop_response or status");
  FaultRule rule{path->as_string(), {}, 1};
  rule.verdict.action = named->second;
  const auto read = [&](std::string_view name, std::int64_t& into, std::int64_t least, std::int64_t most) {
    const auto* member = request.find(name);
    if (member == nullptr || member->is_null()) return true;
    const auto value = member->as_integer();
    if (!value || *value < least || *value > most) return false;
    into = *value;
    return true;
  };
  std::int64_t status = 500;
  if (!read("ms", rule.verdict.delay_ms, 0, 3'600'000)) return wrong("ms must be 0 to 3600000");
  if (!read("status", status, 200, 599)) return wrong("status must be 200 to 599");
  if (!read("count", rule.left, 0, 1'000'000)) return wrong("count must be 0 (until cleared) to 1000000");
  if (rule.left == 0) rule.left = -1;
  rule.verdict.status = static_cast<int>(status);
  if (const auto* body = request.find("body"); body != nullptr && !body->is_null()) {
    rule.verdict.body = body->is_string() ? body->as_string() : body->dump();
  }
  return rule;
}

Json to_json(const FaultRule& rule) {
  const auto named = std::ranges::find_if(names, [&](const auto& n) { return n.second == rule.verdict.action; });
  return Json::object()
      .add("path", Json::string(rule.path))
      .add("action", Json::string(named == names.end() ? "pass" : named->first))
      .add("ms", Json::integer(rule.verdict.delay_ms))
      .add("status", Json::integer(rule.verdict.status))
      .add("count", Json::integer(rule.left < 0 ? 0 : rule.left));
}

}  // namespace paper
