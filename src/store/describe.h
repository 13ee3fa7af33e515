#pragma once
// Texts of the database's columns: for people and for scripts that read it.

#include <string>
#include <string_view>

#include "domain/contract_table.h"
#include "enforcement/receipt.h"

namespace rm {

// sentence(reason) with the contract's id in place of its number in the table.
[[nodiscard]] std::string sentence_of(const Reason& reason, const ContractTable& contracts);
// What a request is about: the contract's id, or the order's number; empty for reads.
[[nodiscard]] std::string subject_of(const BrokerAsk& ask, const ContractTable& contracts);
// The receipt as one JSON object: rules, reasons, latencies in microseconds, every request with its answer. Money as
// decimal text.
[[nodiscard]] std::string receipt_json(const Receipt& receipt, const ContractTable& contracts);
// ["daily_loss", "max_contracts"] and [{"code": …, "sentence": …}]: of all violations of a decision.
[[nodiscard]] std::string rules_json(const Decision& decision);
[[nodiscard]] std::string reasons_json(const Decision& decision, const ContractTable& contracts);

[[nodiscard]] std::string_view name_of(LockKind kind);  // "hard", "entry"

}  // namespace rm
