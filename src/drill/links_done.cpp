// R12 and R13: what is true at the broker, and that the daemon saw it there.

#include <fmt/format.h>

#include "domain/decimal.h"
#include "drill/trace.h"

namespace rm::drill {
namespace {

using Action = Breach::Action;

constexpr std::size_t kReads = 2;  // that have to show the goal
constexpr std::string_view kState = "paper gateway, /paper/state";

std::int64_t lots(const Fields& state, std::string_view contract = {}) {
  std::int64_t sum = 0;
  for (const Fields& position : elements(state, "positions")) {
    if (contract.empty() || text(position, "contractId") == contract) sum += number(position, "size");
  }
  return sum;
}

bool nearer(const std::string& price, const std::string& before) {
  const auto now = parse_nanos(price), then = parse_nanos(before);
  return now && then && *now > *then;
}

bool same_price(const std::string& a, const std::string& b) {
  const auto one = parse_nanos(a), other = parse_nanos(b);
  return one && other && *one == *other;
}

std::string stop_problem(const Expected& expected, const Fields* order) {
  if (order == nullptr) return fmt::format("stop order {} is gone", expected.order);
  const std::string& now = text(*order, "stopPrice");
  return nearer(now, expected.stop_price) ? std::string{} : fmt::format("the stop is at {} still", now);
}

// Why the broker does not show what the rule promises; empty: it does.
std::string problem(const Expected& expected, const Fields& state) {
  if (state.empty()) return "the gateway does not answer";
  const auto orders = elements(state, "workingOrders");
  const Fields* order = first(orders, [&](const Fields& each) { return text(each, "id") == expected.order; });
  const std::int64_t held = lots(state, expected.contract);
  if (expected.action == Action::MoveStop) return stop_problem(expected, order);
  if (expected.action == Action::PlaceStop) {
    const bool any = first(orders, [](const Fields& each) { return !text(each, "stopPrice").empty(); }) != nullptr;
    return any ? std::string{} : "no stop order is working";
  }
  if (expected.action == Action::Close && held != 0) return fmt::format("{} contracts are held", held);
  if (expected.action == Action::Reduce && held >= expected.most_lots)
    return fmt::format("{} contracts are held, as many as before", held);
  if (expected.action == Action::Cancel && order != nullptr)
    return fmt::format("order {} is working", expected.order);
  const bool all = expected.lock && expected.lock->kind == LockKind::Hard && !expected.lock->of_symbol;
  if (all && (lots(state) != 0 || !orders.empty()))
    return fmt::format("the account is locked, and {} contracts and {} orders are left", lots(state), orders.size());
  return {};
}

// A stop that was moved or placed is shown by the order's own message, and the book has it.
Evidence stop_shown(const Trace& trace) {
  const Expected& expected = trace.expected;
  for (const Fields& event : trace.record.hub_events) {
    if (text(event, "target") != "GatewayUserOrder" ||
        number(event, "monotonicNs") < number(*trace.call, "monotonicNs"))
      continue;
    const Fields message = message_of(event);
    const std::string& price = told(message, "stopPrice");
    const bool meant = expected.action == Action::PlaceStop
                           ? !price.empty()
                           : told(message, "id") == expected.order && nearer(price, expected.stop_price);
    const Fields* line = meant ? trace.heard(&event) : nullptr;
    const auto orders = elements(trace.account_row, "orders");
    const bool in_book =
        first(orders, [&](const Fields& order) {
          return text(order, "id") == told(message, "id") && same_price(text(order, "stop_price"), price);
        }) != nullptr;
    if (line != nullptr && in_book)
      return proven(trace, fmt::format("the order's own message shows the stop at {}, and so does the book", price),
                    trace.log_line(line) + ", status", trace.record.at(*line));
  }
  return missing("neither the order's message nor the book shows the stop where it was asked for",
                 "paper gateway, /paper/events; log; status");
}

// What shows it: what is held, or which orders work.
bool by_orders(const Trace& trace) {
  return trace.expected.action == Action::Cancel;
}

// Whether the gateway's answer to a read shows what the rule promises.
bool shows_goal(const Trace& trace, const Fields& read) {
  const Expected& expected = trace.expected;
  const Fields answer = flatten(text(read, "response"));
  if (text(read, "status") != "200" || text(answer, "success") != "true") return false;
  const auto named = [&](const Fields& order) { return text(order, "id") == expected.order; };
  if (by_orders(trace)) return first(elements(answer, "orders"), named) == nullptr;
  const std::int64_t held = lots(answer, expected.contract);
  return expected.action == Action::Reduce ? held < expected.most_lots : held == 0;
}

bool reads_it(const Trace& trace, const Fields& call) {
  const std::string& path = text(call, "path");
  const Fields body = flatten(text(call, "body"));
  if (text(body, "accountId") != trace.account && text(body, "filter.accountId") != trace.account) return false;
  if (by_orders(trace)) return path == "/api/Order/v2/query" || path == "/api/Order/searchOpen";
  return path == "/api/Position/searchOpen";
}

// The last answers of the gateway before the line, without another one in between, that showed it.
std::size_t agreeing_reads(const Trace& trace, const Fields& line) {
  const std::int64_t from = number(*trace.call, "monotonicNs"), until = trace.record.at(line);
  std::size_t agreeing = 0;
  for (const Fields& call : trace.record.calls) {
    const std::int64_t at = number(call, "monotonicNs");
    if (at > from && at < until && reads_it(trace, call)) agreeing = shows_goal(trace, call) ? agreeing + 1 : 0;
  }
  return agreeing;
}

// How many of them the daemon asked for in order to verify: it reads for other reasons, too.
std::size_t own_reads(const Trace& trace, const Fields& line) {
  const std::string_view endpoint = by_orders(trace) ? "readWorkingOrders" : "readPositions";
  return static_cast<std::size_t>(std::ranges::count_if(trace.record.log, [&](const Fields& answer) {
    return text(answer, "event") == "answer" && text(answer, "enforcement") == trace.enforcement &&
           text(answer, "endpoint") == endpoint && text(answer, "outcome") == "accepted" &&
           trace.record.at(answer) <= trace.record.at(line);
  }));
}

}  // namespace

Evidence broker_state(const Trace& trace) {
  const Fields& state = trace.record.state;
  if (const std::string wrong = problem(trace.expected, state); !wrong.empty())
    return missing(wrong, std::string{kState});
  if (trace.call == nullptr) return missing("it is so, but by no request of the daemon", std::string{kState});
  return proven(trace,
                fmt::format("the broker's own state: contracts held: {}, orders working: {}", lots(state),
                            elements(state, "workingOrders").size()),
                std::string{kState}, number(*trace.call, "answeredNs"));
}

Evidence verification(const Trace& trace) {
  if (trace.call == nullptr) return missing("nothing was done that could be verified");
  if (trace.moves_a_stop()) return stop_shown(trace);
  if (trace.verified == nullptr)
    return missing(fmt::format("no line 'enforcement_verified' of enforcement {}", trace.enforcement), "log");
  const std::size_t reads = std::min(agreeing_reads(trace, *trace.verified), own_reads(trace, *trace.verified));
  const std::string_view what = by_orders(trace) ? "orders" : "positions";
  if (reads < kReads)
    return missing(fmt::format("called verified when {} reads of the {} in a row had shown it, {} are needed", reads,
                               what, kReads),
                   "log; paper gateway, /paper/requests");
  return proven(
      trace, fmt::format("{} reads of the {} in a row showed it; {}", reads, what, text(*trace.verified, "message")),
      trace.log_line(trace.verified) + ", paper gateway, /paper/requests", trace.record.at(*trace.verified));
}

}  // namespace rm::drill
