#pragma once
// How things stood behind one event: what was known of each account, and where each rule was.

#include <cstdint>
#include <string>
#include <vector>

#include "domain/time.h"
#include "replay/replay.h"

namespace rm {

struct RuleStand {
  std::string rule, limit, value;  // exact decimals, counts or words, as the rule itself says them
  std::int64_t used_percent = 0;
  std::string margin;  // "93.51 left", "3.99 beyond"; empty where it is no number
  std::string words;   // where "value of limit" would say nothing to a person: how it stands; else empty
  std::string broken;  // why, where it was found broken and that was new; empty: it was not
};

struct AccountStand {
  AccountId account;
  std::string sync;                                   // "synchronised", ...
  std::string can_trade, net, realised, costs, open;  // "unknown" where it is
  std::vector<std::string> positions, orders, locks;  // a sentence each
  std::vector<RuleStand> rules;
};

struct Moment {
  std::uint64_t run = 0;     // of the journal, from 1
  std::uint64_t record = 0;  // of the journal
  std::uint64_t event = 0;   // number in its run
  BrokerTime at;
  std::string text;
  std::vector<AccountStand> accounts;
  std::vector<std::string> decided;  // on it, by this version with the recorded rules
};

// The last event that a replay fed to book and engine, which stand behind it still.
struct LastEvent {
  std::uint64_t record = 0;
  RiskEvent event;
  std::vector<Decision> decided;
};
// With an account: of that one alone.
[[nodiscard]] Moment moment_of(Replay& replay, const LastEvent& last, std::optional<AccountId> account);

}  // namespace rm
