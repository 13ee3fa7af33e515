#pragma once
// What a person calls the records of a journal: "record 42 (Decision, 2026-09-15T14:30:00Z)".

#include <array>
#include <optional>
#include <string>

#include "domain/contract_table.h"
#include "domain/time.h"
#include "store/record.h"

namespace rm {

// "record 7", "records 7 to 9"
[[nodiscard]] std::string record_range(std::uint64_t first, std::uint64_t last);

class RecordNames {
 public:
  [[nodiscard]] std::string name(const JournalRecord& record);

  // Takes note of a record that was found in order. It has to stay in memory until forget_bytes().
  void passed(const JournalRecord& record);
  void forget_bytes();  // the records so far go with their file
  [[nodiscard]] std::optional<BrokerTime> first_time() const { return first_time_; }
  [[nodiscard]] std::optional<BrokerTime> newest_time();
  // ", behind what was so at 14:30": where in the day that is which follows; empty: not known.
  [[nodiscard]] std::string since_last();

 private:
  ContractTable contracts_;
  std::optional<BrokerTime> first_time_, last_time_;
  std::array<JournalRecord, 16> newest_{};
  std::size_t passed_ = 0;  // of this file
};

}  // namespace rm
