#pragma once
// Counters and latencies in the Prometheus convention. Counting never blocks and allocates only for a label that is
// new. Count on the loop thread; exposition() from any thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rm {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count_event(std::string_view kind);            // risk_manager_events_total{kind}
  void count_refused_message(std::string_view kind);  // risk_manager_refused_messages_total{kind}
  void count_found_by_reads(std::string_view kind,
                            std::uint64_t count);  // risk_manager_found_by_reads_total{kind}
  void count_decision(std::string_view rule);      // risk_manager_decisions_total{rule}
  void count_request(std::string_view endpoint,
                     std::string_view outcome);  // risk_manager_requests_total{endpoint,outcome}
  void count_enforcement_verified();             // risk_manager_enforcements_verified_total
  void count_incident();                         // risk_manager_incidents_total
  void count_escalation();                       // risk_manager_escalations_total
  void count_handler_error();                    // risk_manager_handler_errors_total
  void count_reconnect(std::string_view hub);    // risk_manager_reconnects_total{hub}

  // Totals kept elsewhere; the counter follows `total`, which only grows.
  void set_log_dropped(std::uint64_t total);            // risk_manager_log_dropped_total
  void set_notification_failures(std::uint64_t total);  // risk_manager_notification_failures_total
  void set_log_write_failures(std::uint64_t total);     // risk_manager_log_write_failures_total
  void set_store_records_lost(std::uint64_t total);     // risk_manager_store_records_lost_total
  void set_store_lag(
      std::uint64_t records);  // risk_manager_store_lag_records: in the journal, not yet in the database
  void set_locks_held(std::uint64_t count);  // risk_manager_locks_held

  void observe_decision_to_sent(
      std::int64_t nanoseconds);  // risk_manager_decision_to_sent_us: bytes in to last byte of first request out
  void observe_time_to_flat(std::int64_t nanoseconds);  // risk_manager_time_to_flat_ms: bytes in to goal verified
  void observe_event_handling(
      std::int64_t nanoseconds);  // risk_manager_event_handling_us: bytes in to rules evaluated and requests out

  [[nodiscard]] std::string exposition() const;  // Prometheus text format, version 0.0.4

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm
