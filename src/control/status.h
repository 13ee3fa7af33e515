#pragma once
// What the daemon sees, as JSON for `risk-manager status --json` and for scripts. Money as decimal strings, times in
// RFC 3339.

#include <span>
#include <string>
#include <vector>

#include "enforcement/enforcement_executor.h"
#include "observe/log.h"
#include "risk_engine/risk_engine.h"
#include "store/store.h"

namespace rm {

struct GatewayStatus {
  std::string api_url;
  bool logged_in = false, user_hub = false, market_hub = false;
  int requests_left = 0, exits_left = 0;
  int needed_to_flatten = 0;  // requests, for everything that is open now
  std::uint64_t refused_messages = 0;
  std::uint64_t found_by_reads = 0;  // the stream, although up, hid it
  std::string problem;               // why its accounts are not guarded, or its token not renewed; empty: none known
};

struct ConfigStatus {
  std::string file;  // empty: none
  BrokerTime loaded_at;
  std::vector<std::string> pending;        // what waits for the next reset, a sentence each
  std::vector<std::string> needs_restart;  // what waits for a start
  std::string refused;                     // why the file as it is now is not in force; empty: it is
};

struct LoginStatus {
  std::string_view name;  // empty: the only one
  const Book& book;
  const RiskEngine& engine;
  const EnforcementExecutor& executor;
  std::span<const Receipt> receipts;  // newest last
  GatewayStatus gateway;
  std::uint64_t handler_failures = 0;
  BrokerTime now;  // its broker's
};

struct StatusInput {
  std::span<const LoginStatus> logins;  // at least one
  const ContractTable& contracts;
  StoreHealth store;
  ConfigStatus config;
  LogHealth log;
};

// "protecting": every account is synchronised. "degraded": some are polled over REST, or the store is not well.
// "starting": of no login all accounts are known and guarded yet.
[[nodiscard]] std::string status_json(const StatusInput& input);

// The same for a person. `json` is what status_json() made. Empty when it is not.
[[nodiscard]] std::string status_text(const std::string& json);

}  // namespace rm
