#pragma once
// The instants at which trading days begin. The pure parts know no time zones: they get this table.

#include <chrono>
#include <string>
#include <vector>

#include "domain/result.h"
#include "domain/time.h"

namespace rm {

// Every instant in [from, to] at which the clocks of `timezone` show `reset` (since local midnight, 0 - 23:59),
// ascending, one a calendar day. On the day of a clock change the reset stays at the local time; a local time that is
// skipped that day stands for the instant of the change, a local time that comes twice for the first of the two.
// Errors: UnknownValue (no such zone; the sentence has the nearest names), OutOfRange (before 1970 or after 2037,
// where the time zone files end), Unavailable (no time zone database on this machine).
[[nodiscard]] Result<std::vector<BrokerTime>> trading_day_resets(const std::string& timezone,
                                                                 std::chrono::minutes reset, BrokerTime from,
                                                                 BrokerTime to);

// Empty when the time zone database has the name. Errors: UnknownValue, Unavailable, as above.
[[nodiscard]] Result<void> check_timezone(const std::string& timezone);

}  // namespace rm
