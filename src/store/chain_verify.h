#pragma once
// Is this journal what was written? Follows the chain of hashes from the first record that is there to the last, and
// compares it with the heads that the database keeps and with those that a person gives. Reads only, also beside a
// process that writes.

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "domain/time.h"
#include "store/chain.h"

namespace rm {

struct VerifiedJournal {
  std::string problem;       // the first thing that does not fit, one sentence; empty: all fits
  bool cannot_tell = false;  // the problem is that nothing is there to compare the records with: no chain, no head
  std::uint64_t files = 0, records = 0;
  std::uint64_t unchained = 0, withheld = 0;  // of the records
  std::uint64_t first_sequence = 0;
  // The last record that a hash of the chain, or a head that was kept, says to be as it was written. Nothing vouches
  // for those behind it, up to the head: the process that wrote them is at it, or was killed.
  std::uint64_t vouched_for = 0;
  std::uint64_t compared_heads = 0;  // of those that were given
  std::optional<BrokerTime> first_time, last_time;
  ChainTip head;
  std::vector<std::string> remarks;  // what is no fault, but has to be known; a sentence each
  [[nodiscard]] bool intact() const { return problem.empty(); }
};

// A remark, where nothing else says where the journal ends.
inline constexpr std::string_view kNoDatabase =
    "there is no database beside it that knows the end: whether the last records were cut off shows only with a head "
    "that was kept elsewhere";

// `anchors`: heads that were kept elsewhere. Error Io: there is no journal, or it cannot be read, or it was asked to
// stop.
[[nodiscard]] Result<VerifiedJournal> verify_journal(const std::filesystem::path& dir,
                                                     std::span<const ChainTip> anchors,
                                                     const std::stop_token& stop = {});

// "records 491 to 640 are not chained yet: nothing vouches for them"; empty: all are vouched for.
[[nodiscard]] std::string unvouched(const VerifiedJournal& report);

}  // namespace rm
