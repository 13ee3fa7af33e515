#pragma once
// Events, goals and reasons as a trader would say them.

#include <string>

#include "domain/contract_table.h"
#include "domain/goal.h"
#include "domain/lock.h"
#include "domain/position.h"
#include "projectx/suite/broker_api.h"

namespace rm {

[[nodiscard]] std::string contract_name(ContractId id, const ContractTable& contracts);  // "MNQ (CON.F.US.MNQ.U26)" -> "MNQU6", else the broker's id
[[nodiscard]] std::string reason_text(const Reason& reason, const ContractTable& contracts);
[[nodiscard]] std::string goal_text(const Goal& goal, const ContractTable& contracts);
[[nodiscard]] std::string until_text(const LockEnd& end);
[[nodiscard]] std::string trade_text(const Trade& trade, const std::string& contract);
[[nodiscard]] std::string position_text(const Position& position, const std::string& contract);
[[nodiscard]] std::string ask_text(const BrokerAsk& ask, const ContractTable& contracts);

}  // namespace rm
