// The sessions with the gateway: token, reconnects, lost events, what `status` shows of it.

#include <nlohmann/json.hpp>

#include "integration/system_test.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::SizeIs;

class Session : public SystemTest {
 protected:
  [[nodiscard]] std::string log() const { return read_text(dir_.path() / "log" / "risk-manager.json.log"); }
  [[nodiscard]] bool logged(std::string_view text) const { return log().find(text) != std::string::npos; }
};

TEST_F(Session, ATokenThatIsRefusedIsRenewedAndTheWorkIsDone) {
  run();
  paper_.fault(R"({"path":"/api/Position/partialCloseContract","action":"status","status":401,"body":""})");
  paper_.buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(system().until([&] { return system().verified() == 1; }));
  EXPECT_EQ(paper_.position(kAccount, kMnq), 5);
  EXPECT_THAT(paper_.requests("/api/Auth/loginKey"), SizeIs(2));
  EXPECT_THAT(paper_.requests("/api/Position/partialCloseContract"), SizeIs(2));
}

TEST_F(Session, R28_AFillThatTheStreamHidIsFoundAfterAReconnect) {
  run();
  for (const char* event : {"GatewayUserTrade", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserAccount"}) {
    paper_.fault(std::string{R"({"path":")"} + event + R"(","action":"drop","count":0})");
  }
  paper_.buy(kAccount, "MNQ", 3);
  paper_.clear_faults();
  EXPECT_EQ(system().held(kMnq), 0);
  paper_.control("hub/close", R"({"hub":"user"})");
  EXPECT_TRUE(system().until([&] { return system().held(kMnq) == 3; }));
  EXPECT_EQ(system().net_cents(), paper_.net_cents(kAccount));
}

TEST_F(Session, R28_TheStreamIsSubscribedForEveryAccountAgainAfterADrop) {
  run();
  paper_.control("hub/close", R"({"hub":"user","error":"maintenance"})");
  ASSERT_TRUE(system().until([&] { return system().status().at("state") != "protecting"; }));
  ASSERT_TRUE(system().until_protecting());
  paper_.buy(kOtherAccount, "MES", 1);
  paper_.buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(system().until([&] { return system().held(kMes, kOtherAccount) == 1 && system().held(kMnq) == 1; }));
  EXPECT_THAT(system().metrics(), HasSubstr("risk_manager_reconnects_total{hub=\"user\"} 1"));
}

TEST_F(Session, R26_ABalanceThatDoesNotFollowFromTheTradesIsSaid) {
  run();
  paper_.buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(system().until([&] { return system().held(kMnq) == 1; }));
  paper_.control("account", R"({"accountId":26001234,"balance":140000})");
  paper_.control("hub/close", R"({"hub":"user"})");  // the snapshot after it looks
  EXPECT_TRUE(system().until([&] { return logged("balance_difference"); }));
}

TEST_F(Session, StatusHasEveryMemberThatIsPromised) {
  run();
  paper_.buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(system().until([&] { return system().held(kMnq) == 1; }));
  const Json status = system().status();
  const auto members = [](const Json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
  };
  EXPECT_THAT(members(status),
              IsSupersetOf({"state", "broker_time", "accounts", "gateway", "store", "handler_failures", "version"}));
  EXPECT_THAT(members(status.at("gateway")),
              IsSupersetOf({"api_url", "logged_in", "user_hub", "market_hub", "requests_left", "exits_left",
                            "refused_messages", "found_by_reads"}));
  const Json& account = status.at("accounts").front();
  EXPECT_THAT(members(account),
              IsSupersetOf({"id", "synchronised", "sync_state", "can_trade", "balance", "pnl", "positions", "orders",
                            "rules", "locks", "strikes", "incidents", "enforcements"}));
  EXPECT_THAT(members(account.at("pnl")),
              IsSupersetOf({"realised", "costs", "unrealised", "net", "trades", "day_begin", "next_reset"}));
  EXPECT_THAT(members(account.at("positions").front()),
              IsSupersetOf({"contract", "name", "size", "average_price", "unrealised"}));
  EXPECT_THAT(members(account.at("rules").front()), IsSupersetOf({"name", "limit", "value", "used_percent"}));
}

TEST_F(Session, R22_AnAccountsOwnRulesReplaceTheCommonOnes) {
  run(std::string{"accounts: [all, {id: 26001235, rules: {max_contracts: {max_contracts: 2}}}]\n"} + kRules);
  paper_.buy(kAccount, "MNQ", 3);
  paper_.buy(kOtherAccount, "MNQ", 3);
  EXPECT_TRUE(system().until([&] { return system().verified() == 1; }));
  EXPECT_EQ(paper_.position(kAccount, kMnq), 3);
  EXPECT_EQ(paper_.position(kOtherAccount, kMnq), 2);
}

}  // namespace
}  // namespace rm::test
