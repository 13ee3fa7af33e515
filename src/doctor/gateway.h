#pragma once
// The gateway, as the daemon would use it: login, accounts, contracts, both hubs, a price. Only reads.

#include "config/config.h"
#include "config/credentials.h"
#include "doctor/examination.h"
#include "doctor/running_daemon.h"

namespace rm {

struct GatewayAccess {
  const std::string& login;  // empty: the only one
  const Config& config;
  const Credentials& credentials;
  const RunningDaemon& daemon;  // while one runs, or may run, no stream is opened: a second one may push it out
};

// "gateway" (reached, certificate trusted), "clock", "login", "accounts", "contracts", "user_hub", "market_hub",
// "prices", "requests". Blocks, at most about a minute.
void examine_gateway(const GatewayAccess& access, Examination& examination);
void gateway_not_checked(const std::string& why, Examination& examination);

}  // namespace rm
