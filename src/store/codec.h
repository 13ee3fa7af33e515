#pragma once
// Values of the domain to bytes and back. Contracts and symbols are written as the broker's text, because their
// numbers belong to one process; names (rules, endpoints) as text, and come back with static storage. Decoding
// refuses what no encoder wrote: enum numbers beyond the last, counts that cannot fit, bytes left over.

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/contract_table.h"
#include "store/bytes.h"
#include "store/layout.h"
#include "store/record.h"

namespace rm {

// A text with static storage and this content: of the registry while it has the name, else kept for the life of the
// process. Any thread.
using ResolveName = std::function<std::string_view(std::string_view)>;
[[nodiscard]] std::string_view static_text(std::string_view text);

// Each type of record, and Reason and Decision for database columns. Explicitly instantiated in codec.cpp.
template <class T>
void encode(ByteWriter& out, const T& value, const ContractTable& contracts);

// Errors: Malformed. Interns contracts and symbols.
template <class T>
[[nodiscard]] Result<T> decode(std::span<const std::byte> bytes, ContractTable& contracts,
                               const ResolveName& resolve);

// An event of any version. Of the first one some fields are missing: enough for rows, not for a replay.
[[nodiscard]] Result<RiskEvent> decode_event(const JournalRecord& record, ContractTable& contracts,
                                             const ResolveName& resolve);

// To a vector that grows as needed; for the store thread and tests.
template <class T>
[[nodiscard]] std::vector<std::byte> encoded(const T& value, const ContractTable& contracts);

}  // namespace rm
