// Whatever comes over the hub: the daemon lives, counts it, acts on none of it, and still enforces what is real.

#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::IsEmpty;

constexpr const char* kEnd = "\x1e";

std::string invocation(const std::string& target, const std::string& arguments) {
  return R"({"type":1,"target":")" + target + R"(","arguments":)" + arguments + "}" + kEnd;
}

struct Garbage {
  const char* name;
  const char* hub;
  std::string text;
};

std::vector<Garbage> garbage() {
  const std::string account = "26001234";
  return {
      {"NotJson", "user", std::string{"this is no json"} + kEnd},
      {"OnlySeparators", "user", std::string{kEnd} + kEnd + kEnd},
      {"TruncatedRecord", "user",
       R"({"type":1,"target":"GatewayUserTrade","arguments":[{"action":1,"data":{"id":1)" + std::string{kEnd}},
      {"UnknownType", "user", std::string{R"({"type":99})"} + kEnd},
      {"UnknownTarget", "user", invocation("GatewayUserWedding", "[{}]")},
      {"NoArguments", "user", std::string{R"({"type":1,"target":"GatewayUserTrade"})"} + kEnd},
      {"TradeOfWrongTypes", "user",
       invocation("GatewayUserTrade", R"([{"action":0,"data":{"id":"x","accountId":)" + account +
                                          R"(,"contractId":7,"price":"much","size":true,"side":"up"}}])")},
      {"TradeOfNoSize", "user",
       invocation("GatewayUserTrade",
                  R"([{"action":0,"data":{"accountId":)" + account + R"(,"contractId":"CON.F.US.MNQ.U26"}}])")},
      {"PositionBeyondEveryNumber", "user",
       invocation(
           "GatewayUserPosition",
           R"([{"action":1,"data":{"id":1,"accountId":)" + account +
               R"(,"contractId":"CON.F.US.MNQ.U26","type":1,"size":99999999999999999999,"averagePrice":1e308}}])")},
      {"PositionOfAnUnknownAccount", "user",
       invocation(
           "GatewayUserPosition",
           R"([{"action":1,"data":{"id":1,"accountId":4711,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-01T14:30:00Z","type":1,"size":60,"averagePrice":1}}])")},
      {"AccountThatIsAnArray", "user", invocation("GatewayUserAccount", "[[[[[[]]]]]]")},
      {"QuoteOfWrongTypes", "market",
       invocation("GatewayQuote", R"(["CON.F.US.MNQ.U26",{"lastPrice":{"a":[]},"bestBid":"-","bestAsk":null}])")},
      {"QuoteWithoutContract", "market", invocation("GatewayQuote", R"([{"lastPrice":1}])")},
      {"QuoteOfANegativePrice", "market",
       invocation("GatewayQuote", R"(["CON.F.US.MNQ.U26",{"lastPrice":"1e999999"}])")},
      {"DeepNesting", "user", invocation("GatewayUserOrder", std::string(20'000, '[') + std::string(20'000, ']'))},
      {"Oversize", "user", invocation("GatewayUserOrder", "[\"" + std::string(900'000, 'x') + "\"]")},
  };
}

class HostileInput : public EndToEnd, public testing::WithParamInterface<Garbage> {
 protected:
  [[nodiscard]] std::int64_t refused() {
    return daemon().status().at("gateway").at("refused_messages").get<std::int64_t>();
  }
  void expect_that_a_real_breach_is_enforced() {
    ASSERT_TRUE(daemon().wait_protecting());
    paper().price("MNQ", "29390");
    EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
    EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == paper().net_cents(kAccount); }));
  }
};

TEST_P(HostileInput, IsActedOnByNobodyAndARealBreachIsEnforcedAfterwards) {
  guard();
  paper().buy(kAccount, "MNQ", 5);  // one more would break max_contracts
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305 && paper().subscribed_to("market"); }));
  paper().raw(GetParam().hub, GetParam().text);
  paper().price("MNQ", "29499.75");  // comes after it
  ASSERT_TRUE(eventually([&] { return daemon().running() && daemon().net_cents(kAccount) == -555; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  EXPECT_EQ(daemon().status().at("handler_failures"), 0);
  expect_that_a_real_breach_is_enforced();
}

INSTANTIATE_TEST_SUITE_P(Raw, HostileInput, testing::ValuesIn(garbage()),
                         [](const auto& garbage) { return std::string{garbage.param.name}; });

TEST_F(HostileInput, WrongTypesAreCountedInStatusAndMetrics) {
  guard();
  EXPECT_EQ(refused(), 0);
  paper().raw("user", invocation("GatewayUserTrade", R"([{"action":0,"data":{"id":"x"}}])"));
  paper().raw("user", invocation("GatewayUserPosition", R"([{"action":0,"data":7}])"));
  paper().raw("user", std::string{"no json at all"} + kEnd);
  EXPECT_TRUE(eventually([&] { return refused() >= 2; }));
  EXPECT_TRUE(eventually(
      [&] { return daemon().metrics().find("risk_manager_refused_messages_total{") != std::string::npos; }));
  EXPECT_FALSE(daemon().logged("message_refused").empty());
}

}  // namespace
}  // namespace rm::test
