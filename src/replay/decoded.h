#pragma once
// What a record of the journal says, or the sentence that a replay ends with.

#include <string_view>

#include "store/codec.h"
#include "store/record.h"

namespace rm {

// The registry's own text for it; empty: there is no such rule.
[[nodiscard]] std::string_view rule_name(std::string_view name);

[[nodiscard]] std::unexpected<Error> unreadable(const JournalRecord& record);
[[nodiscard]] std::unexpected<Error> written_by_a_newer_version(const JournalRecord& record);

template <class T>
[[nodiscard]] Result<T> decoded(const JournalRecord& record, ContractTable& contracts) {
  auto value = decode<T>(record.payload, contracts, rule_name);
  if (!value) return unreadable(record);
  return value;
}

// Only an event with everything in it that the engine saw.
[[nodiscard]] Result<RiskEvent> decoded_event(const JournalRecord& record, ContractTable& contracts);

}  // namespace rm
