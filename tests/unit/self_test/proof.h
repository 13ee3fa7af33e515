#pragma once
// The self-test with rules as YAML text, on the contracts of a small gateway.

#include <string>
#include <string_view>

#include "config/trading_day_table.h"
#include "runtime/self_test/self_test.h"
#include "support/desk.h"

namespace rm::test {

inline constexpr AccountId kGuarded{26'001'234};

// MNQ, MES, ES, NQ, 6J, NKD: from half a cent to five dollars a tick of very different sizes.
ContractTable small_gateway();
const TradingCalendar& calendar();

// Of these rules on one account, at this time.
SelfTestReport self_tested(std::string_view rules, BrokerTime now = chicago("09:30:00"),
                           Guardian::Settings settings = {});
// "" when every rule is proven, else what is not, and why.
std::string not_proven(std::string_view rules, BrokerTime now = chicago("09:30:00"));

}  // namespace rm::test
