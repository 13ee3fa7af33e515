#include "drill/ground.h"

#include <algorithm>

#include "book/trading_day.h"
#include "config/market_hours.h"
#include "config/trading_day_table.h"
#include "rules/symbol_match.h"

namespace rm::drill {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAhead = 1h;  // as long as a drill may take, and the waits in it
constexpr Duration kStep = 10min;
constexpr Duration kLookAhead = 24h * 8;

int blocked(const RuleConfig& rule, const ContractTable& contracts, const Contract& contract) {
  const auto& symbols = rule.get<std::vector<std::string>>("symbols");
  return std::ranges::any_of(symbols, [&](const auto& s) { return means(s, contracts, contract); }) ? 100 : 0;
}

int limited(const RuleConfig& rule, const ContractTable& contracts, const Contract& contract) {
  std::optional<std::int64_t> limit;
  for (const auto& [symbol, count] : rule.get<SymbolLimits>("limits")) {
    if (means(symbol, contracts, contract)) limit = std::min(limit.value_or(count), count);
  }
  if (!limit && rule.has("default")) limit = rule.get<std::int64_t>("default");
  if (!limit && rule.get<std::string>("unknown_symbol") == "block") limit = 0;
  if (!limit) return 0;
  return *limit == 0 ? 50 : 1;
}

int in_the_way(const RuleConfig& rule, const ContractTable& contracts, const Contract& contract) {
  if (rule.rule == "symbol_blocks") return blocked(rule, contracts, contract);
  if (rule.rule == "max_contracts_per_instrument") return limited(rule, contracts, contract);
  return 0;
}

bool inside(const RuleConfig& rule, BrokerTime t) {
  if (!rule.sessions || !rule.sessions->everything) return true;
  return rule.sessions->everything->open_at(t);
}

}  // namespace

std::vector<ContractId> preferred(const ContractTable& contracts, std::vector<ContractId> offered,
                                  std::span<const RuleConfig* const> others) {
  const auto weight = [&](ContractId id) {
    int sum = 0;
    for (const RuleConfig* rule : others) sum += in_the_way(*rule, contracts, contracts.at(id));
    return sum;
  };
  std::ranges::stable_sort(offered, {}, weight);
  return offered;
}

BrokerTime good_time(const Config& config, std::span<const RuleConfig* const> rules, BrokerTime now) {
  const auto hours = market_hours(now);
  const auto resets =
      trading_day_resets(config.trading_day.timezone, config.trading_day.reset, now - 48h, now + kLookAhead + 48h);
  if (!hours || !resets) return now;
  const TradingCalendar calendar{*resets};
  const auto good = [&](BrokerTime t) {
    return hours->open_at(t) && hours->open_at(t + kAhead) && calendar.next_reset(t) > t + kAhead &&
           calendar.day_of(t) + kAhead < t &&
           std::ranges::all_of(
               rules, [&](const RuleConfig* rule) { return inside(*rule, t) && inside(*rule, t + kAhead / 2); });
  };
  const BrokerTime whole = BrokerTime::from_seconds(now.nanos() / kNanosPerUnit);
  for (BrokerTime t = whole; t < whole + kLookAhead; t = t + kStep) {
    if (good(t)) return t;
  }
  return whole;
}

}  // namespace rm::drill
