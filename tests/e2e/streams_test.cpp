// The stream breaks or stays away: what happened meanwhile is found, and the rules are enforced all the same.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Streams : public EndToEnd {
 protected:
  [[nodiscard]] bool user_hub() { return daemon().status().at("gateway").at("user_hub").get<bool>(); }
  [[nodiscard]] long connections(const char* hub) {
    const auto lines = daemon().logged("hub_connected");
    return std::ranges::count_if(lines, [&](const Json& line) { return line.at("hub") == hub; });
  }
};

TEST_F(Streams, R28_ADroppedHubIsSubscribedAgainAndABreachInTheGapIsEnforced) {
  guard();
  paper().control("hub/refuse", R"({"hub":"user","seconds":2})");
  paper().control("hub/close", R"({"hub":"user"})");
  ASSERT_TRUE(eventually([&] { return !user_hub(); }));
  paper().buy(kAccount, "MNQ", 7);  // no event tells this
  EXPECT_TRUE(eventually([&] { return user_hub() && connections("user") == 2; }));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  EXPECT_THAT(daemon().logged("hub_lost"), Not(IsEmpty()));
  EXPECT_TRUE(eventually([&] { return daemon().logged("synchronised").size() == 4U; }))
      << "a snapshot of both accounts for each connection";
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));

  // The new subscription carries events.
  const Json requests = paper().mutating_requests();
  paper().sell(kAccount, "MNQ", 2);
  EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").front().at("size") == 3; }));
  EXPECT_EQ(paper().mutating_requests(), requests);
}

TEST_F(Streams, R28_ADroppedMarketHubIsSubscribedAgainAndPricesGoOn) {
  guard();
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305 && paper().subscribed_to("market"); }));
  paper().control("hub/close", R"({"hub":"market"})");
  ASSERT_TRUE(eventually([&] { return connections("market") == 2 && paper().subscribed_to("market"); }));
  paper().price("MNQ", "29400.5");
  EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -99805; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  paper().price("MNQ", "29400.25");
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
}

class FrozenFeed : public Streams {
 protected:
  // Nobody moves a price: the market connection is up, and only pings.
  void hold_at(const char* paper_time, const char* patience = "1s") {
    start_paper({"--start-time", paper_time});
    guard(kTwoRules, {{"RISK_MANAGER__GATEWAY__FROZEN_FEED_AFTER", patience}});
    paper().buy(kAccount, "MNQ", 1);
    ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").size() == 1U; }));
  }
};

TEST_F(FrozenFeed, R28_InAnOpenMarketTheMarketConnectionIsMadeAnewAndPricesGoOn) {
  hold_at("2026-09-15T14:30:00Z");
  ASSERT_TRUE(eventually([&] { return connections("market") >= 2; }));
  EXPECT_THAT(daemon().logged("hub_lost").front().at("message").get<std::string>(),
              HasSubstr("no price came although the market is open"));
  EXPECT_EQ(connections("user"), 1);
  EXPECT_TRUE(eventually([&] {
    paper().price("MNQ", "29450");  // again until a connection is there to hear it
    return daemon().open_cents(kAccount) == -100'00;
  }));
}

TEST_F(FrozenFeed, PricesThatMoveKeepTheMarketConnection) {
  hold_at("2026-09-15T14:30:00Z", "4s");
  bool up = false;
  ASSERT_TRUE(eventually([&] {
    paper().price("MNQ", std::exchange(up, !up) ? "29490" : "29495");
    return daemon().status().at("broker_time") >= "2026-09-15T14:30:10Z";
  }));
  EXPECT_EQ(connections("market"), 1);
}

TEST_F(FrozenFeed, InAClosedMarketSilenceIsNoFault) {
  hold_at("2026-09-15T21:30:00Z");  // 16:30 in Chicago
  const auto later = [&] { return daemon().status().at("broker_time") >= "2026-09-15T21:30:03Z"; };
  ASSERT_TRUE(eventually(later));
  EXPECT_EQ(connections("market"), 1);
}

TEST_F(Streams, R40_WithTheUserHubAwayForLongRulesAreEnforcedOverRest) {
  guard();
  paper().control("hub/refuse", R"({"hub":"user","seconds":3600})");
  paper().control("hub/close", R"({"hub":"user"})");
  ASSERT_TRUE(eventually([&] { return !user_hub(); }));
  EXPECT_TRUE(eventually([&] { return daemon().status().at("state") == "degraded"; }));

  paper().buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; }));
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  paper().price("MNQ", "29390");
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_loss"); }));
  EXPECT_FALSE(user_hub());
  EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == paper().net_cents(kAccount); }));

  paper().buy(kAccount, "MES", 1);  // and the lock is guarded
  EXPECT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1 && paper().flat(kAccount); }));
  EXPECT_FALSE(user_hub());
}

TEST_F(Streams, R40_StartedWhileTheUserHubIsAwayItGuardsOverRest) {
  start_paper();
  paper().control("hub/refuse", R"({"hub":"user","seconds":3600})");
  paper().buy(kAccount, "MNQ", 6);
  launch();
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; }));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_FALSE(user_hub());
}

TEST_F(Streams, AnotherSessionOfTheSameUserPushesItOutAndItComesBack) {
  guard();
  // A second risk manager with the same login, on a data directory of its own: the gateway logs the first one's
  // stream out.
  DaemonProcess other{DaemonOptions{.config = kTwoRules + paper().yaml()}};
  other.start();
  ASSERT_TRUE(eventually([&] {
    const auto lost = daemon().logged("hub_lost");
    return std::ranges::any_of(lost, [](const Json& line) { return line.at("why") == "logged_out"; });
  }));
  paper().buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; }));
  other.kill_hard();
  EXPECT_TRUE(eventually([&] { return user_hub() && daemon().status().at("state") == "protecting"; }));
}

}  // namespace
}  // namespace rm::test
