#pragma once
// What was so before a restart, given back to a guardian that knows its accounts: locks, running clocks, unfinished
// enforcements.

#include <functional>

#include "runtime/guardian.h"
#include "runtime/recorder.h"
#include "store/store.h"

namespace rm {

// Of the accounts that the guardian watches. What is not to be taken up again is closed in the store; returns what
// is. Before the first event.
std::vector<ResumedEnforcement> restore_from_store(Guardian& guardian, Recorder& recorder, Store& store,
                                                   const TradingCalendar& calendar, BrokerTime now);

// What was so of accounts that no login lists: said, and what was unfinished there is closed.
void give_up_unwatched(const std::function<bool(AccountId)>& watched, const Recorder& recorder, Store& store,
                       BrokerTime now);

}  // namespace rm
