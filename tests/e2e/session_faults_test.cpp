// R25, R28, R40: what a session with the gateway suffers: tokens that run out, limits, maintenance, other programs,
// frost, silence, odd shapes, a clock that is wrong. Whatever it is, a broken rule is acted upon, and a person can
// see why.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

class SessionFaults : public EndToEnd {
 protected:
  [[nodiscard]] bool user_hub() { return daemon().status().at("gateway").at("user_hub").get<bool>(); }
  [[nodiscard]] std::size_t connections(std::string_view hub) { return of_hub("hub_connected", hub).size(); }
  [[nodiscard]] std::vector<Json> of_hub(std::string_view event, std::string_view hub) {
    std::vector<Json> lines = daemon().logged(event);
    std::erase_if(lines, [&](const Json& line) { return line.at("hub") != hub; });
    return lines;
  }
  // No round of reads was held back for want of requests.
  [[nodiscard]] bool ever_blind() {
    return std::ranges::any_of(daemon().logged("reconcile_failed"), [](const Json& line) {
      return line.at("message").get<std::string>().find("request budget") != std::string::npos;
    });
  }
  [[nodiscard]] std::vector<Json> called() {  // what a person was called for about the session
    std::vector<Json> notices = daemon().notifications();
    std::erase_if(notices, [](const Json& notice) { return notice.at("kind") != "health"; });
    return notices;
  }
  [[nodiscard]] std::size_t renewals() {
    return paper().requests("/api/Auth/loginKey").size() + paper().requests("/api/Auth/validate").size();
  }
  [[nodiscard]] std::size_t answered_with(int status) {
    return static_cast<std::size_t>(
        std::ranges::count_if(paper().requests(), [&](const Json& r) { return r.value("status", 0) == status; }));
  }
  void break_max_contracts() { paper().buy(kAccount, "MNQ", 6); }
  void expect_max_contracts_enforced() {
    EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }, 90s));
    EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  }
  void expect_user_hub_again(std::size_t connection) {
    EXPECT_TRUE(eventually([&] { return connections("user") >= connection && user_hub(); }));
  }
};

// ── the token ──

TEST_F(SessionFaults, R28_ATokenThatRunsOutIsRenewedOnceHoweverManyRequestsFailWithIt) {
  guard();
  paper().forget_requests();
  paper().slow_answers("/api/Auth/loginKey", 2000, 1);  // time for more to fail
  paper().expire_tokens();
  break_max_contracts();
  paper().buy(kOtherAccount, "MNQ", 6);
  ASSERT_TRUE(eventually([&] { return answered_with(401) >= 2U; })) << "a close of each account";
  paper().close_hub("user");
  paper().close_hub("market");
  expect_max_contracts_enforced();
  EXPECT_TRUE(eventually([&] { return daemon().verified(kOtherAccount, "max_contracts"); }));
  expect_user_hub_again(2);
  EXPECT_TRUE(eventually([&] { return connections("market") == 2; }));
  EXPECT_GE(answered_with(401), 4U) << "and each hub once";
  EXPECT_EQ(renewals(), 1U);
}

TEST_F(SessionFaults, R28_ALateRefusalOfTheOldTokenCostsNoSecondLogin) {
  guard();
  paper().forget_requests();
  paper().fault(R"({"path":"/api/Position/*","action":"delay_response","ms":3000,"count":2})");
  paper().expire_tokens();
  break_max_contracts();  // the answer to its close comes when the new token has long been there
  paper().close_hub("user");
  expect_user_hub_again(2);
  ASSERT_EQ(renewals(), 1U);
  expect_max_contracts_enforced();
  EXPECT_EQ(renewals(), 1U);
}

// ── limits ──

TEST_F(SessionFaults, R25_AfterA429NothingButWhatIsBeingEnforcedGoesOut) {
  guard();
  paper().fault(R"({"path":"/api/Status/ping","action":"status","status":429,"retry_after":60,"body":""})");
  ASSERT_TRUE(eventually([&] { return answered_with(429) == 1; }));
  ASSERT_TRUE(eventually([&] { return daemon().status().at("gateway").at("requests_left") == 0; }));
  paper().forget_requests();
  paper().close_hub("user");  // a new connection would like a snapshot
  expect_user_hub_again(2);
  break_max_contracts();
  expect_max_contracts_enforced();
  for (const Json& request : paper().requests()) {
    // The snapshot that the new connection wants of the account beside it has to wait.
    EXPECT_THAT(request.at("body").get<std::string>(), Not(HasSubstr(std::to_string(kOtherAccount)))) << request;
    // So has the one of this account: what is kept for exits is for what the enforcement waits for.
    EXPECT_THAT(request.at("path").get<std::string>(), Not(HasSubstr("/api/Trade/"))) << request;
    EXPECT_THAT(request.at("path").get<std::string>(), Not(HasSubstr("/api/Account/"))) << request;
  }
}

TEST_F(SessionFaults, R25_AStormOf429IsStoodAndTheBreachInItEnforced) {
  guard();
  paper().too_many_requests("*", 12, 5);
  break_max_contracts();
  ASSERT_TRUE(eventually([&] { return answered_with(429) >= 3; })) << "the exit is tried again and again";
  EXPECT_FALSE(daemon().verified(kAccount, "max_contracts"));
  expect_max_contracts_enforced();
  EXPECT_TRUE(eventually([&] { return daemon().status().at("state") == "protecting"; }));
}

// ── maintenance: 502 and a page of HTML on everything ──

TEST_F(SessionFaults, R16_MaintenanceAtTheStartIsNamedAndNothingStarts) {
  start_paper();
  paper().maintenance(3600);
  launch();
  EXPECT_EQ(daemon().wait_end().exit_code, 1);
  EXPECT_THAT(daemon().standard_error(),
              AllOf(HasSubstr("cannot be reached: the gateway answered HTTP 502"), HasSubstr("127.0.0.1")));
}

TEST_F(SessionFaults, R27_WithALockToHoldMaintenanceAtTheStartIsWaitedForAndTheLockHeld) {
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  paper().maintenance(6);
  paper().buy(kAccount, "MES", 1);
  daemon().start_again();
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().strikes(kAccount) >= 1; }, 90s));
  EXPECT_FALSE(daemon().logged("login_failed").empty());
}

TEST_F(SessionFaults, R40_MaintenanceLaterIsStoodAndTheBreachInItEnforced) {
  guard();
  paper().maintenance(12);
  paper().close_hub("user");
  paper().close_hub("market");
  break_max_contracts();
  EXPECT_TRUE(eventually([&] { return !user_hub(); }));
  expect_max_contracts_enforced();
  expect_user_hub_again(2);
  EXPECT_GE(answered_with(502), 2U);
}

// ── another program of the same user ──

TEST_F(SessionFaults, R40_FiveLogoutsInTwoMinutesCallAPersonOnceAndRestGoesOnGuarding) {
  guard();
  for (std::size_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(eventually([&] { return connections("user") == i && user_hub(); })) << i;
    EXPECT_THAT(daemon().logged("pushed_out"), IsEmpty());
    if (i == 5) paper().refuse_hub("user", 3600);  // the other one keeps it
    paper().log_out("user");
    ASSERT_TRUE(eventually([&] { return of_hub("hub_lost", "user").size() >= i; }));
  }
  const auto lost = of_hub("hub_lost", "user");
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(lost[i].at("why"), "logged_out");
    EXPECT_THAT(lost[i].at("message").get<std::string>(), HasSubstr(fmt::format("in {} ms", 2000 * (i + 1))));
  }
  EXPECT_TRUE(eventually([&] { return daemon().logged("pushed_out").size() == 1U; }));
  const auto said = [&] {
    return std::ranges::count_if(called(), [](const Json& notice) {
      return notice.at("sentence").get<std::string>().find("Close the other session") != std::string::npos;
    });
  };
  EXPECT_TRUE(eventually([&] { return said() == 1; }));
  break_max_contracts();
  expect_max_contracts_enforced();
  ASSERT_TRUE(eventually([&] { return of_hub("hub_lost", "user").size() >= 7U; })) << "it goes on trying";
  EXPECT_FALSE(user_hub());
  EXPECT_FALSE(ever_blind()) << "the collisions must not use up the requests that polling lives on";
  EXPECT_THAT(daemon().logged("pushed_out"), SizeIs(1)) << "not again with every attempt that fails";
}

// ── frost and silence ──

TEST_F(SessionFaults, R28_AHubThatFallsSilentWithItsPingsIsGivenUp) {
  start_paper();
  paper().ping_every_second();
  guard(kTwoRules, {{"RISK_MANAGER__GATEWAY__HUB_TIMEOUT", "5s"}});
  paper().freeze_hub("user", 3600, true);
  break_max_contracts();  // nobody tells
  ASSERT_TRUE(eventually([&] { return !of_hub("hub_lost", "user").empty(); }, 90s));
  EXPECT_EQ(of_hub("hub_lost", "user").front().at("why"), "silence");
  paper().clear_faults();
  expect_max_contracts_enforced();
  expect_user_hub_again(2);
}

TEST_F(SessionFaults, R28_WhatASilentStreamHidIsFoundByReadsCountedAndShown) {
  guard();
  paper().drop_events("GatewayUser*");
  break_max_contracts();
  expect_max_contracts_enforced();
  EXPECT_EQ(connections("user"), 1U) << "its pings kept it up";
  const auto found = [&] { return daemon().status().at("gateway").at("found_by_reads").get<int>(); };
  EXPECT_TRUE(eventually([&] { return found() >= 1; }));
  for (const char* kind : {"trade", "position"}) {
    const std::string counter = fmt::format(R"(risk_manager_found_by_reads_total{{kind="{}"}})", kind);
    EXPECT_TRUE(eventually([&] { return daemon().metric(counter) >= 1; })) << kind;
  }
  EXPECT_FALSE(daemon().logged("found_by_reads").empty());
}

TEST_F(SessionFaults, R28_AStreamThatTellsEverythingHasHiddenNothing) {
  guard();
  paper().user_events_after_rest(1000);  // the read that verifies is first
  break_max_contracts();
  expect_max_contracts_enforced();
  paper().user_events_after_rest(0);
  paper().sell(kAccount, "MNQ", 5);
  EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("positions").empty(); }));
  EXPECT_EQ(daemon().status().at("gateway").at("found_by_reads"), 0);
}

// ── the snapshot and the connection before it ──

TEST_F(SessionFaults, R28_WhatWasReadUnderTheOldConnectionIsNotTheSnapshotOfTheNext) {
  guard();
  std::this_thread::sleep_for(
      9s);  // two accounts are polled every 8 s: the look at the start is no longer a fresh one
  // The round of reads that follows the loss sees an empty account, and is answered when the next connection is up,
  // whose first word, the balance, would give it away.
  paper().drop_events("GatewayUserAccount");
  paper().slow_answers("/api/Position/searchOpen", 4000, 2);
  paper().refuse_hub("user", 1);
  paper().close_hub("user");
  ASSERT_TRUE(eventually([&] { return paper().requests("/api/Position/searchOpen").size() >= 4U; }));
  paper().buy(kAccount, "MNQ", 3);  // no connection tells this one
  expect_user_hub_again(2);
  const auto snapshots = [&] {
    std::vector<Json> lines = daemon().logged("synchronised");
    std::erase_if(lines, [](const Json& l) { return l.at("account") != kAccount || l.at("generation") != 2; });
    return lines;
  };
  ASSERT_TRUE(eventually([&] { return !snapshots().empty(); }));
  EXPECT_THAT(snapshots().front().at("message").get<std::string>(), HasSubstr("1 positions"));
  const Json positions = daemon().account(kAccount).at("positions");
  ASSERT_THAT(positions, SizeIs(1));
  EXPECT_EQ(positions.front().at("size"), 3);
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
}

// ── shapes ──

TEST_F(SessionFaults, R3_EveryShapeOfAnEventIsUnderstoodWhileTheStreamChangesBetweenThem) {
  guard();
  int held = 0;
  for (const char* shape : {R"({"userEventShape":"bare"})", R"({"userEventShape":"array"})",
                            R"({"userEventShape":"envelope","idsAsStringsOnHub":true})",
                            R"({"pascalCaseOnHub":true})", R"({"nullMembersOnHub":true})"}) {
    paper().settings(shape);
    paper().buy(kAccount, "MNQ", 1);
    ++held;
    EXPECT_TRUE(eventually([&] {
      const Json positions = daemon().account(kAccount).at("positions");
      return positions.size() == 1U && positions.front().at("size") == held;
    })) << shape;
    EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == paper().net_cents(kAccount); })) << shape;
  }
  EXPECT_EQ(daemon().status().at("gateway").at("refused_messages"), 0);
  EXPECT_EQ(daemon().status().at("gateway").at("found_by_reads"), 0) << "the stream itself was understood";
}

struct RestShape {
  const char* name;
  const char* positions;
};

class RestShapes : public SessionFaults, public testing::WithParamInterface<RestShape> {};

TEST_P(RestShapes, R3_APositionReadInThisShapeIsUnderstoodAndEnforced) {
  start_paper();
  paper().refuse_hub("user", 3600);  // reads are all there is
  paper().fault(
      fmt::format(R"({{"path":"/api/Position/searchOpen","action":"status","status":200,"count":0,"body":{}}})",
                  GetParam().positions));
  break_max_contracts();
  launch();
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; }));
  paper().clear_faults();
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
}

INSTANTIATE_TEST_SUITE_P(
    Of, RestShapes,
    testing::Values(
        RestShape{
            "StringIds",
            R"({"positions":[{"id":"77","accountId":"26001234","contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-01T14:30:00Z","type":1,"size":6,"averagePrice":29500}],"success":true,"errorCode":0,"errorMessage":null})"},
        RestShape{
            "PascalCase",
            R"({"positions":[{"Id":77,"AccountId":26001234,"ContractId":"CON.F.US.MNQ.U26","CreationTimestamp":"2026-09-01T14:30:00Z","Type":1,"Size":6,"AveragePrice":29500}],"success":true,"errorCode":0,"errorMessage":null})"}),
    [](const auto& shape) { return std::string{shape.param.name}; });

// ── the clock of this computer is wrong by months: the broker's counts ──

struct Skew {
  const char* name;
  std::chrono::days broker_is_ahead;
};

class ClockSkew : public SessionFaults, public testing::WithParamInterface<Skew> {};

TEST_P(ClockSkew, R27_TheLockEndsByTheBrokersTime) {
  const auto day =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + GetParam().broker_is_ahead;
  const std::chrono::year_month_day date{day};
  start_paper({"--start-time", fmt::format("{:04}-{:02}-{:02}T14:30:00Z", int{date.year()}, unsigned{date.month()},
                                           unsigned{date.day()})});
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day_and_be_locked());
  const Json lock = daemon().account(kAccount).at("locks").front();
  const auto left = lock.at("remaining_s").get<int>();
  EXPECT_THAT(left, AllOf(Gt(0), Le(4 * 24 * 3600))) << "the end of this trading day at the broker: " << lock;
  paper().advance(left - 600);
  ASSERT_TRUE(eventually([&] {
    const Json locks = daemon().account(kAccount).at("locks");
    return !locks.empty() && locks.front().at("remaining_s").get<int>() < 700;
  }));
  paper().advance(700);
  EXPECT_TRUE(eventually([&] { return daemon().account(kAccount).at("locks").empty(); }));
}

INSTANTIATE_TEST_SUITE_P(Of, ClockSkew,
                         testing::Values(Skew{"TheComputerIsMonthsAhead", std::chrono::days{-84}},
                                         Skew{"TheComputerIsMonthsBehind", std::chrono::days{84}}),
                         [](const auto& skew) { return std::string{skew.param.name}; });

}  // namespace
}  // namespace rm::test
