// R39: a link is proven by what it left behind; take that away, and the drill names this link.

#include "drill/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/drill/proven_record.h"

namespace rm::drill {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DrillJudge : public testing::Test {
 protected:
  void expect_missing(std::size_t link, std::string_view words) {
    const Judgement judgement = run_.judged();
    ASSERT_TRUE(judgement.first_missing().has_value());
    EXPECT_EQ(link_names()[*judgement.first_missing()].id, "R" + std::to_string(link));
    EXPECT_THAT(judgement.links[link - 1].text, HasSubstr(words));
  }
  ProvenRecord run_;
};

TEST_F(DrillJudge, EveryLinkOfAWholeRecordIsProvenWithItsTime) {
  const Judgement judgement = run_.judged();
  for (std::size_t i = 0; i < kLinks; ++i) EXPECT_TRUE(judgement.links[i].proven) << judgement.links[i].text;
  EXPECT_EQ(judgement.links[0].at_ns, 0);
  EXPECT_EQ(judgement.links[1].at_ns, 100'000);
  EXPECT_EQ(judgement.links[10].at_ns, 500'000);
  EXPECT_EQ(judgement.links[12].at_ns, 200'000'000);
  EXPECT_EQ(judgement.sentence, "max_contracts: the account held 6 contracts, allowed are 5");
  EXPECT_THAT(judgement.links[0].text, HasSubstr("GatewayUserTrade 31: buy 6 CON.MNQ @ 29500.25"));
  EXPECT_THAT(judgement.links[13].text, HasSubstr("sent after 131 us, verified after 206816 us"));
}

TEST_F(DrillJudge, R1_NoFillWasPutOnTheHub) {
  run_.record.hub_events.clear();
  expect_missing(1, "no GatewayUserTrade of account 7 was put on the user hub; its trades are subscribed");
}

TEST_F(DrillJudge, R1_NobodyIsSubscribed) {
  run_.record.hub_events.clear();
  run_.record.streams.clear();
  expect_missing(1, "nobody is subscribed to its trades, nobody is connected to a hub");
}

TEST_F(DrillJudge, R1_ThePriceWasNotTold) {
  run_.expected.told_by = "GatewayQuote";
  run_.logged("event", "decision")["trigger"] = "quote";
  expect_missing(1, "no GatewayQuote told of 'buy 6 at the market'");
}

// On a busy computer the daemon has decided about the order before the gateway tells its fill.
TEST_F(DrillJudge, R1_AnOrderThatIsToldBeforeItsFillMayBeEnough) {
  const Fields order = flatten(
      R"j({"seq":2,"monotonicNs":999500000,"hub":"user","target":"GatewayUserOrder","record":"{\"type\":1,\"target\":\"GatewayUserOrder\",\"arguments\":[{\"action\":0,\"data\":{\"id\":35,\"accountId\":7,\"contractId\":\"CON.MNQ\"}}]}\u001e"})j");
  run_.record.hub_events.insert(run_.record.hub_events.begin(), order);
  run_.record.hub_events.back()["monotonicNs"] = "1002000000";
  run_.logged("event", "decision")["trigger"] = "order";
  EXPECT_TRUE(run_.judged().links[0].proven) << run_.judged().links[0].text;
  EXPECT_THAT(run_.judged().links[0].text, HasSubstr("GatewayUserTrade 31"));
}

TEST_F(DrillJudge, R2_NotHeard) {
  run_.drop_logged("event", "heard");
  expect_missing(2, "no line 'heard' has the bytes of GatewayUserTrade 31");
}

TEST_F(DrillJudge, R2_HeardOtherwiseThanSent) {
  run_.logged("event", "heard")["message"].insert(5, " ");
  expect_missing(2, "no line 'heard' has the bytes");
}

TEST_F(DrillJudge, R2_AMessageWasRefused) {
  run_.record.status["gateway.refused_messages"] = "1";
  expect_missing(2, "refused messages: 1");
}

TEST_F(DrillJudge, R2_HeardAndMadeIntoNothing) {
  run_.drop_logged("trade", "31");
  run_.record.trades.clear();
  run_.record.status["accounts.0.pnl.trades"] = "0";
  expect_missing(2, "the fill was heard and became no event");
}

TEST_F(DrillJudge, R3_EachFigureOfTheFillIsCompared) {
  for (const auto& [member, value, name] :
       {std::array{"contract", "CON.MES", "contract"}, std::array{"side", "sell", "side"},
        std::array{"size", "5", "size"}, std::array{"price_nanos", "29500250000001", "price"},
        std::array{"fees_nanos", "0", "fees"}, std::array{"commissions_nanos", "0", "commissions"},
        std::array{"pnl_nanos", "1", "profitAndLoss"}}) {
    run_ = ProvenRecord{};
    run_.record.trades.front()[member] = value;
    expect_missing(3, std::string{"its "} + name + " is not the message's");
  }
}

TEST_F(DrillJudge, R4_TheLastSubscriberHasNothing) {
  run_.drop_logged("trade", "31");
  run_.record.trades.clear();
  expect_missing(4, "the last subscriber, the recorder, wrote no line of trade 31");
}

TEST_F(DrillJudge, R4_TheFirstSubscriberHasNothing) {
  run_.record.status["accounts.0.pnl.trades"] = "0";
  expect_missing(4, "the first subscriber, the book, counts no trade");
}

TEST_F(DrillJudge, R4_OutOfOrder) {
  run_.logged("kind", "position")["sequence"] = "3";
  expect_missing(4, "event 3 came after event 4");
}

TEST_F(DrillJudge, R5_TheRuleWasNotAsked) {
  run_.expected.evaluations = 9;
  expect_missing(5, "9 times before the last step and 9 times after it");
}

TEST_F(DrillJudge, R6_NoViolation) {
  run_.drop_logged("event", "violation");
  expect_missing(6, "no line 'violation' of the rule with SIZE_ABOVE_MAX");
}

TEST_F(DrillJudge, R6_AViolationForAnotherReason) {
  run_.logged("event", "violation")["violation"] = "ACTIVITY_WHILE_LOCKED";
  expect_missing(6, "but with ACTIVITY_WHILE_LOCKED");
}

TEST_F(DrillJudge, R7_NoDecision) {
  run_.logged("event", "decision")["event"] = "other";
  expect_missing(7, "no line 'decision' of enforcement 1");
}

TEST_F(DrillJudge, R7_TheDecisionForgetsTheGoal) {
  run_.logged("event", "decision")["message"] = "nothing to close or cancel";
  expect_missing(7, "the rule promises 'reduce', the decision is 'nothing to close or cancel'");
}

TEST_F(DrillJudge, R7_NoLockAlthoughTheRulePromisesOne) {
  run_.expected.lock = Breach::SetsLock{LockKind::Hard};
  expect_missing(7, "no hard lock of the account by this rule");
}

TEST_F(DrillJudge, R8_TheExecutorActsOnNothing) {
  run_.drop_logged("endpoint", "partialCloseContract");
  run_.drop_logged("checkpoint", "enforcement_verified");
  expect_missing(8, "no request 'partialCloseContract' carries enforcement 1: the executor drives nothing");
}

TEST_F(DrillJudge, R8_NothingIsPersisted) {
  run_.record.enforcements.clear();
  expect_missing(8, "enforcement 1 is not persisted");
}

TEST_F(DrillJudge, R9_NoSuiteServesTheAccount) {
  run_.logged("event", "answer")["message"] = "partialCloseContract: not_sent: no trading suite serves account 7";
  run_.logged("event", "answer")["outcome"] = "not_sent";
  run_.record.calls.clear();
  expect_missing(9, "no trading suite serves account 7");
}

TEST_F(DrillJudge, R10_TheGatewayWasAskedForSomethingElse) {
  run_.record.calls.erase(run_.record.calls.begin());
  expect_missing(10, "the gateway was asked for no 'partialCloseContract'");
}

TEST_F(DrillJudge, R10_ForAnotherContract) {
  run_.record.calls.front()["body"] = R"({"accountId":7,"contractId":"CON.MES","size":1})";
  expect_missing(10, "the gateway was asked for no 'partialCloseContract'");
}

TEST_F(DrillJudge, R11_TheRequestWasNotSent) {
  run_.logged("event", "answer")["outcome"] = "not_sent";
  run_.logged("event", "answer")["message"] = "partialCloseContract: not_sent: no connection";
  run_.record.calls.erase(run_.record.calls.begin());
  expect_missing(11, "reached the gateway; partialCloseContract: not_sent: no connection");
}

TEST_F(DrillJudge, R12_TheBrokerHoldsAsMuchAsBefore) {
  run_.record.state["positions.0.size"] = "6";
  expect_missing(12, "6 contracts are held, as many as before");
}

TEST_F(DrillJudge, R12_ALockedAccountIsFlatAndWithoutOrders) {
  run_.expected.action = Breach::Action::Close;
  run_.record.state = flatten(R"({"positions":[],"workingOrders":[{"id":1}]})");
  run_.expected.lock = Breach::SetsLock{LockKind::Hard};
  EXPECT_THAT(run_.judged().links[11].text, HasSubstr("0 contracts and 1 orders are left"));
}

TEST_F(DrillJudge, R13_VerifiedWithoutTwoReadsAtTheGateway) {
  run_.record.calls.pop_back();
  expect_missing(13, "called verified when 1 reads of the positions in a row had shown it, 2 are needed");
}

TEST_F(DrillJudge, R13_AReadThatFailedIsNoRead) {
  run_.record.calls.back()["status"] = "500";
  expect_missing(13, "called verified when 0 reads");
}

TEST_F(DrillJudge, R13_AReadThatShowsTheExcessIsNoProof) {
  std::string& answer = run_.record.calls.back()["response"];
  answer.replace(answer.find("5}"), 1, "6");
  expect_missing(13, "called verified when 0 reads");
}

TEST_F(DrillJudge, R13_ARefusedReadIsNoProof) {
  run_.record.calls.back()["response"] = R"({"positions":[],"success":false})";
  expect_missing(13, "called verified when 0 reads");
}

TEST_F(DrillJudge, R13_AReadForAnotherReasonIsNoVerification) {
  run_.logged("request", "12")["enforcement"] = "0";
  expect_missing(13, "called verified when 1 reads");
}

TEST_F(DrillJudge, R13_ACancelIsVerifiedByTheOrders) {
  run_.expected.action = Breach::Action::Cancel;
  run_.expected.order = "35";
  run_.record.calls[0]["path"] = "/api/Order/cancel";
  run_.record.calls[0]["body"] = R"({"accountId":7,"orderId":35})";
  for (Fields& line : run_.record.log) {
    if (text(line, "endpoint") == "readPositions") line["endpoint"] = "readWorkingOrders";
    if (text(line, "endpoint") == "partialCloseContract") line["endpoint"] = "cancel";
  }
  for (const std::size_t i : {1U, 2U}) {
    run_.record.calls[i]["path"] = "/api/Order/v2/query";
    run_.record.calls[i]["body"] = R"({"filter":{"accountId":7}})";
    run_.record.calls[i]["response"] = R"({"orders":[{"id":36}],"success":true})";
  }
  EXPECT_TRUE(run_.judged().links[12].proven) << run_.judged().links[12].text;
  run_.record.calls[2]["response"] = R"({"orders":[{"id":35}],"success":true})";
  EXPECT_THAT(run_.judged().links[12].text, HasSubstr("called verified when 0 reads of the orders"));
}

TEST_F(DrillJudge, R13_NeverVerified) {
  run_.drop_logged("checkpoint", "enforcement_verified");
  expect_missing(13, "no line 'enforcement_verified' of enforcement 1");
}

TEST_F(DrillJudge, R14_EachThingThatIsNotWrittenIsNamed) {
  const auto without = [&](auto take, std::string_view what) {
    run_ = ProvenRecord{};
    take(run_.record);
    expect_missing(14, what);
  };
  without([](Record& r) { r.violations.clear(); }, "a row of the rule in table violations");
  without([](Record& r) { r.enforcements.front()["state"] = "open"; }, "the receipt in table enforcements");
  without([](Record& r) { r.enforcements.front()["rules"] = "[\"daily_loss\"]"; },
          "that names the rule in table enf");
  without([](Record& r) { r.requests.clear(); }, "the request and its answer in table requests");
  without([](Record& r) { r.metrics.erase(r.metrics.begin()); }, "metric risk_manager_decisions_total");
  without([](Record& r) { r.metrics.erase("risk_manager_enforcements_verified_total"); }, "metric risk_manager_enf");
  without([](Record& r) { r.notifications.front()["rule"] = ""; }, "a notification of the violation");
  without([](Record& r) { r.notifications.pop_back(); }, "a notification that it is verified");
  without([](Record& r) { r.notices.clear(); }, "their rows in table notifications");
}

TEST_F(DrillJudge, RulesThatWereBrokenOnTheWayAndByTheSameEventAreNamed) {
  Fields other = run_.logged("event", "violation");
  other["rule"] = "daily_loss";
  run_.record.log.push_back(other);
  other["rule"] = "symbol_blocks";
  other["enforcement"] = "0";
  run_.record.log.insert(run_.record.log.begin(), other);
  const Judgement judgement = run_.judged();
  EXPECT_THAT(judgement.together, ElementsAre("daily_loss"));
  EXPECT_THAT(judgement.earlier, ElementsAre("symbol_blocks"));
}

TEST_F(DrillJudge, AnEmptyRecordProvesNothingAndIsNoCrash) {
  run_.record = {};
  const Judgement judgement = run_.judged();
  for (const Evidence& evidence : judgement.links) EXPECT_FALSE(evidence.proven) << evidence.text;
}

}  // namespace
}  // namespace rm::drill
