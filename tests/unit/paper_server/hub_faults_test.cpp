// What goes wrong on the hubs: events lost, doubled, late and out of order, frozen streams, storms, logouts.
#include "bench.h"

namespace paper {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct HubFaults : testing::Test {
  HubFaults() {
    bench.price(mnq, "29500");
    bench.control("/paper/settings", R"({"rateLimit":false})");
  }
  void buy(int size = 1) {
    bench.control("/paper/trade",
                  R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":)" + std::to_string(size) + "}");
  }
  // Sizes of the positions told since the last take().
  static std::vector<int> positions(HubClient& client) {
    std::vector<int> sizes;
    for (const auto& arguments : client.events("GatewayUserPosition")) {
      sizes.push_back(static_cast<int>(*arguments.items()[0].find("data")->find("size")->as_integer()));
    }
    return sizes;
  }
  std::shared_ptr<HubClient> quotes() {
    auto client = bench.connect_hub("market");
    client->call("SubscribeContractQuotes", R"(["CON.F.US.MNQ.U26"])");
    client->take();
    return client;
  }
  void price(int last) { bench.price(mnq, std::to_string(last)); }
  int status_of_upgrade() {
    auto answer = bench.gateway.on_upgrade({"GET", "/hubs/user?access_token=" + bench.token, {}, ""});
    const auto* response = std::get_if<HttpResponse>(&answer);
    return response == nullptr ? 101 : response->status;
  }
  Bench bench;
};

TEST_F(HubFaults, DuplicatesOneTwoAndFourTimes) {
  auto client = bench.watch_all();
  for (const int copies : {1, 2, 4}) {
    bench.control("/paper/fault",
                  R"({"path":"GatewayUserPosition","action":"duplicate","copies":)" + std::to_string(copies) + "}");
    client->take();
    buy();
    EXPECT_EQ(client->events("GatewayUserPosition").size(), static_cast<std::size_t>(copies));
    EXPECT_EQ(client->events("GatewayUserTrade").size(), 1U) << "only what was named";
  }
}

TEST_F(HubFaults, AReorderedEventComesAfterTheNextOne) {
  auto client = bench.watch_all();
  bench.control("/paper/fault", R"({"path":"GatewayUserTrade","action":"reorder"})");
  buy();
  std::vector<std::string> order;
  for (const auto& record : client->take()) order.push_back(json(record).find("target")->as_string());
  EXPECT_THAT(order, ElementsAre("GatewayUserOrder", "GatewayUserOrder", "GatewayUserTrade", "GatewayUserPosition",
                                 "GatewayUserAccount"));
}

TEST_F(HubFaults, AReorderedEventIsOvertakenAlsoByOneThatIsLate) {
  auto client = bench.watch_all();
  bench.control("/paper/settings", R"({"userEventDelayMs":100})");
  bench.control("/paper/fault", R"({"path":"GatewayUserTrade","action":"reorder"})");
  buy();
  bench.pass(100);
  std::vector<std::string> order;
  for (const auto& record : client->take()) order.push_back(json(record).find("target")->as_string());
  order.resize(4);
  EXPECT_THAT(order, ElementsAre("GatewayUserOrder", "GatewayUserOrder", "GatewayUserTrade", "GatewayUserPosition"));
}

TEST_F(HubFaults, AReorderedEventThatNothingFollowsComesWhenItsTimeIsOver) {
  auto client = bench.connect_hub("user");
  client->call("SubscribeTrades", "[26001234]");
  client->take();
  bench.control("/paper/fault", R"({"path":"GatewayUserTrade","action":"reorder","ms":300})");
  buy();
  bench.pass(299);
  EXPECT_THAT(client->events("GatewayUserTrade"), IsEmpty());
  bench.pass(1);
  EXPECT_EQ(client->events("GatewayUserTrade").size(), 1U);
}

TEST_F(HubFaults, EventsAreDroppedWithAProbabilityTheSameOnesForTheSameSeed) {
  const auto run = [](std::uint64_t seed) {
    ServerSettings settings;
    settings.seed = seed;
    Bench seeded{settings};
    seeded.price(mnq, "29500");
    auto client = seeded.watch_all();
    seeded.control("/paper/fault", R"({"path":"GatewayUserPosition","action":"drop","count":0,"probability":0.3})");
    for (int i = 0; i < 100; ++i) {
      seeded.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
    }
    return positions(*client);
  };
  const auto once = run(7);
  EXPECT_EQ(once, run(7));
  EXPECT_NE(once, run(8));
  EXPECT_GT(once.size(), 50U);
  EXPECT_LT(once.size(), 90U);
}

TEST_F(HubFaults, ADelayMayBeDrawnBetweenTwoTimes) {
  auto client = bench.watch_all();
  bench.control("/paper/fault",
                R"({"path":"GatewayUserPosition","action":"delay","ms":100,"max_ms":2000,"count":0})");
  for (int i = 0; i < 10; ++i) buy();
  bench.pass(99);
  EXPECT_THAT(positions(*client), IsEmpty());
  bench.pass(1'901);
  auto sizes = positions(*client);
  EXPECT_EQ(sizes.size(), 10U);
  EXPECT_FALSE(std::ranges::is_sorted(sizes)) << "later ones overtake earlier ones";
}

TEST_F(HubFaults, MarketDataStopsWhilePingsGoOnAndOnlyANewConnectionCuresIt) {
  auto client = quotes();
  bench.control("/paper/fault", R"({"path":"hub:market","action":"drop","count":0,"until_reconnect":true})");
  price(29510);
  EXPECT_THAT(client->take(), IsEmpty());
  bench.pass(15'000);
  EXPECT_THAT(client->take(), ElementsAre(R"({"type":6})"));
  bench.pass(1);
  auto cured = quotes();
  price(29520);
  EXPECT_EQ(cured->events("GatewayQuote").size(), 1U);
}

TEST_F(HubFaults, AFaultOfOneHubSparesTheOther) {
  auto market = quotes();
  auto user = bench.watch_all();
  bench.control("/paper/fault", R"({"path":"hub:user","action":"drop","count":0})");
  price(29510);
  buy();
  EXPECT_FALSE(market->events("GatewayQuote").empty());
  EXPECT_THAT(user->take(), IsEmpty());
}

TEST_F(HubFaults, AFaultEndsAfterItsSeconds) {
  auto client = quotes();
  bench.control("/paper/fault", R"({"path":"Gateway*","action":"drop","seconds":1.5})");
  price(29510);
  price(29511);
  bench.pass(1'499);
  price(29512);
  EXPECT_THAT(client->events("GatewayQuote"), IsEmpty());
  bench.pass(1);
  price(29513);
  EXPECT_EQ(client->events("GatewayQuote").size(), 1U);
  EXPECT_THAT(bench.view("/paper/fault").find("faults")->items(), IsEmpty());
}

TEST_F(HubFaults, AFrozenHubWritesNothingAndEverythingAfterwards) {
  auto client = quotes();
  bench.control("/paper/hub/freeze", R"({"hub":"market","seconds":20})");
  price(29510);
  EXPECT_EQ(client->call("SubscribeContractTrades", R"(["CON.F.US.MNQ.U26"])"), "no completion");
  bench.pass(19'999);
  EXPECT_THAT(client->take(), IsEmpty()) << "not even a ping";
  bench.pass(1);
  const auto late = client->take();
  ASSERT_GE(late.size(), 3U);
  EXPECT_THAT(late[0], HasSubstr("GatewayQuote"));
  EXPECT_THAT(late[1], HasSubstr(R"("type":3)"));
  EXPECT_EQ(late[2], R"({"type":6})");
}

TEST_F(HubFaults, AFrozenHubMayLoseWhatItWouldHaveWritten) {
  auto client = quotes();
  bench.control("/paper/hub/freeze", R"({"hub":"market","seconds":5,"lose":true})");
  price(29510);
  bench.pass(5'000);
  EXPECT_THAT(client->take(), IsEmpty());
  price(29511);
  EXPECT_EQ(client->events("GatewayQuote").size(), 1U);
}

TEST_F(HubFaults, AFrozenHubDoesNotShakeHandsEither) {
  bench.control("/paper/hub/freeze", R"({"hub":"user","seconds":60})");
  auto client = bench.connect("/hubs/user?access_token=" + bench.token);
  client->say(R"({"protocol":"json","version":1})");
  EXPECT_THAT(client->take(), IsEmpty());
  bench.control("/paper/fault/clear");
  bench.pass(1);
  EXPECT_THAT(client->take(), ElementsAre("{}")) << "clearing ends the frost";
}

TEST_F(HubFaults, AConnectionIsClosedBetweenACallAndItsCompletion) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/fault", R"({"path":"SubscribeOrders","action":"close"})");
  EXPECT_THAT(client->call("SubscribePositions", "[26001234]"), HasSubstr(R"("type":3)"));
  EXPECT_FALSE(client->closed);
  client->take();
  EXPECT_EQ(client->call("SubscribeOrders", "[26001234]"), "no completion");
  EXPECT_THAT(client->take(),
              ElementsAre(R"({"type":7,"error":"Connection closed with an error.","allowReconnect":true})"));
  EXPECT_TRUE(client->closed);
}

TEST_F(HubFaults, ASubscriptionIsRefused) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/fault", R"({"path":"SubscribeTrades","action":"refusal"})");
  EXPECT_THAT(client->call("SubscribeTrades", "[26001234]"), HasSubstr("Failed to invoke 'SubscribeTrades'"));
  EXPECT_TRUE(
      bench.view("/paper/subscriptions").find("connections")->items()[0].find("subscriptions")->items().empty());
  EXPECT_THAT(client->call("SubscribeTrades", "[26001234]"), Not(HasSubstr("error"))) << "once";
}

TEST_F(HubFaults, ACallIsNeverCompleted) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/fault", R"({"path":"Subscribe*","action":"drop"})");
  EXPECT_EQ(client->call("SubscribePositions", "[26001234]"), "no completion");
  EXPECT_FALSE(client->closed);
  EXPECT_TRUE(
      bench.view("/paper/subscriptions").find("connections")->items()[0].find("subscriptions")->items().empty());
  EXPECT_THAT(client->call("SubscribePositions", "[26001234]"), HasSubstr(R"("type":3)"));
}

TEST_F(HubFaults, UpgradesAreRefusedWithTheStatusThatWasAskedFor) {
  for (const int status : {404, 502}) {
    bench.control("/paper/hub/refuse", R"({"hub":"user","seconds":2,"status":)" + std::to_string(status) + "}");
    EXPECT_EQ(status_of_upgrade(), status);
    EXPECT_EQ(bench.post("/hubs/user/negotiate", "").status, status);
    bench.pass(2'000);
    EXPECT_EQ(status_of_upgrade(), 101);
  }
}

TEST_F(HubFaults, AStormClosesAgainAndAgainAndRefusesForAWhile) {
  const auto closings = [](std::uint64_t seed) {
    ServerSettings settings;
    settings.seed = seed;
    Bench seeded{settings};
    seeded.control("/paper/hub/storm", R"({"hub":"user","mean_seconds":10,"refuse_seconds":2,"refuse_status":502})");
    auto client = seeded.connect_hub("user");
    std::vector<int> when;
    for (int second = 0; second < 100; ++second) {
      seeded.pass(1'000);
      client->say(R"({"type":6})");
      if (!client->closed) continue;
      when.push_back(second);
      client->leave();
      for (client = nullptr; client == nullptr; seeded.pass(100)) {
        client = seeded.connect("/hubs/user?access_token=" + seeded.token);
      }
      client->say(R"({"protocol":"json","version":1})");
    }
    return when;
  };
  const auto once = closings(3);
  EXPECT_GE(once.size(), 4U);
  EXPECT_LE(once.size(), 20U);
  EXPECT_EQ(once, closings(3));
  EXPECT_NE(once, closings(4));
}

TEST_F(HubFaults, AStormRefusesAfterEachClosingForAsLongAsAsked) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/hub/storm",
                R"({"hub":"user","mean_seconds":5,"refuse_seconds":2,"refuse_status":502,"allow_reconnect":false})");
  while (!client->closed) bench.pass(1);
  EXPECT_THAT(client->take().back(), Not(HasSubstr("allowReconnect")));
  client->leave();
  EXPECT_EQ(status_of_upgrade(), 502);
  bench.control("/paper/fault/clear");
  bench.pass(1'999);
  EXPECT_EQ(status_of_upgrade(), 502);
  bench.pass(1);
  EXPECT_EQ(status_of_upgrade(), 101);
}

TEST_F(HubFaults, AStormEndsWhenFaultsAreCleared) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/hub/storm", R"({"hub":"user","mean_seconds":2})");
  bench.control("/paper/fault/clear");
  for (int i = 0; i < 20; ++i) {
    bench.pass(1'000);
    client->say(R"({"type":6})");
  }
  EXPECT_FALSE(client->closed);
}

TEST_F(HubFaults, ALogoutTellsAndCloses) {
  auto client = bench.watch_all();
  auto market = quotes();
  bench.control("/paper/fault", R"({"path":"hub:user","action":"drop","count":0})");
  bench.control("/paper/hub/logout", R"({"hub":"user"})");
  EXPECT_EQ(client->events("GatewayLogout").size(), 1U) << "no fault of the data touches it";
  EXPECT_TRUE(client->closed);
  EXPECT_FALSE(market->closed);
}

TEST_F(HubFaults, ExpiredTokensAreRefusedOnRestAndAtTheNextConnection) {
  auto client = bench.connect_hub("user");
  bench.control("/paper/tokens/expire");
  EXPECT_FALSE(client->closed) << "open sockets live on";
  EXPECT_EQ(status_of_upgrade(), 401);
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 401);
  bench.token = bench.log_in("paper", "paper-key");
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 200);
  EXPECT_EQ(status_of_upgrade(), 101);
}

TEST_F(HubFaults, ExpiredTokensEndTheirConnectionsWhereTheSwitchSaysSo) {
  bench.control("/paper/settings", R"({"closeHubsAtExpiry":true})");
  auto client = bench.connect_hub("user");
  bench.control("/paper/tokens/expire");
  EXPECT_TRUE(client->closed);
}

TEST_F(HubFaults, SaysWhatIsWrong) {
  const auto error = [&](std::string_view path, std::string_view body) {
    const auto response = bench.request("POST", path, body);
    EXPECT_EQ(response.status, 400) << path << body;
    return response.body;
  };
  EXPECT_THAT(error("/paper/hub/freeze", R"({"hub":"user"})"), HasSubstr("seconds"));
  EXPECT_THAT(error("/paper/hub/freeze", R"({"hub":"user","seconds":1,"looze":true})"), HasSubstr("looze"));
  EXPECT_THAT(error("/paper/hub/storm", R"({"hub":"user","mean_seconds":0})"), HasSubstr("mean_seconds"));
  EXPECT_THAT(error("/paper/hub/storm", R"({"hub":"x","mean_seconds":1})"), HasSubstr("user or market"));
  EXPECT_THAT(error("/paper/hub/refuse", R"({"hub":"user","seconds":1,"status":200})"), HasSubstr("400 to 599"));
  EXPECT_THAT(error("/paper/hub/logout", "{}"), HasSubstr("hub"));
  EXPECT_THAT(error("/paper/tokens/expire", R"({"user":"paper"})"), HasSubstr("user"));
  auto client = bench.connect_hub("user");
  EXPECT_NE(client, nullptr) << "nothing of all this was applied";
}

}  // namespace
}  // namespace paper
