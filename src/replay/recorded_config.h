#pragma once
// What a recorded run went by, worked out anew from what the journal has of it: its configuration, and the trading
// days around the time its computer showed.

#include <string>
#include <string_view>
#include <vector>

#include "book/trading_day.h"
#include "config/config.h"

namespace rm {

// What calendars can be made around.
[[nodiscard]] BrokerTime within_calendars(BrokerTime computer_time);

// `recorded_by` is the version that recorded it. Errors: Refused, this version does not understand it.
[[nodiscard]] Result<Config> recorded_config(const std::vector<std::string>& yaml, BrokerTime computer_time,
                                             std::string_view recorded_by);

// As wide as the daemon's: what lies outside of it counts for neither.
[[nodiscard]] Result<TradingCalendar> calendar_around(BrokerTime computer_time, const TradingDayConfig& day);

}  // namespace rm
