#include "observe/metrics.h"

namespace rm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountsByLabel) {
  Metrics metrics;
  for (int i = 0; i < 3; ++i) metrics.count_event("trade");
  metrics.count_event("quote");
  metrics.count_decision("daily_loss");
  metrics.count_request("closeContract", "accepted");
  metrics.count_reconnect("user");
  metrics.count_refused_message("malformed");
  metrics.count_found_by_reads("trade", 2);
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("risk_manager_events_total{kind=\"trade\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_events_total{kind=\"quote\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_decisions_total{rule=\"daily_loss\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_requests_total{endpoint=\"closeContract\",outcome=\"accepted\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_reconnects_total{hub=\"user\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_refused_messages_total{kind=\"malformed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_found_by_reads_total{kind=\"trade\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE risk_manager_events_total counter\n"));
}

TEST(Metrics, ACounterThatNeverCountedIsThereAsZero) {
  EXPECT_THAT(Metrics{}.exposition(), HasSubstr("risk_manager_enforcements_verified_total 0\n"));
  EXPECT_THAT(Metrics{}.exposition(), HasSubstr("risk_manager_handler_errors_total 0\n"));
}

TEST(Metrics, EachPlainCounterIsItsOwn) {
  Metrics metrics;
  metrics.count_enforcement_verified();
  metrics.count_escalation();
  metrics.count_escalation();
  for (int i = 0; i < 3; ++i) metrics.count_handler_error();
  metrics.set_log_dropped(4);
  metrics.set_log_write_failures(5);
  metrics.set_store_records_lost(6);
  metrics.set_notification_failures(7);
  metrics.set_store_lag(8);
  metrics.set_locks_held(9);
  for (int i = 0; i < 10; ++i) metrics.count_incident();
  const std::string text = metrics.exposition();
  int expected = 1;
  for (const auto* name : {"enforcements_verified_total", "escalations_total", "handler_errors_total",
                           "log_dropped_total", "log_write_failures_total", "store_records_lost_total",
                           "notification_failures_total", "store_lag_records", "locks_held", "incidents_total"}) {
    EXPECT_THAT(text, HasSubstr("\nrisk_manager_" + std::string{name} + " " + std::to_string(expected++) + "\n"));
  }
}

TEST(Metrics, ATotalKeptElsewhereOnlyGrows) {
  Metrics metrics;
  metrics.set_log_dropped(5);
  metrics.set_log_dropped(5);
  metrics.set_log_dropped(3);
  EXPECT_THAT(metrics.exposition(), HasSubstr("risk_manager_log_dropped_total 5\n"));
}

TEST(Metrics, LatenciesAreInTheUnitOfTheirName) {
  Metrics metrics;
  metrics.observe_decision_to_sent(81'000);
  metrics.observe_time_to_flat(251'000'000);
  metrics.observe_event_handling(4'000);
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("risk_manager_decision_to_sent_us_sum 81\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_decision_to_sent_us_bucket{le=\"50\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_decision_to_sent_us_bucket{le=\"100\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_time_to_flat_ms_sum 251\n"));
  EXPECT_THAT(text, HasSubstr("risk_manager_event_handling_us_bucket{le=\"5\"} 1\n"));
}

TEST(Metrics, EndlesslyManyLabelsBecomeOther) {
  Metrics metrics;
  for (int i = 0; i < 1'000; ++i) metrics.count_refused_message("kind " + std::to_string(i));
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("{kind=\"kind 63\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("kind 64")));
  EXPECT_THAT(text, HasSubstr("risk_manager_refused_messages_total{kind=\"other\"} 936\n"));
}

}  // namespace
}  // namespace rm
