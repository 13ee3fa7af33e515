#include "paper_gateway/server/fault.h"

#include <algorithm>

namespace paper {
namespace {

// Same beginning where the pattern ends with a star, else the same name.
bool fits_name(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return equal_ignoring_case(pattern, name);
  pattern.remove_suffix(1);
  return name.size() >= pattern.size() && equal_ignoring_case(pattern, name.substr(0, pattern.size()));
}

bool alive(const FaultRule& rule, std::int64_t now_ns) {
  return !rule.for_ms || now_ns < rule.added_ns + *rule.for_ms * 1'000'000;
}

bool was_there(const FaultRule& rule, const HubPlace& place) {
  return !rule.until_reconnect || place.connected_ns <= rule.added_ns;
}

}  // namespace

Random FaultPlan::next_random() {
  constexpr std::uint64_t odd = 0xD1B54A32D192ED03ULL;  // keeps the streams of neighbouring seeds apart
  return Random{seed_ ^ (++drawn_ * odd)};
}

void FaultPlan::add(FaultRule rule, std::int64_t now_ns) {
  rule.added_ns = now_ns;
  rule.random = next_random();
  rules_.push_back(std::move(rule));
}

template <class Fits>
FaultVerdict FaultPlan::take(std::int64_t now_ns, Fits fits) {
  std::erase_if(rules_, [&](const FaultRule& rule) { return !alive(rule, now_ns); });
  // A draw that says no leaves the event to the next rule.
  constexpr std::int64_t certain = 1'000'000;
  const auto found = std::ranges::find_if(rules_, [&](FaultRule& rule) {
    return fits(rule) && (rule.chance >= certain || rule.random.chance(rule.chance));
  });
  if (found == rules_.end()) return {};
  auto verdict = found->verdict;
  if (found->max_delay_ms > verdict.delay_ms) {
    verdict.delay_ms += found->random.below(found->max_delay_ms - verdict.delay_ms + 1);
  }
  if (found->left > 0 && --found->left == 0) rules_.erase(found);
  return verdict;
}

FaultVerdict FaultPlan::on_request(std::string_view path, std::int64_t now_ns) {
  return take(now_ns, [&](const FaultRule& rule) {
    return rule.path == "*" ? path.starts_with("/api/") : fits_name(rule.path, path);
  });
}

FaultVerdict FaultPlan::on_event(std::string_view target, HubPlace place, std::int64_t now_ns) {
  if (rules_.empty()) return {};
  // A logout is part of ending a connection, not of its data.
  const auto whole_hub = target == "GatewayLogout" ? std::string{} : "hub:" + std::string{place.hub};
  return take(now_ns, [&](const FaultRule& rule) {
    return was_there(rule, place) && rule.path != "*" && (fits_name(rule.path, target) || rule.path == whole_hub);
  });
}

FaultVerdict FaultPlan::on_method(std::string_view target, HubPlace place, std::int64_t now_ns) {
  return take(now_ns, [&](const FaultRule& rule) {
    return was_there(rule, place) && rule.path != "*" && fits_name(rule.path, target);
  });
}

}  // namespace paper
