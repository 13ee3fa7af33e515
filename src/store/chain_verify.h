#pragma once
// Is this journal what was written? Follows the chain of hashes from the first record that is there to the last, and
// compares it with the heads that the database keeps and with those that a person gives. Reads only, also beside a
// process that writes.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/time.h"
#include "store/chain.h"

namespace rm {

struct VerifiedJournal {
  std::string problem;         // the first thing that does not fit, one sentence; empty: all fits
  bool never_chained = false;  // the problem is that there is no chain at all
  std::uint64_t files = 0, records = 0;
  std::uint64_t unchained = 0, withheld = 0;  // of the records
  std::uint64_t first_sequence = 0;
  std::optional<BrokerTime> first_time, last_time;
  ChainTip head;
  std::vector<std::string> remarks;  // what is no fault, but has to be known; a sentence each
  [[nodiscard]] bool intact() const { return problem.empty(); }
};

// `anchors`: heads that were kept elsewhere. Error Io: there is no journal, or it cannot be read.
[[nodiscard]] Result<VerifiedJournal> verify_journal(const std::filesystem::path& dir,
                                                     std::span<const ChainTip> anchors);

}  // namespace rm
