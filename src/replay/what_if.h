#pragma once
// What another configuration would have decided on a recorded journal: which decisions fall away, which are new,
// which come at another moment, and how the account stood then. The fills stay as they were: what other decisions
// would have changed in them is not made up.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "replay/replay.h"

namespace rm {

// A decision as a person reads it, and the account at that moment.
struct DecisionThen {
  std::uint64_t run = 0, event = 0;  // which event of which run it followed from
  BrokerTime at, day;
  AccountId account;
  std::string rules;          // "daily_loss, max_contracts"
  std::string why;            // reasons
  std::string what;           // goal, and locks
  bool strike = false;        // undoing of what a lock forbids
  Money realised;             // of the day, net of costs
  std::optional<Money> open;  // empty: not all that was open could be valued
};

struct WhatIf {
  struct Pair {  // of the same rules, on the same day
    DecisionThen recorded, other;
  };
  struct DayEnd {
    AccountId account;
    BrokerTime day;
    Money realised;  // as recorded, net of costs
  };
  std::vector<DecisionThen> fallen_away, added;
  std::vector<Pair> moved;         // earlier or later
  std::vector<Pair> changed;       // at the same event, but with another goal or lock
  std::vector<DecisionThen> same;  // at the same event, the same goal and locks
  std::vector<DayEnd> days;
  BrokerTime begin, end;  // of the events
  std::uint64_t events = 0, runs = 0;
};

// Reads the journal three times. Errors: of Replay; Refused when it does not replay identically with its own
// configuration (nothing can be concluded from it then).
[[nodiscard]] Result<WhatIf> what_if(const std::filesystem::path& journal, const Config& other);

}  // namespace rm
