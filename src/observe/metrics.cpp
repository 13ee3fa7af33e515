#include "observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <vector>

namespace rm {
namespace {

using prometheus::Registry;

constexpr std::size_t kMostLabels = 64;  // of one family; what comes later is counted under "other"

prometheus::Family<prometheus::Counter>& counters(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

// Counters of one family by the values of its labels; a value once seen costs a short search and no allocation.
class Labelled {
 public:
  Labelled(Registry& registry, const char* name, const char* help, const char* first, const char* second = nullptr)
      : family_{counters(registry, name, help)}, first_{first}, second_{second} {}

  void add(std::string_view first, std::string_view second = {}) {
    for (const Entry& entry : entries_) {
      if (entry.first == first && entry.second == second) return entry.counter->Increment();
    }
    if (entries_.size() >= kMostLabels && first != "other") return add("other", second_ == nullptr ? "" : "other");
    prometheus::Labels labels{{first_, std::string{first}}};
    if (second_ != nullptr) labels.emplace(second_, std::string{second});
    entries_.push_back({std::string{first}, std::string{second}, &family_.Add(labels)});
    entries_.back().counter->Increment();
  }

 private:
  struct Entry {
    std::string first, second;
    prometheus::Counter* counter;
  };
  prometheus::Family<prometheus::Counter>& family_;
  const char* first_;
  const char* second_;
  std::vector<Entry> entries_;
};

prometheus::Counter& plain(Registry& registry, const char* name, const char* help) {
  return counters(registry, name, help).Add({});
}

prometheus::Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(Registry& registry, const char* name, const char* help,
                                 const std::vector<double>& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

void follow(prometheus::Counter& counter, std::uint64_t total) {
  const double missing = static_cast<double>(total) - counter.Value();
  if (missing > 0) counter.Increment(missing);
}

const std::vector<double> kMicroseconds{5,     10,    20,    50,     100,    200,     500,
                                        1'000, 2'000, 5'000, 10'000, 50'000, 100'000, 1'000'000};
const std::vector<double> kMilliseconds{50,    100,   200,    300,    500,    750,     1'000,
                                        2'000, 5'000, 10'000, 30'000, 60'000, 180'000, 600'000};

}  // namespace

struct Metrics::Impl {
  Registry registry;
  Labelled events{registry, "risk_manager_events_total", "Events published, by kind", "kind"};
  Labelled refused{registry, "risk_manager_refused_messages_total",
                   "Messages of the broker that were refused, by kind", "kind"};
  Labelled found_by_reads{registry, "risk_manager_found_by_reads_total",
                          "What the stream, although up, did not tell, by kind", "kind"};
  Labelled decisions{registry, "risk_manager_decisions_total", "Violations decided on, by rule", "rule"};
  Labelled requests{registry, "risk_manager_requests_total", "Requests to the broker, by endpoint and outcome",
                    "endpoint", "outcome"};
  Labelled reconnects{registry, "risk_manager_reconnects_total", "Connections that were made again, by hub", "hub"};
  prometheus::Counter& verified =
      plain(registry, "risk_manager_enforcements_verified_total", "Enforcements whose goal the broker showed");
  prometheus::Counter& incidents =
      plain(registry, "risk_manager_incidents_total", "Times the broker showed what locks or limits do not allow");
  prometheus::Counter& escalations =
      plain(registry, "risk_manager_escalations_total", "Times a person was called because a goal was not reached");
  prometheus::Counter& handler_errors =
      plain(registry, "risk_manager_handler_errors_total", "Errors in event handlers");
  prometheus::Counter& notification_failures =
      plain(registry, "risk_manager_notification_failures_total", "Notifications that were not delivered");
  prometheus::Counter& log_dropped =
      plain(registry, "risk_manager_log_dropped_total", "Log lines dropped because the queue was full");
  prometheus::Counter& log_failures =
      plain(registry, "risk_manager_log_write_failures_total", "Log writes that the disk refused");
  prometheus::Counter& records_lost =
      plain(registry, "risk_manager_store_records_lost_total", "Records that found no room in the journal");
  prometheus::Gauge& store_lag =
      gauge(registry, "risk_manager_store_lag_records", "Records in the journal that are not yet in the database");
  prometheus::Gauge& locks = gauge(registry, "risk_manager_locks_held", "Locks that hold");
  prometheus::Histogram& decision_to_sent =
      histogram(registry, "risk_manager_decision_to_sent_us",
                "Microseconds from the bytes of the trigger to the last byte of the first request", kMicroseconds);
  prometheus::Histogram& time_to_flat =
      histogram(registry, "risk_manager_time_to_flat_ms",
                "Milliseconds from the bytes of the trigger to the goal seen at the broker", kMilliseconds);
  prometheus::Histogram& event_handling =
      histogram(registry, "risk_manager_event_handling_us",
                "Microseconds from the bytes of an event to its rules evaluated and its requests out", kMicroseconds);
};

Metrics::Metrics() : impl_{std::make_unique<Impl>()} {}
Metrics::~Metrics() = default;

void Metrics::count_event(std::string_view kind) {
  impl_->events.add(kind);
}
void Metrics::count_refused_message(std::string_view kind) {
  impl_->refused.add(kind);
}
void Metrics::count_found_by_reads(std::string_view kind, std::uint64_t count) {
  for (; count > 0; --count) impl_->found_by_reads.add(kind);
}
void Metrics::count_decision(std::string_view rule) {
  impl_->decisions.add(rule);
}
void Metrics::count_request(std::string_view endpoint, std::string_view outcome) {
  impl_->requests.add(endpoint, outcome);
}
void Metrics::count_enforcement_verified() {
  impl_->verified.Increment();
}
void Metrics::count_incident() {
  impl_->incidents.Increment();
}
void Metrics::count_escalation() {
  impl_->escalations.Increment();
}
void Metrics::count_handler_error() {
  impl_->handler_errors.Increment();
}
void Metrics::count_reconnect(std::string_view hub) {
  impl_->reconnects.add(hub);
}
void Metrics::set_notification_failures(std::uint64_t total) {
  follow(impl_->notification_failures, total);
}

void Metrics::set_log_dropped(std::uint64_t total) {
  follow(impl_->log_dropped, total);
}
void Metrics::set_log_write_failures(std::uint64_t total) {
  follow(impl_->log_failures, total);
}
void Metrics::set_store_records_lost(std::uint64_t total) {
  follow(impl_->records_lost, total);
}
void Metrics::set_store_lag(std::uint64_t records) {
  impl_->store_lag.Set(static_cast<double>(records));
}
void Metrics::set_locks_held(std::uint64_t count) {
  impl_->locks.Set(static_cast<double>(count));
}

void Metrics::observe_decision_to_sent(std::int64_t ns) {
  impl_->decision_to_sent.Observe(static_cast<double>(ns) / 1e3);
}
void Metrics::observe_time_to_flat(std::int64_t ns) {
  impl_->time_to_flat.Observe(static_cast<double>(ns) / 1e6);
}
void Metrics::observe_event_handling(std::int64_t ns) {
  impl_->event_handling.Observe(static_cast<double>(ns) / 1e3);
}

std::string Metrics::exposition() const {
  return prometheus::TextSerializer{}.Serialize(impl_->registry.Collect());
}

}  // namespace rm
