// R14, R18, R31: the first configuration of everybody, enforced, and written down.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;

class TwoRules : public EndToEnd {};

std::vector<std::string> column(const std::vector<Json>& lines, const char* member) {
  std::vector<std::string> values;
  for (const Json& line : lines) values.push_back(line.at(member).get<std::string>());
  return values;
}

TEST_F(TwoRules, R18_DailyLossIsLeftAloneATickAboveTheLimitAndEnforcedAtIt) {
  guard();
  paper().buy(kAccount, "MNQ", 5);  // 3.05 $ of costs, 10 $ a point
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305; }));
  paper().price("MNQ", "29400.5");
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -99805; }));
  EXPECT_THAT(paper().mutating_requests(), testing::IsEmpty());
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);

  paper().price("MNQ", "29400.25");  // -1000.55
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount); }));
  EXPECT_TRUE(eventually(
      [&] { return daemon().locked(kAccount, "daily_loss") && daemon().verified(kAccount, "daily_loss"); }));
  EXPECT_EQ(paper().mutating_requests().size(), 1U);
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
}

TEST_F(TwoRules, R18_MaxContractsIsLeftAloneAtTheLimitAndCutBackAboveIt) {
  guard();
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305; }));
  EXPECT_THAT(paper().mutating_requests(), testing::IsEmpty());

  paper().buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  ASSERT_EQ(paper().mutating_requests().size(), 1U);
  const Json request = paper().mutating_requests().front();
  EXPECT_EQ(request.at("path"), "/api/Position/partialCloseContract");
  EXPECT_EQ(Json::parse(request.at("body").get<std::string>()),
            (Json{{"accountId", kAccount}, {"contractId", kMnq}, {"size", 1}}));
  EXPECT_THAT(daemon().account(kAccount).at("locks"), testing::IsEmpty());
  const auto violations = daemon().logged("violation", "max_contracts");
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_THAT(violations.front().at("message").get<std::string>(), HasSubstr("held 6 contracts, allowed are 5"));
}

class Record : public TwoRules {
 protected:
  void SetUp() override {
    guard();
    lose_the_day_and_be_locked();
    ASSERT_TRUE(
        eventually([&] { return !daemon().logged("lock").empty() && daemon().checkpoint("enforcement_verified"); }));
  }
};

TEST_F(Record, R31_TheLogAloneTellsTheEnforcementFromEventToVerification) {
  const auto violation = daemon().logged("violation", "daily_loss");
  ASSERT_EQ(violation.size(), 1U);
  EXPECT_THAT(violation.front().at("message").get<std::string>(), HasSubstr("-1103.05 reached the limit -1000.00"));
  const auto decision = daemon().logged("decision");
  ASSERT_EQ(decision.size(), 1U);
  EXPECT_EQ(decision.front().at("trigger"), "quote");
  const Json enforcement = violation.front().at("enforcement");
  EXPECT_EQ(decision.front().at("enforcement"), enforcement);
  for (const char* event : {"request", "answer", "lock"}) {
    const auto lines = daemon().logged(event);
    EXPECT_TRUE(std::ranges::any_of(lines, [&](const Json& line) {
      return line.value("enforcement", Json{}) == enforcement;
    })) << event;
  }
  const auto lines = daemon().logged("checkpoint", "daily_loss");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().at("checkpoint"), "enforcement_verified");
  EXPECT_EQ(lines.front().at("enforcement"), enforcement);
  EXPECT_GT(lines.front().at("latency_us").get<std::int64_t>(), 0);
  EXPECT_GT(lines.front().at("verified_us").get<std::int64_t>(), lines.front().at("latency_us").get<std::int64_t>());
}

TEST_F(Record, R14_DatabaseRowsNameRuleFiguresRequestAndLock) {
  ASSERT_TRUE(
      eventually([&] { return !daemon().rows("SELECT id FROM enforcements WHERE state = 'verified'").empty(); }));
  const auto violations = daemon().rows("SELECT rule, code, sentence FROM violations WHERE account = 26001234");
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0][0], "daily_loss");
  EXPECT_EQ(violations[0][1], "LOSS_AT_LIMIT");
  EXPECT_THAT(violations[0][2].get<std::string>(), HasSubstr("-1103.05 reached the limit -1000.00"));
  EXPECT_EQ(daemon().rows("SELECT endpoint, subject, outcome FROM requests WHERE enforcement = 1"),
            (std::vector<Json>{Json{"closeContract", kMnq, "accepted"}}));
  EXPECT_EQ(daemon().rows("SELECT account, kind, rule, ended_at_ns FROM locks"),
            (std::vector<Json>{Json{kAccount, "hard", "daily_loss", nullptr}}));
  EXPECT_EQ(daemon().rows("SELECT count(*) FROM trades WHERE account = 26001234"), (std::vector<Json>{Json{2}}));
}

TEST_F(Record, R14_MetricsCountTheDecisionTheRequestAndTheVerification) {
  const std::string metrics = daemon().metrics();
  EXPECT_THAT(metrics, HasSubstr("risk_manager_decisions_total{rule=\"daily_loss\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("risk_manager_enforcements_verified_total 1"));
  EXPECT_THAT(metrics, HasSubstr("risk_manager_requests_total{endpoint=\"closeContract\",outcome=\"accepted\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("risk_manager_decision_to_sent_us_count 1"));
}

TEST_F(Record, R42_NotificationsSayWhyWhatWasDoneAndWhenTheLockEnds) {
  ASSERT_TRUE(eventually([&] {
    const auto kinds = column(daemon().notifications(), "kind");
    return std::ranges::count(kinds, "verified") == 1 && std::ranges::count(kinds, "lock_set") == 1;
  }));
  for (const Json& notice : daemon().notifications()) {
    if (notice.at("kind") == "warning") continue;
    EXPECT_EQ(notice.at("rule"), "daily_loss");
    EXPECT_EQ(notice.at("account"), kAccount);
    const auto sentence = notice.at("sentence").get<std::string>();
    if (notice.at("kind") != "verified") {
      EXPECT_THAT(sentence, HasSubstr("-1103.05 reached the limit -1000.00"));
    }
    if (notice.at("kind") == "lock_set") {
      EXPECT_THAT(sentence, HasSubstr("LOCKED until "));
    }
  }
}

}  // namespace
}  // namespace rm::test
