#pragma once
// Start-up: what the process before appended to the journal but did not get to chain, because it was killed, is
// chained now. What was chained is never chained again: where it does not fit any more, the new run goes on from the
// head that the database keeps, and the difference stays to be found.

#include <span>

#include "store/chain.h"

namespace rm {

struct ChainStart {
  ChainTip tip;                       // the new run goes on from here
  std::uint64_t last_segment = 0;     // the highest number that a file or the database knows
  std::uint64_t first = 0, last = 0;  // records of earlier runs that were chained just now; 0: none
  std::vector<ChainRow> rows;         // for the database, of the files that were chained on
  std::string trouble;                // one clause; empty: everything fits
};
// `known`: the database's rows; `heads_gone`: it had some, and they are gone. After trim_segments(), and before this
// process appends. Error Io: a journal file cannot be read.
[[nodiscard]] Result<ChainStart> recover_chain(const std::filesystem::path& dir, std::span<const ChainRow> known,
                                               bool heads_gone = false);

// What a person is told of a journal that does not fit.
[[nodiscard]] std::string changed_sentence(const std::string& problem);

// What a person has to know of it; empty: nothing.
[[nodiscard]] std::string sentence(const ChainStart& start);

}  // namespace rm
