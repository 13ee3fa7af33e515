#pragma once

#include <chrono>

#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// The trading week in Chicago time. On holidays the firm's window ends when the exchange stops, or does not open.
Nanos chicago_offset(PaperTime time);              // −5 h in summer, −6 h in winter (the US rule since 2007)
PaperTime session_open(PaperTime time);            // the last 17:00 in Chicago at or before it
std::chrono::sys_days trade_date(PaperTime time);  // local date, one day later from 17:00 on
bool firm_window_open(PaperTime time);             // Sunday 17:00 – Friday 15:10, without 15:10 – 17:00 of each day
PaperTime next_flat_time(PaperTime after);         // the first end of a day's window later than `after`

}  // namespace paper
