#pragma once
// Both hubs, connected and subscribed as the daemon would, and a first price.

#include <string>
#include <vector>

#include "config/config.h"
#include "doctor/examination.h"
#include "domain/contract_table.h"
#include "net/loop.h"

namespace rm {

struct StreamAccess {
  net::Loop& loop;
  const GatewayConfig& gateway;
  ContractTable& contracts;
  const std::vector<AccountId>& accounts;
  std::string token;
  bool market_open = false;
};

// "user_hub", "market_hub": connected, every subscription confirmed. "prices": one came and was understood. Blocks.
void examine_streams(const StreamAccess& access, Examination& examination);

}  // namespace rm
