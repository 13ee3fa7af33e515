// R1 to R14, link by link: each test looks at what one link hands to the next.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "integration/system_test.h"

namespace rm::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CriticalPath : public SystemTest {
 protected:
  void SetUp() override {
    SystemTest::SetUp();
    run();
  }
  void hold(int size) {
    paper_.buy(kAccount, "MNQ", size);
    ASSERT_TRUE(system().until([&] { return system().held(kMnq) == size; }));
  }
  // The paths of the requests from the first one that acts on.
  std::vector<std::string> paths_since_the_first_act() {
    std::vector<std::string> paths;
    const Json requests = paper_.requests();
    for (const Json& request : requests) {
      const auto path = request.at("path").get<std::string>();
      const bool acts = path.find("lose") != std::string::npos || path.ends_with("/cancel");
      if (acts || !paths.empty()) paths.push_back(path);
    }
    return paths;
  }
};

TEST_F(CriticalPath, R1_R4_AFillAtTheBrokerReachesTheBookAsTypedEvents) {
  const std::size_t reads = paper_.requests("/api/Trade/search").size();
  hold(3);
  EXPECT_TRUE(system().until([&] { return system().book().day().result().trade_count == 1; }));
  // Reconciliation would find a fill that the stream lost; this one came by the stream.
  EXPECT_THAT(paper_.requests("/api/Trade/search"), SizeIs(reads));
  EXPECT_EQ(system().net_cents(), paper_.net_cents(kAccount));
  EXPECT_THAT(system().metrics(), HasSubstr("risk_manager_events_total{kind=\"trade\"} 1"));
  EXPECT_EQ(system().held(kMnq, kOtherAccount), 0);
}

TEST_F(CriticalPath, R2_WorkingOrdersComeAndGoWithTheirEvents) {
  const auto order = paper_.place_limit(kAccount, "MNQ", "buy", 2, "29000");
  ASSERT_TRUE(system().until([&] { return system().book().orders().find(OrderId{order}) != nullptr; }));
  paper_.control("cancel", R"({"accountId":26001234,"orderId":)" + std::to_string(order) + "}");
  EXPECT_TRUE(system().until([&] { return !system().book().orders().any(); }));
}

TEST_F(CriticalPath, R3_QuotesAreSubscribedForAHeldContractAndValueThePosition) {
  hold(2);
  ASSERT_TRUE(system().until([&] { return paper_.subscribed_to("market"); }));
  paper_.price("MNQ", "29490");
  EXPECT_TRUE(system().until([&] { return system().book().open_profit().total.text() == "-40.00"; }));
}

TEST_F(CriticalPath, R5_R8_ABreachBecomesOneDecisionThatTheExecutorServes) {
  hold(5);
  paper_.price("MNQ", "29390");
  ASSERT_TRUE(system().until([&] { return system().locked(); }));
  EXPECT_THAT(system().metrics(), HasSubstr("risk_manager_decisions_total{rule=\"daily_loss\"} 1"));
  EXPECT_TRUE(system().until([&] { return system().verified() == 1; }));
  EXPECT_TRUE(paper_.flat(kAccount));
}

TEST_F(CriticalPath, R11_TheCloseRequestIsExactlyWhatTheContractSays) {
  hold(5);
  paper_.price("MNQ", "29390");
  ASSERT_TRUE(system().until([&] { return system().verified() == 1; }));
  const Json requests = paper_.mutating_requests();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests.at(0).at("method"), "POST");
  EXPECT_EQ(requests.at(0).at("path"), "/api/Position/closeContract");
  EXPECT_EQ(Json::parse(requests.at(0).at("body").get<std::string>()),
            (Json{{"accountId", kAccount}, {"contractId", kMnq}}));
}

TEST_F(CriticalPath, R11_TheReductionNamesTheContractAndTheSizeToCut) {
  hold(4);
  paper_.buy(kAccount, "MES", 3);
  ASSERT_TRUE(system().until([&] { return system().verified() == 1; }));
  const Json requests = paper_.mutating_requests();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests.at(0).at("path"), "/api/Position/partialCloseContract");
  EXPECT_EQ(Json::parse(requests.at(0).at("body").get<std::string>()),
            (Json{{"accountId", kAccount}, {"contractId", kMes}, {"size", 2}}));
  EXPECT_EQ(paper_.position(kAccount, kMes), 1);
  EXPECT_EQ(system().held(kMnq), 4);
}

TEST_F(CriticalPath, R12_EveryContractAndEveryOrderIsGoneAfterAFlatten) {
  hold(3);
  paper_.sell(kAccount, "MES", 2);
  (void)paper_.place_limit(kAccount, "MES", "buy", 1, "7000");
  (void)paper_.place_limit(kAccount, "MNQ", "sell", 1, "30000");
  ASSERT_TRUE(
      system().until([&] { return system().held(kMes) == -2 && system().book().orders().all().size() == 2U; }));
  paper_.price("MNQ", "29300");
  ASSERT_TRUE(system().until([&] { return system().verified() == 1; }));
  EXPECT_TRUE(paper_.flat(kAccount));
  EXPECT_THAT(paper_.requests("/api/Order/cancel"), SizeIs(2));
  EXPECT_TRUE(system().until([&] { return system().net_cents() == paper_.net_cents(kAccount); }));
}

TEST_F(CriticalPath, R13_PositionsAndOrdersAreReadTwiceAfterTheCloseBeforeItIsCalledVerified) {
  hold(5);
  paper_.price("MNQ", "29390");
  ASSERT_TRUE(system().until([&] { return paper_.requests("/api/Position/closeContract").size() == 1U; }));
  ASSERT_TRUE(system().until([&] { return system().verified() == 1; }));
  const auto paths = paths_since_the_first_act();
  ASSERT_FALSE(paths.empty());
  EXPECT_EQ(paths.front(), "/api/Position/closeContract");
  EXPECT_GE(std::ranges::count(paths, "/api/Position/searchOpen"), 2);
  EXPECT_GE(std::ranges::count(paths, "/api/Order/v2/query"), 2);
}

TEST_F(CriticalPath, R14_TheReceiptHasEveryStepAndBothLatencies) {
  hold(5);
  paper_.price("MNQ", "29390");
  ASSERT_TRUE(system().until([&] { return system().verified() == 1; }));
  const Json status = system().status();
  const Json& enforcement = status.at("accounts").at(0).at("enforcements").front();
  EXPECT_THAT(enforcement.at("rules"), ElementsAre("daily_loss"));
  EXPECT_EQ(enforcement.at("reasons").at(0).at("code"), "LOSS_AT_LIMIT");
  EXPECT_EQ(enforcement.at("steps").at(0).at("request"), "closeContract");
  EXPECT_EQ(enforcement.at("steps").at(0).at("outcome"), "accepted");
  EXPECT_GT(enforcement.at("event_to_request_us").get<std::int64_t>(), 0);
  EXPECT_GT(enforcement.at("event_to_verified_us").get<std::int64_t>(),
            enforcement.at("event_to_request_us").get<std::int64_t>());
}

TEST_F(CriticalPath, R26_ResultsOfLongAndShortRoundTripsAreRightToTheCent) {
  const auto trade_at = [&](const char* price, bool buy, int size) {
    paper_.price("MNQ", price);
    buy ? paper_.buy(kAccount, "MNQ", size) : paper_.sell(kAccount, "MNQ", size);
  };
  trade_at("29500", true, 3);
  trade_at("29510.25", false, 2);
  trade_at("29495.75", false, 4);  // through flat to short
  trade_at("29490.5", true, 3);
  EXPECT_TRUE(
      system().until([&] { return system().held(kMnq) == 0 && system().net_cents() == paper_.net_cents(kAccount); }));
  EXPECT_EQ(system().book().balance()->nanos() / 10'000'000, 15'000'000 + paper_.net_cents(kAccount));
  EXPECT_THAT(paper_.mutating_requests(), IsEmpty());
}

}  // namespace
}  // namespace rm::test
