#pragma once
// Whether a journal, replayed with the configuration it was recorded with, takes the decisions it recorded.

#include <optional>

#include "replay/replay.h"

namespace rm {

struct Comparison {
  // The first decision that was taken then or now, but not both, or not as the same bytes.
  struct Difference {
    std::optional<Decision> recorded, replayed;
    std::uint64_t record = 0;  // of the journal, of the event it followed from
  };
  std::optional<Difference> first;
  std::uint64_t decisions = 0;  // that were the same
  // On the very last event of a run: the program was ended before it could record it.
  std::uint64_t cut_off = 0;
  BrokerTime begin, end;  // of the events
};

// To the end of the journal, or to the first difference: the replay then stands behind it.
[[nodiscard]] Result<Comparison> compare(Replay& replay);

}  // namespace rm
