#include "drill/trace.h"

#include <fmt/format.h>

namespace rm::drill {
namespace {

using Action = Breach::Action;

constexpr std::int64_t kSlackNs = 20'000;  // between taking a time and writing it

std::string_view target_of(std::string_view trigger) {
  if (trigger == "trade") return "GatewayUserTrade";
  if (trigger == "position") return "GatewayUserPosition";
  if (trigger == "order") return "GatewayUserOrder";
  if (trigger == "account") return "GatewayUserAccount";
  if (trigger == "quote") return "GatewayQuote";
  return {};
}

std::string quoted(const Fields& message, std::string_view member) {
  const std::string& value = text(message, std::string{"arguments.1."}.append(member));
  return value.empty() ? "unchanged" : value;
}

}  // namespace

std::string_view endpoint_of(Action action) {
  switch (action) {
    case Action::Close:
      return "closeContract";
    case Action::Reduce:
      return "partialCloseContract";
    case Action::Cancel:
      return "cancel";
    case Action::MoveStop:
      return "modify";
    case Action::PlaceStop:
      return "place";
  }
  return "";
}

bool acts(std::string_view endpoint) {
  return endpoint == "closeContract" || endpoint == "partialCloseContract" || endpoint == "cancel" ||
         endpoint == "modify" || endpoint == "place";
}

Fields message_of(const Fields& hub_event) {
  std::string_view record = text(hub_event, "record");
  if (record.ends_with('\x1e')) record.remove_suffix(1);
  return flatten(record);
}

const std::string& told(const Fields& message, std::string_view member) {
  return text(message, std::string{"arguments.0.data."}.append(member));
}

std::string words_of(const Fields& hub_event) {
  const Fields message = message_of(hub_event);
  const std::string& target = text(hub_event, "target");
  if (target == "GatewayUserTrade")
    return fmt::format("{} {}: {} {} {} @ {}", target, told(message, "id"),
                       told(message, "side") == "0" ? "buy" : "sell", told(message, "size"),
                       told(message, "contractId"), told(message, "price"));
  if (target == "GatewayQuote")
    return fmt::format("{} {}: last {}, bid {}, ask {}", target, text(message, "arguments.0"),
                       quoted(message, "lastPrice"), quoted(message, "bestBid"), quoted(message, "bestAsk"));
  if (target == "GatewayUserAccount")
    return fmt::format("{} {}: canTrade {}", target, told(message, "id"), told(message, "canTrade"));
  return fmt::format("{} {}", target, told(message, "id"));
}

Trace::Trace(const Record& r, const Expected& e) : record{r}, expected{e}, account{std::to_string(e.account)} {
  for (Fields& row : elements(record.status, "accounts")) {
    if (text(row, "id") == account) account_row = std::move(row);
  }
  find_daemon_lines();
  find_messages();
  find_request();
  find_call();
  set_zero();
}

void Trace::find_daemon_lines() {
  const std::string_view event = moves_a_stop() ? "tightening" : "violation";
  found = first(record.log, [&](const Fields& line) {
    return text(line, "event") == event && of_account(line) && text(line, "rule") == expected.rule &&
           (moves_a_stop() || text(line, "violation") == expected.reason);
  });
  if (found == nullptr || moves_a_stop()) return;
  enforcement = text(*found, "enforcement");
  decision = first(record.log, [&](const Fields& line) {
    return text(line, "event") == "decision" && text(line, "enforcement") == enforcement;
  });
  verified = first(record.log, [&](const Fields& line) {
    return text(line, "checkpoint") == "enforcement_verified" && text(line, "enforcement") == enforcement;
  });
}

// The message by which the rule was broken is the one the decision names; without a decision, the one of the step.
void Trace::find_messages() {
  std::int64_t until = INT64_MAX;
  target = expected.told_by;
  if (decision != nullptr) {
    target = target_of(text(*decision, "trigger"));
    const std::int64_t latency_us = number(*decision, "latency_us");
    until = record.at(*decision) - (latency_us > 0 ? latency_us * 1000 - kSlackNs : 0);
  } else if (found != nullptr) {
    until = record.at(*found);
  }
  fill = trade_of_trigger(until);
  if (target == "GatewayUserTrade" && fill != nullptr) {
    if (found != nullptr || number(*fill, "monotonicNs") >= expected.step_ns) trigger = fill;
    return;
  }
  if (target.empty()) return;
  // An order is told before it fills, and that may be enough for a decision: then the fill is told after it.
  if (fill == nullptr) fill = trade_of_trigger(INT64_MAX);
  trigger = last(record.hub_events, [&](const Fields& event) {
    const std::int64_t at = number(event, "monotonicNs");
    return text(event, "target") == target && at <= until && (found != nullptr || at >= expected.step_ns) &&
           concerns(message_of(event));
  });
}

// Told for the first time: with the close of a position its opening trades are told again.
const Fields* Trace::trade_of_trigger(std::int64_t until) const {
  std::string id;
  if (decision != nullptr && target == "GatewayUserTrade") {
    const Fields* line = first(record.log, [&](const Fields& each) {
      return text(each, "kind") == "trade" && text(each, "sequence") == text(*decision, "trigger_sequence");
    });
    if (line != nullptr) id = text(*line, "trade");
  }
  return last(record.hub_events, [&](const Fields& event) {
    if (text(event, "target") != "GatewayUserTrade" || number(event, "monotonicNs") > until) return false;
    const Fields message = message_of(event);
    return told(message, "accountId") == account && text(message, "arguments.0.action") == "0" &&
           (id.empty() || told(message, "id") == id);
  });
}

bool Trace::concerns(const Fields& message) const {
  if (target == "GatewayQuote") return text(message, "arguments.0") == expected.contract;
  return told(message, target == "GatewayUserAccount" ? "id" : "accountId") == account;
}

void Trace::find_request() {
  if (found == nullptr) return;
  request = first(record.log, [&](const Fields& line) {
    return text(line, "event") == "request" && of_account(line) &&
           (moves_a_stop() || text(line, "enforcement") == enforcement) && fits(text(line, "endpoint"));
  });
  if (request == nullptr) return;
  answer = first(record.log, [&](const Fields& line) {
    return text(line, "event") == "answer" && text(line, "request") == text(*request, "request");
  });
}

void Trace::find_call() {
  if (request == nullptr) return;
  const std::int64_t from = trigger != nullptr ? number(*trigger, "monotonicNs") : expected.step_ns;
  call = first(record.calls, [&](const Fields& each) {
    if (number(each, "monotonicNs") < from) return false;
    const std::string& path = text(each, "path");
    const Fields body = flatten(text(each, "body"));
    return fits(path.substr(path.rfind('/') + 1)) && text(body, "accountId") == account && about(body);
  });
}

void Trace::set_zero() {
  if (trigger != nullptr) {
    zero_ns = number(*trigger, "monotonicNs");
    return;
  }
  zero_ns = found != nullptr ? record.at(*found) : expected.step_ns;
  // What follows from a deadline is written behind what is sent.
  if (request != nullptr) zero_ns = std::min(zero_ns, record.at(*request));
  if (call != nullptr) zero_ns = std::min(zero_ns, number(*call, "monotonicNs"));
}

// A reduction to nothing is a close.
bool Trace::fits(std::string_view endpoint) const {
  return endpoint == endpoint_of(expected.action) ||
         (expected.action == Action::Reduce && endpoint == endpoint_of(Action::Close));
}

bool Trace::about(const Fields& body) const {
  if (expected.action == Action::Cancel || expected.action == Action::MoveStop)
    return text(body, "orderId") == expected.order;
  return text(body, "contractId") == expected.contract;
}

std::string Trace::fill_id() const {
  return fill == nullptr ? std::string{} : told(message_of(*fill), "id");
}

const Fields* Trace::heard(const Fields* hub_event) const {
  if (hub_event == nullptr) return nullptr;
  const std::string& sent = text(*hub_event, "record");
  return first(record.log, [&](const Fields& line) {
    return text(line, "event") == "heard" && text(line, "target") == text(*hub_event, "target") &&
           sent.find("\"arguments\":" + text(line, "message")) != std::string::npos;
  });
}

const Fields* Trace::fill_line() const {
  return first(record.log, [&, id = fill_id()](const Fields& line) {
    return text(line, "event") == "event" && text(line, "trade") == id && of_account(line) &&
           text(line, "replayed") == "false";
  });
}

const Fields* Trace::fill_row() const {
  return first(record.trades,
               [&, id = fill_id()](const Fields& row) { return text(row, "id") == id && of_account(row); });
}

const Fields* Trace::lock_row() const {
  if (!expected.lock) return nullptr;
  return first(record.locks, [&](const Fields& row) {
    return of_account(row) && text(row, "rule") == expected.rule &&
           (text(row, "kind") == "hard") == (expected.lock->kind == LockKind::Hard) &&
           text(row, "symbol").empty() != expected.lock->of_symbol;
  });
}

const Fields* Trace::enforcement_row() const {
  return first(record.enforcements, [&](const Fields& row) { return text(row, "id") == enforcement; });
}

std::string Trace::log_line(const Fields* line) const {
  return fmt::format("log line {}", line - record.log.data() + 1);
}

Evidence proven(const Trace& trace, std::string what, std::string where, std::optional<std::int64_t> at_ns) {
  if (at_ns) *at_ns -= trace.zero_ns;
  return {true, std::move(what), std::move(where), at_ns};
}

Evidence missing(std::string what, std::string where) {
  return {false, std::move(what), std::move(where), std::nullopt};
}

}  // namespace rm::drill
