#pragma once
// Decisions and requests in a trader's words, the same that scenarios use.

#include <string>
#include <vector>

#include "book/trading_day.h"
#include "domain/contract_table.h"
#include "projectx/suite/broker_api.h"
#include "risk_engine/decision.h"

namespace rm::test {

// {"reduce MNQ to 5 because SIZE_ABOVE_MAX", "lock account hard until reset"}: the action first, then each new lock.
std::vector<std::string> decision_words(const Decision& decision, const ContractTable& contracts,
                                        const TradingCalendar& calendar);
// "closeContract MNQ", "partialCloseContract MNQ by 3", "cancel 3400000001", "modify 3400000001 to
// 20950.25", "readPositions".
std::string ask_words(const BrokerAsk& ask, const ContractTable& contracts);

}  // namespace rm::test
