#pragma once
// Prices that travel: each from where it was to where a step sends it, in a straight line, ten times a second.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "paper_gateway/feed/feed.h"
#include "paper_gateway/scenario/scenario.h"

namespace paper {

class Moves {
 public:
  // Takes the place of a move of the same contract that is still under way. `from` is the price at `start`.
  void begin(const MoveStep& step, Decimal from, Decimal tick, PaperTime start);
  std::optional<PaperTime> next_deadline() const;
  // The prices due at or before `now`: of each contract only the newest.
  void on_time(PaperTime now, std::vector<FeedEvent>& out);

 private:
  struct Move {
    Decimal from, to, tick;
    PaperTime start, end, next;
    Decimal at(PaperTime when) const;
  };
  std::map<std::string, Move> by_contract_;
};

}  // namespace paper
