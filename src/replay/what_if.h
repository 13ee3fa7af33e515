#pragma once
// What another configuration would have decided on a recorded journal: which decisions fall away, which are new,
// which come at another moment, and how the account stood then. The fills stay as they were: what other decisions
// would have changed in them is not made up.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "book/day_ledger.h"
#include "replay/replay.h"

namespace rm {

// A decision as a person reads it, and the account at that moment. Of a decision for several reasons, each may have
// another counterpart: `findings` are then those that this is about.
struct DecisionThen {
  struct Finding {
    std::string rule;
    std::string contract;  // empty: of the account
    std::string why;
    bool strike = false;  // undoing of what a lock forbids
  };
  std::uint64_t run = 0, event = 0;  // which event of which run it followed from
  BrokerTime at, day;
  AccountId account;
  std::vector<Finding> findings;
  std::string what;           // goal, and locks
  DayResult result;           // of the day
  std::optional<Money> open;  // empty: not all that was open could be valued
  bool holds = false;         // a position

  [[nodiscard]] std::string rules() const;  // "daily_loss, max_contracts"
  [[nodiscard]] std::string why() const;    // "…; …"
};

struct WhatIf {
  struct Pair {  // of the same rules and contracts, on the same day
    DecisionThen recorded, other;
  };
  struct DayEnd {  // as recorded; of the last day, how it stood where the journal ends
    AccountId account;
    BrokerTime day, next_reset;
    DayResult result;
    bool holds = false;
  };
  std::vector<DecisionThen> fallen_away, added;
  std::vector<Pair> moved;         // earlier or later
  std::vector<Pair> changed;       // at the same event, but with another goal, lock or reason
  std::vector<DecisionThen> same;  // at the same event, the same goal, locks and reasons
  std::vector<DayEnd> days;
  std::vector<AccountId> not_guarded;  // by the other configuration, but then
  BrokerTime begin, end;               // of the events
  std::uint64_t events = 0, runs = 0;
};

// Reads the journal three times. Errors: of Replay; Refused when it does not replay identically with its own
// configuration (nothing can be concluded from it then).
[[nodiscard]] Result<WhatIf> what_if(const std::filesystem::path& journal, const Config& other);

}  // namespace rm
