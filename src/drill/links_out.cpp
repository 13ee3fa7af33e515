// R6 to R11: from what the rule finds to the request that reaches the gateway.

#include <fmt/format.h>

#include "domain/time.h"
#include "drill/trace.h"

namespace rm::drill {
namespace {

using Action = Breach::Action;

// The decision has to hold what the rule promises, whatever else is in it.
bool promised(const Expected& expected, const std::string& goal) {
  if (goal.starts_with("flatten")) return true;
  if (goal.starts_with("nothing")) return false;
  const bool closes = goal.find("close ") != std::string::npos;
  if (expected.action == Action::Cancel)
    return closes || goal.find("cancel order " + expected.order) != std::string::npos;
  return closes || goal.find("reduce ") != std::string::npos;
}

std::string scope_words(const Breach::SetsLock& lock) {
  return fmt::format("{} lock of the {}", lock.kind == LockKind::Hard ? "hard" : "entry",
                     lock.of_symbol ? "symbol" : "account");
}

std::string lock_words(const Fields& row) {
  const std::string& symbol = text(row, "symbol");
  const std::string until = text(row, "until_ns").empty()
                                ? "the broker allows trading"
                                : format_timestamp(BrokerTime::from_nanos(number(row, "until_ns")));
  return fmt::format("{} of {} until {}", text(row, "kind"), symbol.empty() ? "the account" : symbol, until);
}

std::string answer_words(const Trace& trace) {
  return trace.answer == nullptr ? "it was never answered" : text(*trace.answer, "message");
}

std::string where_answered(const Trace& trace) {
  return trace.answer == nullptr ? "log" : trace.log_line(trace.answer);
}

std::string of_gateway(const Fields* call) {
  return fmt::format("paper gateway, request {}", text(*call, "seq"));
}

}  // namespace

Evidence rule(const Trace& trace) {
  const Expected& expected = trace.expected;
  if (trace.found != nullptr)
    return proven(trace, text(*trace.found, "message") + (trace.moves_a_stop() ? "" : " (" + expected.reason + ")"),
                  trace.log_line(trace.found), trace.record.at(*trace.found));
  if (trace.moves_a_stop()) return missing("no line 'tightening' of the rule: it drew no stop nearer", "log");
  const Fields* other = first(trace.record.log, [&](const Fields& line) {
    return text(line, "event") == "violation" && text(line, "rule") == expected.rule;
  });
  return missing(fmt::format("no line 'violation' of the rule with {}{}", expected.reason,
                             other == nullptr ? "" : ", but with " + text(*other, "violation")),
                 "log");
}

Evidence decision(const Trace& trace) {
  if (trace.found == nullptr) return missing("nothing was found that could be decided on");
  if (trace.moves_a_stop())
    return proven(trace, fmt::format("what must become true: the stop at {}", text(*trace.found, "stop_price")),
                  trace.log_line(trace.found), trace.record.at(*trace.found));
  if (trace.decision == nullptr)
    return missing(fmt::format("no line 'decision' of enforcement {}", trace.enforcement), "log");
  const std::string& goal = text(*trace.decision, "message");
  if (!promised(trace.expected, goal))
    return missing(fmt::format("the rule promises '{}', the decision is '{}'", name_of(trace.expected.action), goal),
                   trace.log_line(trace.decision));
  const Fields* lock = trace.lock_row();
  if (trace.expected.lock && lock == nullptr)
    return missing(fmt::format("no {} by this rule", scope_words(*trace.expected.lock)), "table locks");
  return proven(trace,
                fmt::format("enforcement {}: {}{}", trace.enforcement, goal,
                            lock == nullptr ? "" : "; lock: " + lock_words(*lock)),
                trace.log_line(trace.decision) + (lock == nullptr ? "" : ", table locks"),
                trace.record.at(*trace.decision));
}

Evidence executor(const Trace& trace) {
  if (trace.found == nullptr) return missing("there was nothing to take over");
  const auto endpoint = endpoint_of(trace.expected.action);
  if (trace.request == nullptr && trace.moves_a_stop())
    return missing(fmt::format("no request '{}' followed", endpoint), "log");
  if (trace.request == nullptr)
    return missing(
        fmt::format("no request '{}' carries enforcement {}{}", endpoint, trace.enforcement,
                    trace.verified == nullptr ? ": the executor drives nothing" : ", yet it was called verified"),
        "log");
  const std::string took =
      fmt::format("took it over: request {}, {}", text(*trace.request, "request"), text(*trace.request, "message"));
  if (trace.moves_a_stop())
    return proven(trace, took, trace.log_line(trace.request), trace.record.at(*trace.request));
  if (trace.enforcement_row() == nullptr)
    return missing(fmt::format("enforcement {} is not persisted", trace.enforcement), "table enforcements");
  return proven(trace, took + fmt::format("; enforcement {} is persisted", trace.enforcement),
                trace.log_line(trace.request) + ", table enforcements", trace.record.at(*trace.request));
}

Evidence suite_manager(const Trace& trace) {
  if (trace.request == nullptr) return missing("nothing was asked for");
  const bool no_suite = answer_words(trace).find("no trading suite") != std::string::npos;
  if (no_suite || (trace.answer == nullptr && trace.call == nullptr))
    return missing(answer_words(trace), where_answered(trace));
  return proven(
      trace, fmt::format("the session of account {} took request {}", trace.account, text(*trace.request, "request")),
      trace.log_line(trace.answer == nullptr ? trace.request : trace.answer));
}

Evidence trading_suite(const Trace& trace) {
  if (!suite_manager(trace).proven) return missing("no suite was reached");
  if (trace.call != nullptr)
    return proven(trace, fmt::format("{} {}", text(*trace.call, "path"), text(*trace.call, "body")),
                  of_gateway(trace.call));
  if (trace.answer != nullptr && text(*trace.answer, "outcome") != "accepted")
    return proven(trace, "it was made and not sent: " + answer_words(trace), trace.log_line(trace.answer));
  return missing(fmt::format("the log says '{}', the gateway was asked for no '{}'", answer_words(trace),
                             endpoint_of(trace.expected.action)),
                 where_answered(trace) + ", paper gateway, /paper/requests");
}

Evidence sent_request(const Trace& trace) {
  if (trace.call == nullptr)
    return missing(
        fmt::format("no request '{}' of account {} reached the gateway{}", endpoint_of(trace.expected.action),
                    trace.account, trace.request == nullptr ? "" : "; " + answer_words(trace)),
        "paper gateway, /paper/requests");
  const std::int64_t took_us = (number(*trace.call, "answeredNs") - number(*trace.call, "monotonicNs")) / 1000;
  return proven(trace, fmt::format("HTTP {} after {} us", text(*trace.call, "status"), took_us),
                of_gateway(trace.call), number(*trace.call, "monotonicNs"));
}

}  // namespace rm::drill
