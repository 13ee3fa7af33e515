// The places where the real gateway was seen to differ from itself: each is a switch.
#include "bench.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The first order event after a market order.
std::string order_record(Bench& bench) {
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  for (const auto& record : client->take()) {
    if (record.find("GatewayUserOrder") != std::string::npos) return record;
  }
  return "no order event";
}

TEST(Switches, UserEventsAreEnvelopesByDefault) {
  Bench bench;
  const auto record = order_record(bench);
  EXPECT_THAT(record, HasSubstr(R"("arguments":[{"action":1,"data":{"id":3500000001,"accountId":26001234,)"));
  EXPECT_THAT(record, Not(HasSubstr("null")));
}

TEST(Switches, UserEventsCanBeBareOrInAnArray) {
  Bench bare;
  bare.control("/paper/settings", R"({"userEventShape":"bare"})");
  EXPECT_THAT(order_record(bare), HasSubstr(R"("arguments":[{"id":3500000001,)"));
  Bench array;
  array.control("/paper/settings", R"({"userEventShape":"array"})");
  EXPECT_THAT(order_record(array), HasSubstr(R"("arguments":[[{"action":1,"data":{"id":3500000001,)"));
}

TEST(Switches, UserEventsCanHaveNullsStringsAndPascalCase) {
  Bench bench;
  bench.control("/paper/settings", R"({"nullMembersOnHub":true,"idsAsStringsOnHub":true,"pascalCaseOnHub":true})");
  const auto record = order_record(bench);
  EXPECT_THAT(record, HasSubstr(R"("Id":"3500000001","AccountId":"26001234",)"));
  EXPECT_THAT(record, HasSubstr(R"("LimitPrice":null)"));
}

TEST(Switches, AnyNumberOfStreamsPerUser) {
  Bench bench;
  bench.control("/paper/settings", R"({"streamsPerUser":0})");
  auto first = bench.connect_hub("user");
  auto next = bench.connect_hub("user");
  EXPECT_FALSE(first->closed);
  EXPECT_FALSE(next->closed);
}

TEST(Switches, HubConnectionsMayEndWithTheirToken) {
  Bench stays;
  auto kept = stays.connect_hub("user");
  stays.control("/paper/time", R"({"advance_seconds":86400})");
  stays.pass(1);
  EXPECT_FALSE(kept->closed);
  Bench ends;
  ends.control("/paper/settings", R"({"closeHubsAtExpiry":true})");
  auto ended = ends.connect_hub("user");
  ends.control("/paper/time", R"({"advance_seconds":86400})");
  ends.pass(1);
  EXPECT_TRUE(ended->closed);
  EXPECT_EQ(ended->events("GatewayLogout").size(), 1U);
}

TEST(Switches, AnExpiredTokenAtValidateMayBeACode) {
  Bench bench;
  bench.control("/paper/settings", R"({"expiredValidateIsCode3":true})");
  bench.control("/paper/time", R"({"advance_seconds":86400})");
  EXPECT_EQ(bench.post("/api/Auth/validate", "{}").body,
            R"({"newToken":null,"success":false,"errorCode":3,"errorMessage":null})");
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 401);
}

TEST(Switches, TokensLiveAsLongAsTold) {
  Bench bench;
  bench.control("/paper/settings", R"({"tokenLifetimeSeconds":10})");
  bench.token = bench.log_in("paper", "paper-key");
  bench.control("/paper/time", R"({"advance_seconds":10})");
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 401);
}

TEST(Switches, NothingChangesWhenOneIsWrong) {
  Bench bench;
  for (const auto* wrong :
       {R"({"streamsPerUser":-1,"nullMembersOnHub":true})", R"({"userEventShape":"odd","nullMembersOnHub":true})",
        R"({"requests":"5","nullMembersOnHub":true})", R"({"latencyMs":-1,"nullMembersOnHub":true})"}) {
    EXPECT_EQ(bench.request("POST", "/paper/settings", wrong).status, 400) << wrong;
  }
  EXPECT_THAT(order_record(bench), Not(HasSubstr("null")));
}

TEST(Switches, OrdersTakeTheTimeTheyAreTold) {
  Bench bench;
  bench.control("/paper/settings", R"({"latencyMs":40})");
  bench.price(mnq, "29500");
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  bench.pass(39);
  EXPECT_TRUE(bench.exchange.positions(AccountId{guarded}).empty());
  bench.pass(1);
  EXPECT_EQ(bench.exchange.positions(AccountId{guarded}).size(), 1U);
}

}  // namespace
}  // namespace paper
