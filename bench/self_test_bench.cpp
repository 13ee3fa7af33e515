// What the self-test adds to a start: every rule broken through the whole path, once for one account; and how little
// more it is for a hundred accounts with the same rules.

#include <benchmark/benchmark.h>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "runtime/self_test/self_test.h"

namespace {

using namespace rm;

constexpr std::string_view kThirteenRules =
    "rules: {max_contracts: {max_contracts: 5}, max_contracts_per_instrument: {limits: {MNQ: 3, ES: 1}}, daily_loss: "
    "{max_loss: -1000}, daily_unrealized_loss: {limit: -400}, max_unrealized_profit: {target: 300}, "
    "trade_frequency_limit: {per_minute: 5, per_hour: 20, per_session: 60}, cooldown_after_loss: {tiers: [{loss: "
    "-100, "
    "cooldown: 5m}, {loss: -300, cooldown: 1h}]}, no_stop_loss_grace: {grace: 10s}, session_block_outside: "
    "{sessions: "
    "[{days: [mon, tue, wed, thu, fri], start: '08:30', end: '15:00'}]}, auth_loss_guard: {}, symbol_blocks: "
    "{symbols: [NKD, 'G*']}, trade_management: {auto_breakeven: {trigger_ticks: 8}, trailing_stop: "
    "{activation_ticks: "
    "16, distance_ticks: 10}}, daily_realized_profit: {target: 900}}\n";

struct Start {
  Start() {
    const auto config = load_config_text(kThirteenRules, "bench", {}, rule_registry(), now);
    if (!config) std::abort();
    rules = config->rules;
    for (int i = 0; i < 50; ++i) {
      const std::string root = i == 0 ? "MNQ" : i == 1 ? "ES" : i == 2 ? "NKD" : "X" + std::to_string(i);
      contracts.learn("CON.F.US." + root + ".U26", root + "U6", 250'000'000, Money::from_cents(50), true);
    }
  }
  BrokerTime now = parse_timestamp("2026-09-01T14:30:00Z").value();
  ContractTable contracts;
  TradingCalendar calendar{trading_day_resets("America/Chicago", std::chrono::hours{17},
                                              now - std::chrono::hours{240}, now + std::chrono::hours{24 * 900})
                               .value()};
  std::vector<RuleConfig> rules;
};

void self_test(benchmark::State& state) {
  const Start start;
  for (auto _ : state) {
    SelfTest test{start.contracts, start.calendar, {}, start.now};
    for (std::int64_t account = 1; account <= state.range(0); ++account) test.prove(AccountId{account}, start.rules);
    const auto proven = static_cast<std::int64_t>(test.report().proven);
    if (proven != 13 * state.range(0)) state.SkipWithError("a rule was not proven");
  }
}

BENCHMARK(self_test)->Name("self_test_of_thirteen_rules/accounts")->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
