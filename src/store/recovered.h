#pragma once
// What the store knew when it was opened.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enforcement/receipt.h"
#include "risk_engine/decision.h"

namespace rm {

struct OpenRequest {  // an acting request of which no answer is on record: it may have been executed
  RequestId id;
  std::string endpoint, subject;
  BrokerTime at;
};

struct OpenEnforcement {  // decided, not yet seen at the broker
  Decision decision;
  std::vector<OpenRequest> unanswered;
};

struct DayRow {  // the day's result as last recorded
  AccountId account;
  BrokerTime day_start;
  Money realised, costs;
  int trades = 0;
  friend bool operator==(const DayRow&, const DayRow&) = default;
};

struct NotificationRow {
  BrokerTime at;
  AccountId account;          // 0: none
  EnforcementId enforcement;  // 0: none
  std::string kind;           // "violation", "verified", ...
  std::string rule;           // empty: none
  std::string sentence;
  friend bool operator==(const NotificationRow&, const NotificationRow&) = default;
};

struct ClockRow {
  AccountId account;
  std::string_view rule;  // name in the registry (static storage)
  RunningClock clock;
  friend bool operator==(const ClockRow&, const ClockRow&) = default;
};

struct ConfigRow {  // the configuration in force, as YAML, and the trading day [day, until) it belongs to
  BrokerTime day, until;
  std::vector<std::string> yaml;  // in parts: a stored text has a largest length
  friend bool operator==(const ConfigRow&, const ConfigRow&) = default;
};

struct Recovered {
  std::vector<Lock> locks;                    // that have not ended, oldest first
  std::vector<OpenEnforcement> enforcements;  // open, oldest first
  std::vector<ClockRow> clocks;               // that were running
  std::vector<DayRow> days;                   // the latest of each account
  std::vector<Trade> trades;                  // per account from the start of its latest day on, in order of time
  std::optional<ConfigRow> config;            // as last recorded, in one part
  EnforcementId next_enforcement{1};
  RequestId next_request{1};
  std::uint64_t replayed_records = 0;  // that were in the journal but not yet in the database
  std::uint64_t cut_bytes = 0;         // of a record that was being written when the last process was killed
  std::string chain;       // what is to be said of the journal's chain of hashes; empty: it goes on as it was left
  bool chain_fits = true;  // false: the journal is not what it was when the last process ended
};

}  // namespace rm
