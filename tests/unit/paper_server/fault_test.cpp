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
