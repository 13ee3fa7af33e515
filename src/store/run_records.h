#pragma once
// What a replay needs beside the events: how book and engine were set up, and what changed them since. Written before
// the engine sees the next event.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/goal.h"
#include "domain/lock.h"
#include "domain/money.h"
#include "domain/time.h"
#include "store/recovered.h"

namespace rm {

// The first record of a run. Contracts are numbered from zero again where the program begins with it; what logins
// that come up later know of contracts is said once more.
struct RunBegins {
  std::string version;  // of the program
  BrokerTime at;
};

// Of several logins in one program: what follows is seen and decided by this one. Right behind RunBegins, and from
// then on where it was another's turn before. The only login has none.
struct LoginTurn {
  bool program_begins = false;  // no login of this program has had a turn before
  std::uint32_t login = 0;      // its number in this program
  std::string name;
};

// A contract of the table under its number in it, as known from now on.
struct ContractKnown {
  std::uint32_t number = 0;
  std::string broker_id, name;       // name empty: its record is not known yet
  std::int64_t tick_size_nanos = 0;  // 0: not known yet
  Money tick_value;
  bool active = false;
  friend bool operator==(const ContractKnown&, const ContractKnown&) = default;
};

struct WatchedAccount {
  AccountId account;
  std::string name;
  friend bool operator==(const WatchedAccount&, const WatchedAccount&) = default;
};
struct ResumedEnforcement {  // it goes on after a restart
  EnforcementId id;
  AccountId account;
  Goal goal;
};

// Accounts, rules, and what was restored: from here on the engine sees events.
struct RunStart {
  std::string version;
  BrokerTime at;
  BrokerTime computer_time;              // calendars and sessions were worked out around it
  std::vector<std::string> yaml;         // the configuration in force, in parts
  std::vector<WatchedAccount> accounts;  // in the order in which they are evaluated
  std::vector<Lock> locks;
  std::vector<ClockRow> clocks;
  std::vector<ResumedEnforcement> resumed;
  EnforcementId next_enforcement{1};
};

// These accounts have other rules from now on.
struct RulesChanged {
  BrokerTime at, computer_time;
  std::vector<std::string> yaml;  // the configuration in force, in parts
  std::vector<AccountId> accounts;
};

// A stored text ends at 64 KiB: a long one is stored in parts.
[[nodiscard]] std::vector<std::string> in_parts(std::string_view text);
[[nodiscard]] std::string joined(const std::vector<std::string>& parts);

}  // namespace rm
