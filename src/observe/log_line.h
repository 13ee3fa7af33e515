#pragma once
// One log call as the two lines it becomes. Secrets are out before anything is escaped.

#include <optional>
#include <string>

#include "observe/log.h"

namespace rm {

struct LogEntry {
  Level level{};
  std::string_view event, message;
  Fields fields;
  BrokerTime wall;                   // by this computer's clock
  std::optional<BrokerTime> broker;  // by the broker's, when it is known
  std::string_view login = {};       // empty: no field
};

// {"time":…,"broker_time":…,"level":…,"event":…,"message":…, "login":…, fields in the order given}; no line end.
void append_json_line(std::string& out, const LogEntry& entry);
// 2026-08-19T20:49:25.39Z INFO  decision: message account=42 rule=daily_loss; no line end.
void append_text_line(std::string& out, const LogEntry& entry);

}  // namespace rm
