#include "config/firms.h"

#include <fmt/format.h>

#include <array>

namespace rm {
namespace {

constexpr std::string_view kOwnDomain = "topstepx";  // the one firm with a domain of its own
constexpr std::array<std::string_view, 17> firms{
    kOwnDomain,  "alphaticks",     "aquafutures",    "blueguardianfutures", "blusky",
    "e8",        "fundingfutures", "futureselite",   "fxifyfutures",        "goatfundedfutures",
    "holaprime", "lucidtrading",   "thefuturesdesk", "tickticktrader",      "toponefutures",
    "tradeify",  "tx3funding"};

}  // namespace

std::span<const std::string_view> known_firms() {
  return firms;
}

GatewayConfig firm_gateway(std::string_view firm) {
  const std::string domain = firm == kOwnDomain ? fmt::format("{}.com", firm) : fmt::format("{}.projectx.com", firm);
  return {.api_url = fmt::format("https://api.{}", domain),
          .user_hub_url = fmt::format("https://rtc.{}/hubs/user", domain),
          .market_hub_url = fmt::format("https://rtc.{}/hubs/market", domain),
          .ca_file = {}};
}

}  // namespace rm
