// R13: done is what the broker shows, twice, newer than the last event. A failed read is never "flat".
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct VerificationTest : ::testing::Test {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  void breach() {
    desk.fill(desk.mnq, 10, "21000");
    desk.pass(10s);
    desk.quote(desk.mnq, "20950");
  }
  // While every read of this kind fails, and all others show the goal, nothing is done; behind that it is.
  template <class Failing>
  void expect_unproven_while() {
    std::size_t failed = 0;
    desk.broker.on_sent = [&](const BrokerRequest& request) {
      if (!std::holds_alternative<Failing>(request.ask)) return;
      desk.broker.fail_next(Fault::NotSent);
      ++failed;
    };
    desk.pass(3s);
    EXPECT_TRUE(desk.account().flat());
    EXPECT_GE(failed, 3U) << "nothing was read, nothing could fail";
    EXPECT_THAT(desk.receipts, IsEmpty());
    desk.broker.on_sent = nullptr;
    EXPECT_TRUE(desk.settle());
    EXPECT_THAT(desk.receipts, SizeIs(1));
  }
  std::size_t reads() const {
    std::size_t count = 0;
    for (const BrokerRequest& request : desk.broker.sent)
      count += std::holds_alternative<ReadPositions>(request.ask) ? 1U : 0U;
    return count;
  }
};

TEST_F(VerificationTest, TakesTwoReadsThatAgree) {
  breach();
  const auto before = reads();
  desk.pass(35ms);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_THAT(desk.receipts, IsEmpty()) << "the stream's word is not enough";
  EXPECT_TRUE(desk.settle());
  EXPECT_THAT(desk.receipts, SizeIs(1));
  EXPECT_EQ(reads() - before, 2U);
}

TEST(Verification, AReadThatStillListsTheCancelledOrderDoesNotShowTheGoal) {
  Desk desk{"auth_loss_guard: {}"};
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(10s);
  desk.broker.read_lag = 1s;
  const BrokerTime breach = desk.now;
  desk.can_trade(false);
  EXPECT_TRUE(desk.settle());
  ASSERT_THAT(desk.receipts, SizeIs(1));
  EXPECT_GE(desk.receipts.front().verified_at - breach, 1s);
}

TEST_F(VerificationTest, AReadThatAnEventOvertookDoesNotCount) {
  breach();
  const auto before = reads();
  desk.pass(35ms);  // the first read is under way
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  EXPECT_TRUE(desk.settle());
  EXPECT_GT(reads() - before, 2U);
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(VerificationTest, AFailedReadOfThePositionsIsNeverFlat) {
  breach();
  expect_unproven_while<ReadPositions>();
}

TEST_F(VerificationTest, AFailedReadOfTheOrdersIsNeverFlat) {
  breach();
  expect_unproven_while<ReadWorkingOrders>();
}

TEST_F(VerificationTest, AnAnswerWithoutItsContentIsNeverFlat) {
  breach();
  desk.pass(20ms);
  BrokerReply empty;
  for (int i = 0; i < 200 && desk.receipts.empty(); ++i) {
    desk.pass(1ms);
    const AccountSaga* saga = desk.executor().find(desk.main_account());
    for (const BrokerRequest& request : desk.broker.sent) {
      if (!saga->is_verification(request.id)) continue;
      empty.id = request.id;
      empty.account = request.account;
      empty.outcome = Outcome::Accepted;
    }
    if (empty.id != RequestId{}) break;
  }
  ASSERT_NE(empty.id, RequestId{});
  // The answers to both reads come without their lists.
  EXPECT_TRUE(desk.executor().on_reply(empty, desk.now));
  empty.id = RequestId{empty.id.value() - 1};
  EXPECT_TRUE(desk.executor().on_reply(empty, desk.now));
  EXPECT_THAT(desk.executor().output().finished, IsEmpty());
}

TEST_F(VerificationTest, FindsWhatTheStreamNeverTold) {
  breach();
  desk.broker.lose = [](const RiskEventBody&) {
    return true;
  };  // the user stream has gone silent, the socket looks healthy
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(VerificationTest, AnOrderTheStreamNeverToldIsFoundAndCancelled) {
  breach();
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST_F(VerificationTest, AnEntryRightBehindTheCloseIsNotHiddenByALaggingRead) {
  desk.broker.read_lag = 1900ms;
  desk.broker.remember(desk.now);
  desk.pass(5s);
  breach();
  desk.pass(30ms);
  desk.fill(desk.mnq, 2, "20950");  // reads show the world before it, for two seconds
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

// A read says nothing about what was asked after it: not even when its answer comes last.
TEST(AccountSaga, AReadAskedForBeforeAReductionDoesNotJudgeIt) {
  Desk desk{""};
  desk.fill(desk.mnq, 8, "21000");
  const OrderId order = desk.order(desk.es, OrderType::Limit, Side::Buy, 1, "6200");
  desk.pass(10s);
  RequestIds ids{RequestId{1000}};
  AccountSaga saga{desk.book(), ids};
  SagaOutput out;
  Decision decision;
  decision.id = EnforcementId{1};
  decision.account = desk.main_account();
  decision.at = desk.now;
  decision.goal = Goal{false, {{desk.mnq, Lots{5}}}, {order}};
  saga.take_over(decision, desk.now, out);
  ASSERT_THAT(out.requests, SizeIs(2));
  const auto answer = [&](const BrokerRequest& request, Outcome outcome, ReadPayload payload = {}) {
    BrokerReply reply;
    reply.id = request.id;
    reply.account = request.account;
    reply.outcome = outcome;
    reply.payload = std::move(payload);
    EXPECT_TRUE(saga.on_reply(reply, desk.now, out));
  };
  const auto is_cancel = [](const BrokerRequest& r) { return std::holds_alternative<CancelOrder>(r.ask); };
  const BrokerRequest cancel = is_cancel(out.requests[0]) ? out.requests[0] : out.requests[1];
  const BrokerRequest reduce = is_cancel(out.requests[0]) ? out.requests[1] : out.requests[0];
  out.clear();
  desk.now = desk.now + 10ms;
  answer(cancel, Outcome::Refused);  // asks for a read
  ASSERT_THAT(out.requests, SizeIs(2));
  const auto reads = out.requests;
  out.clear();
  desk.now = desk.now + 10ms;
  answer(reduce, Outcome::Accepted);
  desk.now = desk.now + 10ms;
  answer(reads[0], Outcome::Accepted, std::vector<Position>{});
  answer(reads[1], Outcome::Accepted, std::vector<Order>{});
  for (const BrokerRequest& request : out.requests)
    EXPECT_TRUE(!std::holds_alternative<ReducePosition>(request.ask)) << "reduced twice";
}

TEST_F(VerificationTest, WaitsForAnswersStillUnderWay) {
  desk.fill(desk.mnq, 10, "21000");
  desk.pass(10s);
  desk.broker.fail_next(Fault::SlowAnswer);
  desk.quote(desk.mnq, "20950");
  desk.pass(2s);
  EXPECT_TRUE(desk.account().flat());
  EXPECT_THAT(desk.receipts, IsEmpty()) << "the close that has not been answered may still do something";
  EXPECT_TRUE(desk.settle());
  ASSERT_THAT(desk.receipts, SizeIs(1));
  EXPECT_EQ(desk.receipts.at(0).steps.front().what, "closeContract") << "and the receipt has its answer";
}

}  // namespace
}  // namespace rm::test
