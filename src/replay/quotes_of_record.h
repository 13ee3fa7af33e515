#pragma once
// The quotes of one record of the journal, one after the other. Allocates only where a record has more of them,
// or a contract with a higher number, than any before.

#include <cstddef>
#include <vector>

#include "replay/decoded.h"
#include "replay/replayed_program.h"
#include "store/quote_batch.h"

namespace rm {

class QuotesOfRecord {
 public:
  [[nodiscard]] Result<void> take(const JournalRecord& record, const ReplayedProgram& program) {
    quotes_.clear();
    next_ = 0;
    const auto by_number = program.contracts_by_number();
    if (!read_quotes(record.payload, by_number.size(), prices_, quotes_)) return unreadable(record);
    for (RiskEvent& quote : quotes_) {
      ContractId& contract = std::get<QuoteUpdated>(quote.body).contract;
      contract = by_number[contract.value()];
    }
    return {};
  }
  // Null: all were seen.
  [[nodiscard]] const RiskEvent* next() { return next_ < quotes_.size() ? &quotes_[next_++] : nullptr; }

 private:
  std::vector<RiskEvent> quotes_;
  std::size_t next_ = 0;
  QuotePrices prices_;
};

}  // namespace rm
