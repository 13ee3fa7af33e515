#pragma once
// A record of the journal in words, for a person and as a line of JSON: what an export and a trace are made of.

#include <optional>
#include <string>
#include <vector>

#include "domain/contract_table.h"
#include "domain/time.h"
#include "store/quote_batch.h"
#include "store/record.h"

namespace rm {

struct RecordWords {
  std::optional<BrokerTime> at;              // empty: of no time, or not readable
  std::optional<AccountId> account;          // empty: of none
  std::optional<EnforcementId> enforcement;  // empty: of none
  std::string text;                          // one sentence
  std::string json;                          // one object on one line, the sentence in it as "words"
};

// In the order of the journal: the names of contracts are learned from its records.
class RecordReader {
 public:
  [[nodiscard]] RecordWords words(const JournalRecord& record);

 private:
  ContractTable contracts_;
  std::vector<ContractId> by_number_;  // as the run that is read numbers them
  QuotePrices prices_;
};

// Of a record that is read while something else keeps the table. Contracts and prices are not for it: they are
// numbered by their run.
[[nodiscard]] RecordWords words_of(const JournalRecord& record, ContractTable& contracts);

}  // namespace rm
