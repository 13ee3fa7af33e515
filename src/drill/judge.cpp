#include "drill/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "drill/trace.h"

namespace rm::drill {
namespace {

// A log line that a person wants to read here; empty: not told.
std::string story_of(const Fields& line) {
  static const std::set<std::string, std::less<>> kTold{"violation",  "decision",   "lock",
                                                        "tightening", "escalation", "lock_ended"};
  const std::string& event = text(line, "event");
  const bool acting = (event == "request" || event == "answer") && acts(text(line, "endpoint"));
  if (kTold.contains(event) || acting) return event + ": " + text(line, "message");
  const bool report = event == "event" && (text(line, "kind") == "trade" || text(line, "kind") == "position");
  return report || text(line, "checkpoint") == "enforcement_verified" ? text(line, "message") : std::string{};
}

std::vector<StoryLine> story(const Trace& trace) {
  const std::int64_t from = std::min(trace.expected.step_ns, trace.zero_ns);
  std::vector<StoryLine> lines{{trace.expected.step_ns - trace.zero_ns, "drill", trace.expected.last_step}};
  for (const Fields& line : trace.record.log) {
    if (trace.record.at(line) < from || (line.contains("account") && !trace.of_account(line))) continue;
    if (std::string told = story_of(line); !told.empty())
      lines.push_back({trace.record.at(line) - trace.zero_ns, "risk manager", std::move(told)});
  }
  for (const Fields& call : trace.record.calls) {
    const std::string& path = text(call, "path");
    if (number(call, "monotonicNs") >= from && acts(path.substr(path.rfind('/') + 1)))
      lines.push_back({number(call, "monotonicNs") - trace.zero_ns, "paper gateway",
                       fmt::format("is asked {} {}", path, text(call, "body"))});
  }
  std::ranges::stable_sort(lines, {}, &StoryLine::at_ns);
  return lines;
}

void find_other_rules(const Trace& trace, Judgement& out) {
  std::set<std::string> together, earlier;
  for (const Fields& line : trace.record.log) {
    const std::string& rule = text(line, "rule");
    if (text(line, "event") != "violation" || !trace.of_account(line) || rule == trace.expected.rule) continue;
    if (trace.found != nullptr && text(line, "enforcement") == trace.enforcement) {
      together.insert(rule);
    } else if (trace.found == nullptr || &line < trace.found) {
      earlier.insert(rule);
    }
  }
  out.together.assign(together.begin(), together.end());
  out.earlier.assign(earlier.begin(), earlier.end());
}

}  // namespace

const std::array<LinkName, kLinks>& link_names() {
  static const std::array<LinkName, kLinks> names{
      {{"R1", "gateway event", "the gateway tells what happened"},
       {"R2", "event bridge", "the message is received, checked and converted"},
       {"R3", "risk event", "a typed event exists, exact to the last digit"},
       {"R4", "event bus", "every subscriber has it, in order"},
       {"R5", "risk engine", "the rule is asked"},
       {"R6", "rule", "the rule finds what is broken"},
       {"R7", "decision", "what must become true at the broker, which lock, and why"},
       {"R8", "executor", "the decision is taken over, persisted and driven"},
       {"R9", "suite manager", "the session that serves this account is found"},
       {"R10", "trading suite", "the request is exactly what was meant"},
       {"R11", "request", "it reaches the gateway over HTTP"},
       {"R12", "broker", "it is so in the account"},
       {"R13", "verification", "the broker's own answers show it"},
       {"R14", "record", "log line, database row, metric and notification name the rule"}}};
  return names;
}

bool Judgement::proven() const {
  return !first_missing();
}

std::optional<std::size_t> Judgement::first_missing() const {
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (!links[i].proven) return i;
  }
  return std::nullopt;
}

Judgement judge(const Record& record, const Expected& expected) {
  constexpr std::array<Evidence (*)(const Trace&), kLinks> kJudges{
      gateway_event, event_bridge,  risk_event,    event_bus,    risk_engine,  rule,         decision,
      executor,      suite_manager, trading_suite, sent_request, broker_state, verification, written_record};
  const Trace trace{record, expected};
  Judgement out;
  for (std::size_t i = 0; i < kLinks; ++i) out.links[i] = kJudges[i](trace);
  find_other_rules(trace, out);
  out.story = story(trace);
  if (trace.found != nullptr) out.sentence = text(*trace.found, "message");
  return out;
}

}  // namespace rm::drill
