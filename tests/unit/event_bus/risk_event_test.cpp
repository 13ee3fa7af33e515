// Names for logs, accounts for routing, and which events may wait.
#include "event_bus/risk_event.h"

#include <set>

namespace rm {
namespace {

constexpr AccountId kAccount{26'001'234};

struct Case {
  RiskEventBody body;
  std::string_view name;
  bool of_account;
};

std::vector<Case> cases() {
  Order order;
  order.account = kAccount;
  Trade trade;
  trade.account = kAccount;
  return {{AccountUpdated{AccountInfo{kAccount, {}, true}}, "account", true},
          {OrderUpdated{order}, "order", true},
          {PositionUpdated{Position{kAccount, {}, {}, {}, {}}}, "position", true},
          {TradeExecuted{trade}, "trade", true},
          {QuoteUpdated{}, "quote", false},
          {SnapshotTaken{kAccount, nullptr}, "snapshot", true},
          {ReadBack{kAccount, nullptr, nullptr, {}, false}, "read_back", true},
          {StreamChanged{kAccount, true, {}}, "stream", true},
          {TimePassed{}, "time", false},
          {ReadsFailed{kAccount}, "reads_failed", true}};
}

TEST(RiskEvent, EachKindHasItsNameAndAccount) {
  std::set<std::size_t> seen;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(name_of(c.body), c.name);
    EXPECT_EQ(account_of(c.body).has_value(), c.of_account);
    EXPECT_EQ(account_of(c.body), c.of_account ? std::optional{kAccount} : std::nullopt);
    EXPECT_EQ(is_critical(c.body), c.name != "quote") << "only quotes may wait";
    seen.insert(c.body.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<RiskEventBody>);
}

}  // namespace
}  // namespace rm
