#pragma once
// The self-test with rules as YAML text, on the contracts of a small gateway.

#include <string>
#include <string_view>

#include "config/trading_day_table.h"
#include "runtime/self_test/self_test.h"
#include "support/desk.h"

namespace rm::test {

inline constexpr AccountId kGuarded{26'001'234};

// Every rule there is, each on.
inline constexpr std::string_view kAllRules =
    "max_contracts: {max_contracts: 5}, max_contracts_per_instrument: {limits: {ES: 2}}, daily_loss: {max_loss: "
    "-1000}, daily_unrealized_loss: {limit: -400}, max_unrealized_profit: {target: 300}, trade_frequency_limit: "
    "{per_minute: 3}, cooldown_after_loss: {tiers: [{loss: -100, cooldown: 5m}]}, no_stop_loss_grace: {}, "
    "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: \"08:30\", end: \"15:00\"}]}, "
    "auth_loss_guard: {}, symbol_blocks: {symbols: [NKD]}, trade_management: {auto_breakeven: {trigger_ticks: 8}}, "
    "daily_realized_profit: {target: 900}";

// MNQ, MES, ES, NQ, 6J, NKD: from half a cent to five dollars a tick of very different sizes.
ContractTable small_gateway();
const TradingCalendar& calendar();

// Of these rules on one account, at this time.
SelfTestReport self_tested(std::string_view rules, BrokerTime now = chicago("09:30:00"),
                           Guardian::Settings settings = {});
// "" when every rule is proven, else what is not, and why.
std::string not_proven(std::string_view rules, BrokerTime now = chicago("09:30:00"));

}  // namespace rm::test
