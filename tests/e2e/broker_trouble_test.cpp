// R25, R40: answers are lost, refused or late. Nothing is done twice in doubt, nothing is given up, and "flat" is
// what the broker shows.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::SizeIs;

constexpr const char* kClose = "/api/Position/closeContract";

class BrokerTrouble : public EndToEnd {
 protected:
  void expect_flat_locked_and_right_to_the_cent() {
    EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
    EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_loss"); }));
    EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == paper().net_cents(kAccount); }));
    EXPECT_THAT(paper().state(kAccount).at("trades"), SizeIs(2)) << "one entry, one exit: never short";
  }
  [[nodiscard]] std::vector<std::string> paths() {
    std::vector<std::string> all;
    const Json requests = paper().requests();
    for (const Json& request : requests) all.push_back(request.at("path").get<std::string>());
    return all;
  }
  // Between two closes the positions were read.
  void expect_a_read_before_every_further_close() {
    bool read = true;
    for (const std::string& path : paths()) {
      if (path == "/api/Position/searchOpen") read = true;
      if (path != kClose) continue;
      EXPECT_TRUE(read) << "a second close before a read";
      read = false;
    }
  }
};

TEST_F(BrokerTrouble, R25_TheAnswerToACloseIsLostItIsReadBeforeAnythingIsDoneAgain) {
  guard();
  paper().fault(R"({"path":"/api/Position/closeContract","action":"drop_response"})");
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  expect_flat_locked_and_right_to_the_cent();
  EXPECT_THAT(paper().requests(kClose), SizeIs(1));
}

TEST_F(BrokerTrouble, R25_ACloseThatNeverArrivedIsSentAgainAfterARead) {
  guard();
  paper().fault(R"({"path":"/api/Position/closeContract","action":"drop","count":2})");
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  expect_flat_locked_and_right_to_the_cent();
  EXPECT_THAT(paper().requests(kClose), SizeIs(3));
  expect_a_read_before_every_further_close();
}

TEST_F(BrokerTrouble, R25_ALostAnswerToAReductionIsNotSentTwice) {
  guard();
  paper().fault(R"({"path":"/api/Position/partialCloseContract","action":"drop_response"})");
  paper().buy(kAccount, "MNQ", 8);
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  EXPECT_THAT(paper().requests("/api/Position/partialCloseContract"), SizeIs(1));
}

struct Refusal {
  const char* name;
  const char* fault;
};

class Refused : public BrokerTrouble, public testing::WithParamInterface<Refusal> {};

TEST_P(Refused, R25_TheCloseIsRetriedUntilTheAccountIsFlat) {
  guard();
  paper().fault(GetParam().fault);
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  expect_flat_locked_and_right_to_the_cent();
  EXPECT_GE(paper().requests(kClose).size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(
    By, Refused,
    testing::Values(
        Refusal{"RateLimit",
                R"({"path":"/api/Position/closeContract","action":"status","status":429,"body":"","count":2})"},
        Refusal{
            "BadGatewayInHtml",
            R"({"path":"/api/Position/closeContract","action":"status","status":502,"body":"<html>bad gateway</html>","count":2})"},
        Refusal{
            "ARefusalInTheEnvelope",
            R"({"path":"/api/Position/closeContract","action":"status","status":200,"body":{"success":false,"errorCode":3,"errorMessage":"try later"},"count":2})"},
        Refusal{"SuccessThatIsNoJson",
                R"({"path":"/api/Position/closeContract","action":"status","status":200,"body":"OK","count":2})"},
        Refusal{
            "SuccessThatClosedNothing",
            R"({"path":"/api/Position/closeContract","action":"status","status":200,"body":{"success":true,"errorCode":0,"errorMessage":null},"count":2})"}),
    [](const auto& refusal) { return std::string{refusal.param.name}; });

TEST_F(BrokerTrouble, R40_WhileTheBrokerCannotBeReadNothingIsCalledVerified) {
  guard();
  paper().fault(
      R"({"path":"/api/Position/searchOpen","action":"status","status":502,"body":"<html></html>","count":0})");
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  ASSERT_TRUE(eventually(
      [&] { return paper().flat(kAccount) && paper().requests("/api/Position/searchOpen").size() >= 5U; }));
  EXPECT_FALSE(daemon().verified(kAccount, "daily_loss"));
  EXPECT_FALSE(daemon().checkpoint("enforcement_verified"));
  paper().clear_faults();
  expect_flat_locked_and_right_to_the_cent();
}

TEST_F(BrokerTrouble, R25_APersonIsCalledWhenTheBrokerKeepsRefusing) {
  guard();
  paper().fault(
      R"({"path":"/api/Position/closeContract","action":"status","status":502,"body":"<html></html>","count":0})");
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  const auto called = [&] {
    const auto notices = daemon().notifications();
    return std::ranges::any_of(notices, [](const Json& notice) { return notice.at("kind") == "escalation"; });
  };
  ASSERT_TRUE(eventually(called));
  EXPECT_FALSE(daemon().logged("escalation").empty());
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  paper().clear_faults();
  expect_flat_locked_and_right_to_the_cent();
}

TEST_F(BrokerTrouble, R25_AnExitThatNeverFillsIsTakenBackAndClosedAgain) {
  guard();
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  paper().settings(R"({"latencyMs":3600000})");
  paper().price("MNQ", "29390");
  ASSERT_TRUE(eventually([&] { return paper().working_orders(kAccount) == 1; })) << "the close, which hangs";
  paper().settings(R"({"latencyMs":0})");
  int quarter = 0;
  const auto cancelled = [&] {
    paper().price("MNQ", quarter++ % 2 == 0 ? "29390.25" : "29390");
    return !paper().requests("/api/Order/cancel").empty();
  };
  ASSERT_TRUE(eventually(cancelled));
  expect_flat_locked_and_right_to_the_cent();
  EXPECT_THAT(paper().requests(kClose), SizeIs(2));
}

TEST_F(BrokerTrouble, R25_AfterAHaltTheFirstPriceBringsTheCloseForward) {
  using std::chrono::nanoseconds;
  guard();
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  paper().halt(3600);
  paper().price("MNQ", "29390");
  ASSERT_TRUE(eventually([&] { return paper().requests(kClose).size() == 5U; }));
  const auto refused = [&] { return !paper().requests(kClose).back().at("answeredNs").is_null(); };
  ASSERT_TRUE(eventually(refused));
  const auto last_refusal = nanoseconds{paper().requests(kClose).back().at("answeredNs").get<std::int64_t>()};
  paper().halt(0);
  paper().price("MNQ", "29389.5");
  ASSERT_TRUE(eventually([&] { return paper().requests(kClose).size() == 6U; }));
  const auto next_try = nanoseconds{paper().requests(kClose)[5].at("monotonicNs").get<std::int64_t>()};
  EXPECT_LT(next_try, last_refusal + std::chrono::seconds{4}) << "the price came before the fifth pause was over";
  expect_flat_locked_and_right_to_the_cent();
}

TEST_F(BrokerTrouble, R25_HiddenEventsOfTheStreamDoNotHideAPosition) {
  guard();
  for (const char* event : {"GatewayUserTrade", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserAccount"}) {
    paper().fault(std::string{R"({"path":")"} + event + R"(","action":"drop","count":0})");
  }
  paper().buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; }, std::chrono::seconds{90}));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
}

}  // namespace
}  // namespace rm::test
