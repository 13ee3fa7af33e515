#pragma once
// Everything that can be known of one run from outside: what the paper gateway recorded, and what the daemon wrote.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "drill/daemon.h"
#include "drill/fields.h"
#include "drill/paper.h"

namespace rm::drill {

struct Record {
  // ── of the paper gateway; times are nanoseconds of the machine's monotonic clock ──
  std::vector<Fields> hub_events;  // monotonicNs, hub, target, record
  std::vector<Fields> calls;       // monotonicNs, answeredNs, path, body, status, response
  std::vector<Fields> streams;     // who is connected to which hub, and subscribed to what
  Fields state;                    // of the account, what is true

  // ── of the daemon ──
  std::vector<Fields> log, notifications;
  Fields status;
  std::map<std::string, std::int64_t> metrics;
  std::vector<Fields> violations, enforcements, requests, locks, notices, trades;  // rows of its database
  std::string database_problem;                                                    // empty: it was read
  std::int64_t wall_ahead_ns = 0;  // of the monotonic clock: the log tells the time of day

  // When a log line was written, by the monotonic clock.
  [[nodiscard]] std::int64_t at(const Fields& line) const;
};

[[nodiscard]] Record collect(Paper& paper, const Daemon& daemon, std::int64_t account);

}  // namespace rm::drill
