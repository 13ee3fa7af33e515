// R14: log line, database row, metric and notification are all there, and name the rule.

#include <fmt/format.h>

#include "drill/trace.h"

namespace rm::drill {
namespace {

class Needs {
 public:
  void need(bool there, std::string what) {
    if (!there) missing_.push_back(std::move(what));
  }
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

 private:
  std::vector<std::string> missing_;
};

std::int64_t metric(const Record& record, const std::string& name) {
  const auto found = record.metrics.find(name);
  return found == record.metrics.end() ? 0 : found->second;
}

bool noted(const Trace& trace, const Rows& rows, std::string_view kind, bool names_rule) {
  return first(rows, [&](const Fields& row) {
           return text(row, "kind") == kind && text(row, "enforcement") == trace.enforcement &&
                  (!names_rule || text(row, "rule") == trace.expected.rule);
         }) != nullptr;
}

void need_request(const Trace& trace, Needs& needs) {
  const Fields* row = trace.request == nullptr ? nullptr : first(trace.record.requests, [&](const Fields& each) {
    return text(each, "id") == text(*trace.request, "request");
  });
  needs.need(row != nullptr && !text(*row, "outcome").empty(), "the request and its answer in table requests");
}

void need_rows(const Trace& trace, Needs& needs) {
  const std::string& rule = trace.expected.rule;
  const Fields* violation = first(trace.record.violations, [&](const Fields& row) {
    return text(row, "enforcement") == trace.enforcement && text(row, "rule") == rule;
  });
  needs.need(violation != nullptr, "a row of the rule in table violations");
  const Fields* row = trace.enforcement_row();
  needs.need(row != nullptr && text(*row, "rules").find('"' + rule + '"') != std::string::npos,
             "a row of the enforcement that names the rule in table enforcements");
  needs.need(row != nullptr && text(*row, "state") == "verified" && !text(*row, "receipt").empty(),
             "the receipt in table enforcements");
  need_request(trace, needs);
}

void need_lock(const Trace& trace, Needs& needs) {
  needs.need(trace.lock_row() != nullptr, "a row in table locks");
  needs.need(noted(trace, trace.record.notifications, "lock_set", true), "a notification of the lock");
  const Fields* line = first(trace.record.log, [&](const Fields& each) {
    return text(each, "event") == "lock" && text(each, "rule") == trace.expected.rule && trace.of_account(each);
  });
  needs.need(line != nullptr, "a line 'lock' that names the rule");
}

void need_enforcement(const Trace& trace, Needs& needs) {
  const Record& record = trace.record;
  const std::string& rule = trace.expected.rule;
  needs.need(trace.verified != nullptr && text(*trace.verified, "rule").find(rule) != std::string::npos,
             "a line 'enforcement_verified' that names the rule");
  need_rows(trace, needs);
  const std::string decisions = fmt::format("risk_manager_decisions_total{{rule=\"{}\"}}", rule);
  needs.need(metric(record, decisions) > 0, "metric " + decisions);
  needs.need(metric(record, "risk_manager_enforcements_verified_total") > 0,
             "metric risk_manager_enforcements_verified_total");
  needs.need(noted(trace, record.notifications, "violation", true), "a notification of the violation");
  needs.need(noted(trace, record.notifications, "verified", false), "a notification that it is verified");
  needs.need(noted(trace, record.notices, "violation", true) && noted(trace, record.notices, "verified", false),
             "their rows in table notifications");
  if (trace.expected.lock) need_lock(trace, needs);
}

void need_stop(const Trace& trace, Needs& needs) {
  need_request(trace, needs);
  const std::string requests = fmt::format("risk_manager_requests_total{{endpoint=\"{}\",outcome=\"accepted\"}}",
                                           endpoint_of(trace.expected.action));
  needs.need(metric(trace.record, requests) > 0, "metric " + requests);
}

std::string microseconds(const Fields& receipt, std::string_view name) {
  const std::string& value = text(receipt, name);
  return value.empty() ? "unknown" : value + " us";
}

}  // namespace

Evidence written_record(const Trace& trace) {
  if (trace.found == nullptr) return missing(fmt::format("nothing names {}", trace.expected.rule), "log, database");
  Needs needs;
  trace.moves_a_stop() ? need_stop(trace, needs) : need_enforcement(trace, needs);
  if (!needs.missing().empty())
    return missing(fmt::format("missing: {}", fmt::join(needs.missing(), "; ")), trace.record.database_problem);
  const std::string line = trace.log_line(trace.found);
  if (trace.moves_a_stop())
    return proven(trace, "log line, database row and metric; no notification, since nothing was broken",
                  line + ", table requests, metrics");
  const Fields receipt = flatten(text(*trace.enforcement_row(), "receipt"));
  return proven(trace,
                fmt::format("log line, database rows, metric and notifications name {}{}", trace.expected.rule,
                            text(receipt, "trigger_to_sent_us").empty()
                                ? std::string{}
                                : fmt::format("; receipt: sent after {}, verified after {}",
                                              microseconds(receipt, "trigger_to_sent_us"),
                                              microseconds(receipt, "trigger_to_verified_us"))),
                fmt::format("{}; tables violations, enforcements, requests, {}notifications; metrics; "
                            "notifications.log",
                            line, trace.expected.lock ? "locks, " : ""));
}

}  // namespace rm::drill
