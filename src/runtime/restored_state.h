#pragma once
// What was so before a restart, given back to a guardian that knows its accounts: locks, running clocks, unfinished
// enforcements.

#include "runtime/guardian.h"
#include "store/store.h"

namespace rm {

// What is not to be taken up again is closed in the store; returns what is. Before the first event.
std::vector<ResumedEnforcement> restore_from_store(Guardian& guardian, Recorder& recorder, Store& store,
                                                   const TradingCalendar& calendar, BrokerTime now);

}  // namespace rm
