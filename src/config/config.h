#pragma once
// The configuration as the program uses it: typed, complete (every default applied) and checked. Made by
// load_config().

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.h"
#include "domain/time.h"
#include "rules/param.h"

namespace rm {

// Where the broker is. Plain http and ws addresses are loopback addresses (the loader refuses others).
struct GatewayConfig {
  std::string api_url;         // https://api.topstepx.com; the paths of the calls are appended
  std::string user_hub_url;    // https://rtc.topstepx.com/hubs/user
  std::string market_hub_url;  // https://rtc.topstepx.com/hubs/market
  std::string ca_file;         // one more certificate authority, an absolute path; empty: the system's alone
  Duration frozen_feed_after = std::chrono::seconds{15};  // > 0; without a price in an open market
  Duration hub_timeout = std::chrono::seconds{30};        // 5 s - 2 min; without anything, not even a ping
  friend bool operator==(const GatewayConfig&, const GatewayConfig&) = default;
};

// One account of the `accounts` list: chosen by the broker's number or by its name, never both.
struct AccountConfig {
  std::optional<AccountId> id;
  std::string name;               // empty when chosen by number; compared as written
  std::vector<RuleConfig> rules;  // complete, in the order of the registry; empty: the common rules apply
};

// One of several logins: where, as whom, and which of its accounts.
struct LoginConfig {
  std::string name;  // letters, digits, '-' and '_'; names the environment variables of its credentials
  GatewayConfig gateway;
  std::string credentials_file;  // an absolute path; empty: credentials come from the environment
  bool all_accounts = true;
  std::vector<AccountConfig> accounts;
};

struct TradingDayConfig {
  std::chrono::minutes reset{};  // local time of day, 00:00 - 23:59: 17h
  std::string timezone;          // a name the time zone database has: "America/Chicago"
  friend bool operator==(const TradingDayConfig&, const TradingDayConfig&) = default;
};

struct ValuationConfig {
  enum class Mark : std::uint8_t { Last, Mid, Exit };
  Mark mark{};             // the price a position is valued at
  Duration stale_after{};  // > 0; an older quote is not trusted
  friend bool operator==(const ValuationConfig&, const ValuationConfig&) = default;
};

// What is done about an account that is seen neither by stream nor by reads while something of it is open.
struct BlindConfig {
  enum class Action : std::uint8_t { Warn, Flatten };
  Action action = Action::Warn;
  Duration after = std::chrono::seconds{30};  // > 0
  friend bool operator==(const BlindConfig&, const BlindConfig&) = default;
};

struct LogConfig {
  enum class Level : std::uint8_t { Trace, Debug, Info, Warn, Error };
  enum class Format : std::uint8_t { Json, Text, Both };
  std::string dir;  // an absolute path; empty: "log" in the data directory
  Level level{};
  std::int64_t rotate_mb{};  // size of one file in MiB, > 0
  std::int64_t keep{};       // files kept beside the current one, > 0
  Format format{};
  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

struct JournalConfig {
  std::int64_t keep_mb{};  // MiB of finished journal files that stay, > 0
  // One at least.
  [[nodiscard]] std::size_t files_of(std::size_t bytes) const {
    return std::max<std::size_t>((static_cast<std::size_t>(keep_mb) << 20) / bytes, 1);
  }
  friend bool operator==(const JournalConfig&, const JournalConfig&) = default;
};

struct NotifyConfig {
  std::vector<std::string> command;  // program and arguments, run without a shell; empty: none
  friend bool operator==(const NotifyConfig&, const NotifyConfig&) = default;
};

struct Config {
  GatewayConfig gateway;
  bool all_accounts = true;             // guard every active account of the login …
  std::vector<AccountConfig> accounts;  // … or these; with all_accounts: accounts that have rules of their own
  TradingDayConfig trading_day;
  ValuationConfig valuation;
  BlindConfig on_blind;
  std::vector<RuleConfig>
      rules;  // one entry per rule of the registry, in its order; `enabled` false where it has no section
  LogConfig log;
  JournalConfig journal;
  NotifyConfig notify;
  std::string credentials_file;     // an absolute path; empty: credentials come from the environment
  std::vector<LoginConfig> logins;  // empty: the one login of the keys above; else these, and nothing of those above

  std::vector<std::string> warnings;  // nothing is wrong yet: sentences for a person; not part of what is compared

  // The entry that chooses this account: by number first, then by name; nullptr when there is none.
  [[nodiscard]] const AccountConfig* find_account(AccountId id, std::string_view name) const;
  // Whether this account is guarded at all.
  [[nodiscard]] bool guards(AccountId id, std::string_view name) const;
  // The enabled rules of this account, in the order of the registry: its own where it has some, else the common ones.
  // Empty when the account is not guarded.
  [[nodiscard]] std::vector<RuleConfig> rules_for(AccountId id, std::string_view name) const;
};

// Same rule, same switch, same values. (Tables are compared by the rule's name.)
[[nodiscard]] bool same_rule(const RuleConfig& a, const RuleConfig& b);
[[nodiscard]] bool operator==(const AccountConfig& a, const AccountConfig& b);
[[nodiscard]] bool operator==(const LoginConfig& a, const LoginConfig& b);
[[nodiscard]] bool operator==(const Config& a, const Config& b);

}  // namespace rm
