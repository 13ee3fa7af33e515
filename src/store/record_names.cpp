#include "store/record_names.h"

#include <algorithm>

#include "store/record_time.h"
#include "store/withheld.h"

namespace rm {

std::string record_range(std::uint64_t first, std::uint64_t last) {
  return first == last ? "record " + std::to_string(first)
                       : "records " + std::to_string(first) + " to " + std::to_string(last);
}

std::string RecordNames::name(const JournalRecord& record) {
  const auto time = time_of(record, contracts_);
  return "record " + std::to_string(record.sequence) + " (" +
         std::string{record.type == kWithheld ? "withheld" : name_of(record.type)} + ", " +
         (time ? format_timestamp(*time) : "of no time") + ")";
}

void RecordNames::passed(const JournalRecord& record) {
  if (!first_time_) first_time_ = time_of(record, contracts_);
  newest_[passed_++ % newest_.size()] = record;
}

void RecordNames::forget_bytes() {
  (void)newest_time();
  passed_ = 0;
}

// Reading a record costs more than its hash: done for the newest ones alone.
std::optional<BrokerTime> RecordNames::newest_time() {
  for (std::size_t i = 0; i < std::min(passed_, newest_.size()); ++i) {
    const auto time = time_of(newest_[(passed_ - 1 - i) % newest_.size()], contracts_);
    if (time) return last_time_ = time;
  }
  return last_time_;
}

std::string RecordNames::since_last() {
  const auto time = newest_time();
  return time ? ", behind what was so at " + format_timestamp(*time) : "";
}

}  // namespace rm
