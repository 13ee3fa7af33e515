#pragma once
// When what a record tells of was so.

#include <optional>

#include "domain/contract_table.h"
#include "domain/time.h"
#include "store/record.h"

namespace rm {

// By the broker's clock. Empty: the record cannot be read, or is of no time.
[[nodiscard]] std::optional<BrokerTime> time_of(const JournalRecord& record, ContractTable& contracts);

}  // namespace rm
