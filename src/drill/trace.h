#pragma once
// The lines, rows and messages of one record that belong to one broken rule: the trace from what the gateway told to
// what was done about it.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "drill/judge.h"

namespace rm::drill {

using Rows = std::vector<Fields>;

template <class Wanted>
[[nodiscard]] const Fields* first(const Rows& rows, const Wanted& wanted) {
  const auto found = std::ranges::find_if(rows, wanted);
  return found == rows.end() ? nullptr : &*found;
}

template <class Wanted>
[[nodiscard]] const Fields* last(const Rows& rows, const Wanted& wanted) {
  for (auto at = rows.rbegin(); at != rows.rend(); ++at) {
    if (wanted(*at)) return &*at;
  }
  return nullptr;
}

// Of a request that acts: "closeContract" …
[[nodiscard]] std::string_view endpoint_of(Breach::Action action);
[[nodiscard]] bool acts(std::string_view endpoint);

// A hub record, read: "target", and what was told under "arguments.0.data…".
[[nodiscard]] Fields message_of(const Fields& hub_event);
[[nodiscard]] const std::string& told(const Fields& message, std::string_view member);  // of "arguments.0.data"
// "GatewayUserTrade 3100000001: buy 6 CON.F.US.MNQ.U26 @ 29500"
[[nodiscard]] std::string words_of(const Fields& hub_event);

// Refers to the record and the expectation, which must outlive it. What is not there is a null pointer.
struct Trace {
  Trace(const Record& r, const Expected& e);

  const Record& record;
  const Expected& expected;
  std::string account;      // as text
  std::string enforcement;  // its number; empty: none
  Fields account_row;       // of the status

  std::string_view target;           // hub event by which the rule was broken; empty: time alone broke it
  const Fields* fill = nullptr;      // hub event of the last fill before that
  const Fields* trigger = nullptr;   // hub event that broke the rule
  const Fields* found = nullptr;     // log line of the violation, or of the stop that is drawn nearer
  const Fields* decision = nullptr;  // log lines …
  const Fields* request = nullptr;
  const Fields* answer = nullptr;
  const Fields* verified = nullptr;
  const Fields* call = nullptr;  // the request as the gateway got it
  std::int64_t zero_ns = 0;      // what times are counted from

  [[nodiscard]] bool moves_a_stop() const { return expected.reason.empty(); }
  [[nodiscard]] bool of_account(const Fields& row) const { return text(row, "account") == account; }
  [[nodiscard]] const Fields* cause() const { return trigger != nullptr ? trigger : fill; }
  [[nodiscard]] std::string fill_id() const;
  // The log line that has the very bytes of this hub event.
  [[nodiscard]] const Fields* heard(const Fields* hub_event) const;
  // The recorder's log line of the fill, and its row in the database.
  [[nodiscard]] const Fields* fill_line() const;
  [[nodiscard]] const Fields* fill_row() const;
  [[nodiscard]] const Fields* lock_row() const;         // of the lock that is expected
  [[nodiscard]] const Fields* enforcement_row() const;  // in the database

  [[nodiscard]] std::string log_line(const Fields* line) const;  // "log line 12"

 private:
  void find_daemon_lines();
  void find_messages();
  void find_request();
  void find_call();
  void set_zero();
  [[nodiscard]] const Fields* trade_of_trigger(std::int64_t until) const;
  [[nodiscard]] bool concerns(const Fields& message) const;
  [[nodiscard]] bool fits(std::string_view endpoint) const;
  [[nodiscard]] bool about(const Fields& body) const;
};

// ── the links: evidence with its time counted from `zero_ns` ──
[[nodiscard]] Evidence gateway_event(const Trace& trace);   // R1
[[nodiscard]] Evidence event_bridge(const Trace& trace);    // R2
[[nodiscard]] Evidence risk_event(const Trace& trace);      // R3
[[nodiscard]] Evidence event_bus(const Trace& trace);       // R4
[[nodiscard]] Evidence risk_engine(const Trace& trace);     // R5
[[nodiscard]] Evidence rule(const Trace& trace);            // R6
[[nodiscard]] Evidence decision(const Trace& trace);        // R7
[[nodiscard]] Evidence executor(const Trace& trace);        // R8
[[nodiscard]] Evidence suite_manager(const Trace& trace);   // R9
[[nodiscard]] Evidence trading_suite(const Trace& trace);   // R10
[[nodiscard]] Evidence sent_request(const Trace& trace);    // R11
[[nodiscard]] Evidence broker_state(const Trace& trace);    // R12
[[nodiscard]] Evidence verification(const Trace& trace);    // R13
[[nodiscard]] Evidence written_record(const Trace& trace);  // R14

[[nodiscard]] Evidence proven(const Trace& trace, std::string what, std::string where,
                              std::optional<std::int64_t> at_ns = std::nullopt);
[[nodiscard]] Evidence missing(std::string what, std::string where = {});

}  // namespace rm::drill
