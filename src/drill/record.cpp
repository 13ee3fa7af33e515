#include "drill/record.h"

#include <fmt/format.h>

#include <chrono>

#include "domain/time.h"

namespace rm::drill {
namespace {

template <class Clock>
std::int64_t nanos_of() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

std::vector<Fields> table(const Daemon& daemon, const std::string& name, std::string& problem) {
  auto rows = daemon.rows(name);
  if (rows) return std::move(*rows);
  problem = rows.error().message;
  return {};
}

std::vector<Fields> listed(Paper& paper, std::string_view target, std::string_view list) {
  const auto answer = paper.get(target);
  return answer ? elements(*answer, list) : std::vector<Fields>{};
}

}  // namespace

std::int64_t Record::at(const Fields& line) const {
  const auto time = parse_timestamp(text(line, "time"));
  return time ? time->nanos() - wall_ahead_ns : 0;
}

Record collect(Paper& paper, const Daemon& daemon, std::int64_t account) {
  Record record;
  record.wall_ahead_ns = nanos_of<std::chrono::system_clock>() - nanos_of<std::chrono::steady_clock>();
  record.status = daemon.status().value_or(Fields{});  // first: it makes the daemon write out its log
  record.metrics = daemon.metrics();
  record.log = daemon.log();
  record.notifications = daemon.notifications();
  std::string& problem = record.database_problem;
  record.violations = table(daemon, "violations", problem);
  record.enforcements = table(daemon, "enforcements", problem);
  record.requests = table(daemon, "requests", problem);
  record.locks = table(daemon, "locks", problem);
  record.notices = table(daemon, "notifications", problem);
  record.trades = table(daemon, "trades", problem);
  record.hub_events = listed(paper, "/paper/events", "events");
  record.calls = listed(paper, "/paper/requests", "requests");
  record.streams = listed(paper, "/paper/subscriptions", "connections");
  if (auto state = paper.get(fmt::format("/paper/state?accountId={}", account))) record.state = std::move(*state);
  return record;
}

}  // namespace rm::drill
