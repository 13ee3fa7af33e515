#pragma once
// The configuration that was in force when this data directory was last used.

#include <optional>

#include "book/trading_day.h"
#include "config/config.h"
#include "domain/result.h"
#include "store/recovered.h"

namespace rm {

// A year back (a paper day may lie in the past) to three years ahead: more than one process lives. Throws
// std::runtime_error.
[[nodiscard]] TradingCalendar calendar_of(const TradingDayConfig& day);

struct KeptConfig {
  Config config;
  TradingCalendar calendar;
  BrokerTime until;  // the end of its trading day
};

// Empty when none is kept. Error Malformed: it cannot be understood any more, in one sentence.
[[nodiscard]] Result<std::optional<KeptConfig>> kept_config(const Recovered& recovered);

}  // namespace rm
