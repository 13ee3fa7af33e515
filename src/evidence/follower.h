#pragma once
// What came of a decision: from its record on, the requests, their answers and the proof that belong to it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evidence/record_words.h"
#include "replay/replay.h"

namespace rm {

struct Enforced {  // a decision and what came of it, in order
  EnforcementId id;
  AccountId account;
  BrokerTime at;
  std::vector<RecordWords> records;       // the decision, each request, its answer, the receipt, the end of its locks
  std::optional<BrokerTime> verified_at;  // the broker showed the goal; empty: not as far as the journal goes
};

class Follower {
 public:
  // Those that were followed are forgotten.
  void start_again() { enforced_.clear(); }
  void follow(const Decision& d) { enforced_.push_back({d.id, d.account, d.at, {}, {}}); }
  // Every step that is not an event, also while nothing is followed.
  void take(const ReplayStep& step, ContractTable& contracts);

  [[nodiscard]] std::vector<Enforced>& enforced() { return enforced_; }

 private:
  struct Asked {
    EnforcementId of;
    std::string what;
    std::size_t place = 0;  // among its records
  };
  void take_request(const JournalRecord& record, ContractTable& contracts);
  void take_reply(const JournalRecord& record, ContractTable& contracts);
  void keep(const JournalRecord& record, ContractTable& contracts);
  [[nodiscard]] std::string shown_by_others(const Enforced& of) const;
  Enforced* find(EnforcementId id);

  std::vector<Enforced> enforced_;
  std::map<RequestId, Asked> asked_;  // not answered yet, of those that are followed
  // Several enforcements of an account are driven as one: its requests bear the number of the oldest.
  std::map<AccountId, EnforcementId> latest_read_;
};

}  // namespace rm
