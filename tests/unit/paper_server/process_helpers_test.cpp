// The typed helpers of the tests that run the paper gateway as a program: each does at the gateway what its name
// says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/http_request.h"
#include "support/paper_gateway_process.h"

namespace rm::test {
namespace {

constexpr std::string_view kAccounts = "/api/Account/search";

struct PaperGatewayHelpers : testing::Test {
  int status(std::string_view path) { return http_post(paper.port(), path, "{}").status; }
  Json faults() { return Json::parse(http_get(paper.port(), "/paper/fault").body).at("faults"); }
  Json setting(std::string_view name) {
    return Json::parse(http_get(paper.port(), "/paper/settings").body).at("settings").at(std::string{name});
  }
  PaperGatewayProcess paper{{"--seed", "77"}};
};

TEST_F(PaperGatewayHelpers, AnswersOfRestAreReplacedForAsLongAsAsked) {
  paper.answer_status(kAccounts, 500);
  EXPECT_EQ(status(kAccounts), 500);
  EXPECT_EQ(status(kAccounts), 401) << "used up: no token";
  paper.execute_but_answer(kAccounts, 503);
  EXPECT_EQ(status(kAccounts), 503);
  paper.refuse(kAccounts, 9, "No.");
  EXPECT_THAT(http_post(paper.port(), kAccounts, "{}").body,
              testing::HasSubstr(R"("errorCode":9,"errorMessage":"No.")"));
  paper.too_many_requests("*", 600, 5);
  EXPECT_EQ(status(kAccounts), 429);
  paper.clear_faults();
  paper.maintenance(600);
  EXPECT_EQ(status("/hubs/user/negotiate"), 502);
  paper.clear_faults();
  EXPECT_EQ(status("/hubs/user/negotiate"), 401);
}

TEST_F(PaperGatewayHelpers, FaultsOfRequestsAndEventsAreAdded) {
  paper.lose_answers("/api/Order/place", 2);
  paper.lose_requests("/api/Order/*");
  paper.slow_answers("*", 50);
  paper.drop_events("GatewayUserTrade", 3, 0.5);
  paper.duplicate_events("hub:user", 4);
  paper.reorder_events("GatewayUserOrder");
  paper.delay_events("GatewayQuote", 10, 90);
  paper.silence_until_reconnect("market");
  paper.close_during("SubscribeOrders");
  std::vector<std::string> actions;
  for (const Json& fault : faults()) actions.push_back(fault.at("action").get<std::string>());
  EXPECT_THAT(actions, testing::ElementsAre("drop_response", "drop", "delay_response", "drop", "duplicate", "reorder",
                                            "delay", "drop", "close"));
  EXPECT_EQ(faults().at(3).at("probability"), 0.5);
  EXPECT_EQ(faults().at(7).at("until_reconnect"), true);
}

TEST_F(PaperGatewayHelpers, HubsAreRefusedFrozenStormedAndLeft) {
  paper.freeze_hub("user", 1.5);
  paper.storm("market", 60, 1, 502);
  paper.close_hub("user", false);
  paper.log_out("market");
  paper.refuse_hub("user", 60, 404);
  EXPECT_EQ(status("/hubs/user/negotiate"), 404);
  paper.read_lag(1500);
  EXPECT_EQ(setting("positionReadLagMs"), 1500);
  EXPECT_EQ(setting("orderReadLagMs"), 1500);
  EXPECT_EQ(setting("tradeReadLagMs"), 1500);
  paper.user_events_after_rest(20);
  EXPECT_EQ(setting("userEventDelayMs"), 20);
  EXPECT_THROW(paper.freeze_hub("both", 1), std::runtime_error);
  EXPECT_EQ(paper.seed(), "77");
}

TEST_F(PaperGatewayHelpers, TheExchangeHaltsAndTakesTradesBack) {
  paper.halt(600, "velocity", "MNQ");
  EXPECT_THROW(paper.buy(kAccount, "MNQ", 1), std::runtime_error);
  paper.halt(0);
  paper.buy(kAccount, "MNQ", 1);
  EXPECT_EQ(paper.position(kAccount, kMnq), 1);
  EXPECT_EQ(paper.void_newest_trade(kAccount), 3'100'000'001);
  EXPECT_TRUE(paper.flat(kAccount));
  EXPECT_THROW((void)paper.void_newest_trade(kAccount), std::runtime_error);
}

}  // namespace
}  // namespace rm::test
