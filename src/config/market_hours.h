#pragma once
// When CME Globex trades at all: Sunday to Friday, 17:00 to 16:00 the next day in Chicago, without the holidays of
// the calendar that comes with the program. Not what a trader may do (that is a rule's business), but whether prices
// are to be expected.

#include "domain/result.h"
#include "rules/session.h"

namespace rm {

// Three years back from `today` and ahead. Days the holiday calendar does not cover count as trading days.
// Errors: Unavailable (no time zone database on this machine).
[[nodiscard]] Result<SessionTable> market_hours(BrokerTime today);

}  // namespace rm
