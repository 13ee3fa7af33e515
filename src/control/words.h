#pragma once
// Events, goals and reasons as a trader would say them.

#include <string>

#include "domain/contract_table.h"
#include "domain/goal.h"
#include "domain/lock.h"
#include "domain/position.h"
#include "projectx/suite/broker_api.h"

namespace rm {

// "MNQU6"; the broker's id while the contract's record is not known.
[[nodiscard]] std::string contract_name(ContractId id, const ContractTable& contracts);
[[nodiscard]] std::string reason_text(const Reason& reason, const ContractTable& contracts);
[[nodiscard]] std::string goal_text(const Goal& goal, const ContractTable& contracts);
[[nodiscard]] std::string until_text(const LockEnd& end);
[[nodiscard]] std::string trade_text(const Trade& trade, const std::string& contract);
[[nodiscard]] std::string position_text(const Position& position, const std::string& contract);
[[nodiscard]] std::string ask_text(const BrokerAsk& ask, const ContractTable& contracts);

}  // namespace rm
