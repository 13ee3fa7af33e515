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

TEST(Switches, DepthComesInThreeShapes) {
  const auto depth = [](std::string_view shape) {
    Bench bench;
    bench.control("/paper/settings", R"({"depthShape":")" + std::string{shape} + "\"}");
    bench.price(mnq, "29500");
    auto client = bench.connect_hub("market");
    client->call("SubscribeContractMarketDepth", R"(["CON.F.US.MNQ.U26"])");
    return client->events("GatewayDepth");
  };
  const auto array = depth("array");
  ASSERT_EQ(array.size(), 1U);
  const auto rows = array[0].items()[1].items();
  EXPECT_GT(rows.size(), 20U);
  const auto single = depth("object");
  ASSERT_EQ(single.size(), rows.size()) << "a row an event";
  EXPECT_EQ(single[3].items()[1].dump(), rows[3].dump());
  const auto keyed = depth("keyed");
  ASSERT_EQ(keyed.size(), 1U);
  EXPECT_EQ(keyed[0].items()[1].find("3")->dump(), rows[3].dump());
}

TEST(Switches, PositionsAndOrdersMayBeToldAfterSubscribing) {
  for (const bool on : {false, true}) {
    Bench bench;
    bench.control("/paper/settings", on ? R"({"snapshotOnSubscribe":true})" : "{}");
    bench.price(mnq, "29500");
    bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"sell","size":3})");
    bench.control("/paper/trade",
                  R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1,"type":"limit","limitPrice":29000})");
    auto client = bench.connect_hub("user");
    client->call("SubscribePositions", "[26001234]");
    EXPECT_EQ(client->events("GatewayUserPosition").size(), on ? 1U : 0U);
    EXPECT_EQ(client->events("GatewayUserOrder").size(), 0U);
    client->call("SubscribeOrders", "[26001234]");
    EXPECT_EQ(client->events("GatewayUserOrder").size(), on ? 1U : 0U);
  }
}

TEST(Switches, TheUserHubMayBeLaterThanRest) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  bench.control("/paper/settings", R"({"userEventDelayMs":30})");
  bench.answer("/api/Order/place",
               R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})");
  EXPECT_EQ(bench.answer("/api/Position/searchOpen", R"({"accountId":26001234})").find("positions")->items().size(),
            1U);
  bench.pass(29);
  EXPECT_TRUE(client->records.empty());
  bench.control("/paper/settings", R"({"userEventDelayMs":0})");
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  EXPECT_TRUE(client->records.empty()) << "nothing overtakes what is waiting";
  bench.pass(1);
  const auto events = client->events("GatewayUserPosition");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].items()[0].find("data")->find("size")->as_integer(), 1);
}

TEST(Switches, ReadsOverRestMayLagBehindTheHub) {
  struct Case {
    std::string_view setting, path, body, member;
  };
  for (const auto& c :
       {Case{"positionReadLagMs", "/api/Position/searchOpen", R"({"accountId":26001234})", "positions"},
        Case{"orderReadLagMs", "/api/Order/searchOpen", R"({"accountId":26001234})", "orders"},
        Case{"orderReadLagMs", "/api/Order/search",
             R"({"accountId":26001234,"startTimestamp":"2026-09-01T00:00:00Z"})", "orders"},
        Case{"orderReadLagMs", "/api/Order/v2/query", R"({"filter":{"accountId":26001234}})", "orders"},
        Case{"tradeReadLagMs", "/api/Trade/search", R"({"accountId":26001234})", "trades"}}) {
    Bench bench;
    bench.control("/paper/settings", "{\"" + std::string{c.setting} + "\":2000}");
    bench.price(mnq, "29500");
    auto client = bench.watch_all();
    bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
    bench.control("/paper/trade",
                  R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1,"type":"limit","limitPrice":29000})");
    EXPECT_FALSE(client->events("GatewayUserPosition").empty());
    const auto rows = [&] { return bench.answer(c.path, c.body).find(c.member)->items().size(); };
    bench.pass(1'999);
    EXPECT_EQ(rows(), 0U) << c.path;
    EXPECT_EQ(bench.view("/paper/state?accountId=26001234").find("positions")->items().size(), 1U) << "the truth";
    bench.pass(2);
    EXPECT_GE(rows(), 1U) << c.path;
  }
}

TEST(Switches, AnOrderIsReadLateByItsIdToo) {
  Bench bench;
  bench.control("/paper/settings", R"({"orderReadLagMs":2000})");
  bench.price(mnq, "29500");
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  constexpr std::string_view body = R"({"accountId":26001234,"orderId":3500000001})";
  EXPECT_EQ(bench.answer("/api/Order/searchById", body).find("errorCode")->as_integer(), 1);
  bench.pass(2'001);
  EXPECT_EQ(bench.answer("/api/Order/searchById", body).find("order")->find("status")->as_integer(), 2);
}

TEST(Switches, TheTimestampOfQuotesMayStandStill) {
  Bench bench;
  auto client = bench.connect_hub("market");
  client->call("SubscribeContractQuotes", R"(["CON.F.US.MNQ.U26"])");
  const auto times = [&] {
    bench.pass(10);
    client->take();
    bench.price(mnq, "29500");
    const auto quote = client->events("GatewayQuote").at(0).items()[1];
    return std::pair{quote.find("timestamp")->as_string(), quote.find("lastUpdated")->as_string()};
  };
  EXPECT_EQ(times().first, "2026-09-01T14:30:00.01+00:00");
  bench.control("/paper/settings", R"({"frozenQuoteTime":true})");
  EXPECT_EQ(times(),
            std::pair(std::string{"2026-08-31T22:00:00+00:00"}, std::string{"2026-09-01T14:30:00.02+00:00"}));
}

TEST(Switches, EveryOneIsShownAndCanBeSetToWhatItShows) {
  Bench bench;
  const auto shown = bench.view("/paper/settings").find("settings")->dump();
  EXPECT_THAT(shown, HasSubstr(R"("rateLimit":true)"));
  EXPECT_THAT(shown, HasSubstr(R"("fillEvents":"usual")"));
  EXPECT_THAT(shown, HasSubstr(R"("closedWindowCode":2)"));
  EXPECT_THAT(shown, Not(HasSubstr(":null")));
  bench.control("/paper/settings", shown);
  EXPECT_EQ(bench.view("/paper/settings").find("settings")->dump(), shown);
}

TEST(Switches, EachOneCanBeChanged) {
  for (const auto* change : {R"("rateLimit":false)",
                             R"("requests":7)",
                             R"("windowMs":7)",
                             R"("historyRequests":7)",
                             R"("historyWindowMs":7)",
                             R"("rateWindow":"fixed")",
                             R"("banMs":7)",
                             R"("retryAfter":true)",
                             R"("streamsPerUser":7)",
                             R"("tokenLifetimeSeconds":7)",
                             R"("closeHubsAtExpiry":true)",
                             R"("expiredValidateIsCode3":true)",
                             R"("userEventShape":"bare")",
                             R"("nullMembersOnHub":true)",
                             R"("idsAsStringsOnHub":true)",
                             R"("pascalCaseOnHub":true)",
                             R"("depthShape":"keyed")",
                             R"("frozenQuoteTime":true)",
                             R"("snapshotOnSubscribe":true)",
                             R"("userEventDelayMs":7)",
                             R"("fixedDecimalsInRest":true)",
                             R"("latencyMs":7)",
                             R"("maxFillSize":7)",
                             R"("acceptStopLimit":true)",
                             R"("fillEvents":"random")",
                             R"("resendOpeningTrade":"off")",
                             R"("accountCopies":4)",
                             R"("accountDuplicateMs":7)",
                             R"("siblingCancelMs":7)",
                             R"("childrenOnPartialClose":"rescale")",
                             R"("cancelSiblingOnManualCancel":true)",
                             R"("closeContractCancelsOrders":true)",
                             R"("closeWhenBlocked":false)",
                             R"("closedLots":"fifo")",
                             R"("firmWindow":true)",
                             R"("closedWindowCode":5)",
                             R"("atFlatTime":"keep")",
                             R"("positionReadLagMs":7)",
                             R"("orderReadLagMs":7)",
                             R"("tradeReadLagMs":7)",
                             R"("nullTextForDuplicateTag":true)",
                             R"("pageOffsetCountsPages":true)"}) {
    Bench bench;
    EXPECT_THAT(bench.view("/paper/settings").find("settings")->dump(), Not(HasSubstr(change)));
    bench.control("/paper/settings", "{" + std::string{change} + "}");
    EXPECT_THAT(bench.view("/paper/settings").find("settings")->dump(), HasSubstr(change));
  }
}

TEST(Switches, AnUnknownNameIsRefused) {
  Bench bench;
  const auto refused = bench.request("POST", "/paper/settings", R"({"rateLimits":false,"nullMembersOnHub":true})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("rateLimits: Not known here. There is: rateLimit, "));
  EXPECT_THAT(bench.view("/paper/settings").find("settings")->dump(), HasSubstr(R"("nullMembersOnHub":false)"));
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
