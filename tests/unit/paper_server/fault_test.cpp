#include "paper_gateway/server/fault.h"

#include "bench.h"

namespace paper {
namespace {

constexpr std::string_view buy_one =
    R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})";

struct Faults : testing::Test {
  Faults() { bench.price(mnq, "29500"); }
  // Asks without expecting an answer at once.
  std::shared_ptr<std::optional<HttpResponse>> ask(std::string_view path, std::string_view body) {
    auto answer = std::make_shared<std::optional<HttpResponse>>();
    bench.gateway.on_request({"POST",
                              std::string{path},
                              {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + bench.token}},
                              std::string{body}},
                             [answer](HttpResponse response) { *answer = std::move(response); });
    return answer;
  }
  std::size_t trades() { return bench.exchange.trades(AccountId{guarded}, std::nullopt, std::nullopt).size(); }
  Bench bench;
};

TEST_F(Faults, ADelayedRequestIsExecutedWhenTheDelayIsOver) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"delay","ms":500})");
  const auto answer = ask("/api/Order/place", buy_one);
  bench.pass(499);
  EXPECT_FALSE(*answer);
  EXPECT_EQ(trades(), 0U);
  bench.pass(1);
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->status, 200);
  bench.pass(50);
  EXPECT_EQ(trades(), 1U);
}

TEST_F(Faults, ADelayedResponseIsOfARequestThatWasExecutedAtOnce) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"delay_response","ms":500})");
  const auto answer = ask("/api/Order/place", buy_one);
  bench.pass(60);
  EXPECT_FALSE(*answer);
  EXPECT_EQ(trades(), 1U);
  bench.pass(440);
  EXPECT_TRUE(*answer);
}

TEST_F(Faults, ADroppedResponseLeavesTheOrderBehind) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"drop_response"})");
  EXPECT_TRUE(bench.post("/api/Order/place", buy_one).close_unanswered);
  bench.pass(50);
  EXPECT_EQ(trades(), 1U);
}

TEST_F(Faults, ADroppedRequestDoesNothing) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"drop"})");
  EXPECT_TRUE(bench.post("/api/Order/place", buy_one).close_unanswered);
  bench.pass(50);
  EXPECT_EQ(trades(), 0U);
}

TEST_F(Faults, AStatusReplacesTheAnswerAndNothingIsExecuted) {
  bench.control(
      "/paper/fault",
      R"({"path":"/api/Order/place","action":"status","status":502,"body":"<html>Bad Gateway</html>","count":2})");
  for (int i = 0; i < 2; ++i) {
    const auto response = bench.post("/api/Order/place", buy_one);
    EXPECT_EQ(response.status, 502);
    EXPECT_EQ(response.content_type, "text/html");
    EXPECT_EQ(response.body, "<html>Bad Gateway</html>");
  }
  EXPECT_EQ(bench.post("/api/Order/place", buy_one).status, 200) << "used up";
  bench.pass(50);
  EXPECT_EQ(trades(), 1U);
}

TEST_F(Faults, ActUntilClearedWithACountOfZeroAndOnEveryPathWithAStar) {
  bench.control("/paper/fault", R"({"path":"*","action":"status","status":503,"count":0})");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 503);
  EXPECT_EQ(bench.view("/paper/fault").find("faults")->items().size(), 1U);
  EXPECT_EQ(bench.post("/hubs/user/negotiate", "").status, 200);
  bench.control("/paper/fault/clear");
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 200);
}

TEST_F(Faults, HubEventsAreDroppedOrDelayedByName) {
  auto client = bench.watch_all();
  bench.control("/paper/fault", R"({"path":"GatewayUserTrade","action":"drop"})");
  bench.control("/paper/fault", R"({"path":"GatewayUserPosition","action":"delay","ms":1000})");
  bench.post("/api/Order/place", buy_one);
  bench.pass(100);
  EXPECT_FALSE(client->events("GatewayUserOrder").empty());
  EXPECT_TRUE(client->events("GatewayUserTrade").empty());
  EXPECT_TRUE(client->events("GatewayUserPosition").empty());
  bench.pass(1'000);
  EXPECT_EQ(client->events("GatewayUserPosition").size(), 1U);
  EXPECT_TRUE(client->events("GatewayUserTrade").empty());
}

TEST_F(Faults, UpgradesPassThroughTheSameSeam) {
  bench.control("/paper/fault", R"({"path":"/hubs/user","action":"status","status":502})");
  EXPECT_EQ(bench.connect("/hubs/user?access_token=" + bench.token), nullptr);
  EXPECT_NE(bench.connect("/hubs/user?access_token=" + bench.token), nullptr);
}

TEST_F(Faults, ARefusalIsABusinessAnswerOfThatEndpointAndNothingIsExecuted) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"refusal","code":99,"message":"No."})");
  EXPECT_EQ(bench.answer("/api/Order/place", buy_one).dump(),
            R"({"orderId":null,"success":false,"errorCode":99,"errorMessage":"No."})");
  bench.control("/paper/fault", R"({"path":"/api/Position/closeContract","action":"refusal"})");
  EXPECT_EQ(bench.answer("/api/Position/closeContract", "{}").dump(),
            R"({"success":false,"errorCode":2,"errorMessage":null})");
  bench.pass(50);
  EXPECT_EQ(trades(), 0U);
}

TEST_F(Faults, AStatusAfterwardsIsOfARequestThatWasExecuted) {
  bench.control("/paper/fault", R"({"path":"/api/Order/place","action":"status_after","status":502})");
  EXPECT_EQ(bench.post("/api/Order/place", buy_one).status, 502);
  bench.pass(50);
  EXPECT_EQ(trades(), 1U);
}

TEST_F(Faults, A429MaySayWhenToComeBack) {
  bench.control("/paper/fault", R"({"path":"*","action":"status","status":429,"retry_after":30})");
  const auto response = bench.post("/api/Order/place", buy_one);
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Retry-After", "30")));
}

TEST_F(Faults, MaintenanceIsEveryPathForAWhile) {
  bench.control("/paper/fault", R"({"path":"/*","action":"status","status":502,"body":"<html>","seconds":60})");
  EXPECT_EQ(bench.post("/api/Account/search", "{}").status, 502);
  EXPECT_EQ(bench.post("/hubs/user/negotiate", "").status, 502);
  EXPECT_EQ(bench.connect("/hubs/user?access_token=" + bench.token), nullptr);
  bench.pass(60'000);
  EXPECT_EQ(bench.post("/hubs/user/negotiate", "").status, 200);
  EXPECT_EQ(bench.post("/api/Order/place", buy_one).status, 200);
}

TEST_F(Faults, RequestsFailWithAProbabilityTheSameOnesForTheSameSeed) {
  const auto run = [](std::uint64_t seed, bool another_rule) {
    ServerSettings settings;
    settings.seed = seed;
    settings.rate_limits.enabled = false;
    Bench seeded{settings};
    seeded.control("/paper/fault", R"({"path":"/api/Account/*","action":"status","count":0,"probability":0.25})");
    if (another_rule) seeded.control("/paper/fault", R"({"path":"/api/Order/*","action":"drop","probability":0.5})");
    std::string answers;
    for (int i = 0; i < 200; ++i) {
      const auto status = seeded.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status;
      answers += status == 200 ? '.' : 'x';
      if (another_rule) seeded.post("/api/Order/searchOpen", R"({"accountId":26001234})");
    }
    return answers;
  };
  const auto once = run(1, false);
  EXPECT_EQ(once, run(1, true)) << "what other rules draw does not change it";
  EXPECT_NE(once, run(2, false));
  EXPECT_NEAR(static_cast<double>(std::ranges::count(once, 'x')), 50, 25);
}

TEST_F(Faults, TheSeedIsShownSoThatARunCanBeRepeated) {
  ServerSettings settings;
  settings.seed = 18'446'744'073'709'551'615ULL;
  Bench seeded{settings};
  EXPECT_EQ(seeded.view("/paper/fault").find("seed")->as_string(), "18446744073709551615");
  EXPECT_EQ(seeded.view("/paper/settings").find("seed")->as_string(), "18446744073709551615");
}

TEST(FaultRule, IsShownAsItWasMeant) {
  Bench bench;
  bench.control("/paper/fault", R"({"path":"GatewayUser*","action":"delay","ms":5,"max_ms":9,"probability":0.125,)"
                                R"("seconds":2.5,"until_reconnect":true})");
  EXPECT_EQ(bench.view("/paper/fault").find("faults")->items()[0].dump(),
            R"({"path":"GatewayUser*","action":"delay","ms":5,"status":500,"count":0,"max_ms":9,)"
            R"("probability":0.125,"seconds":2.5,"until_reconnect":true})");
}

TEST(FaultRule, NamesWhatWasFoundAndWhatIsAllowed) {
  const auto error = [](std::string_view text) { return fault_rule_from(json(text)).error(); };
  EXPECT_EQ(error(R"({"path":"/api/Order/plase","action":"drop"})"),
            "path is '/api/Order/plase', must be a path such as /api/Order/place, *, a hub event such as "
            "GatewayUserTrade, hub:user, hub:market, or a hub method such as SubscribeOrders");
  EXPECT_EQ(error(R"({"path":"*","action":"duplicate"})"), "action duplicate is not for requests such as '*'");
  EXPECT_EQ(error(R"({"path":"hub:user","action":"status"})"),
            "action status is not for hub events such as 'hub:user'");
  EXPECT_EQ(error(R"({"path":"SubscribeOrders","action":"delay"})"),
            "action delay is not for hub methods such as 'SubscribeOrders'");
  EXPECT_EQ(error(R"({"path":"hub:user","action":"drop","copies":2})"),
            "'copies' means nothing to drop; it takes path action count probability seconds until_reconnect");
  EXPECT_EQ(error(R"({"path":"*","action":"drop","probability":1.5})"),
            "probability is 1.5, must be above 0 and at most 1");
  EXPECT_EQ(error(R"({"path":"*","action":"drop","until_reconnect":true})"),
            "until_reconnect is for events and methods of a hub, not for requests");
  EXPECT_EQ(error(R"({"path":"*","action":"delay","ms":50,"max_ms":40})"), "max_ms is 40, must be 50 to 3600000");
  EXPECT_EQ(error(R"({"path":"*"})").substr(0, 39), "action is missing, must be one of delay");
}

TEST(FaultRule, SaysWhatIsWrong) {
  Bench bench;
  for (const auto* body :
       {"{}", R"({"path":"/x"})", R"({"path":5,"action":"drop"})", R"({"path":"/x","action":"explode"})",
        R"({"path":"/x","action":"delay","ms":-1})", R"({"path":"/x","action":"delay","ms":"5"})",
        R"({"path":"/x","action":"status","status":99})", R"({"path":"/x","action":"drop","count":-1})"}) {
    const auto response = bench.request("POST", "/paper/fault", body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(json(response.body).find("error"), nullptr);
  }
  EXPECT_TRUE(bench.view("/paper/fault").find("faults")->items().empty());
}

}  // namespace
}  // namespace paper
