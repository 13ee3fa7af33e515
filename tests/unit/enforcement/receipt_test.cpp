// R13, R14: the receipt has the trigger, the rules and figures, every request with its answer and times.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(Receipt, IsComplete) {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  desk.fill(desk.mnq, 10, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 10, "20900");
  desk.pass(10s);
  desk.quote(desk.mnq, "20950");
  const BrokerTime breached = desk.now;
  ASSERT_TRUE(desk.settle());
  ASSERT_THAT(desk.receipts, SizeIs(1));
  const Receipt& receipt = desk.receipts.at(0);
  EXPECT_EQ(receipt.enforcement, desk.decisions.at(0).id);
  EXPECT_EQ(receipt.account, desk.main_account());
  EXPECT_THAT(receipt.rules, ElementsAre("daily_loss"));
  EXPECT_THAT(receipt.reasons, ElementsAre(Reason{LossAtLimit{Money::from_units(-1000), Money::from_units(-1000)}}));
  EXPECT_EQ(receipt.decided_at, breached);
  EXPECT_EQ(receipt.received_ns, breached.nanos());
  EXPECT_EQ(receipt.first_sent_ns, breached.nanos());
  EXPECT_GT(receipt.verified_at, breached);
  EXPECT_EQ(receipt.verified_ns, receipt.steps.back().answered_ns);
  EXPECT_EQ(receipt.attempts, 1U);

  std::vector<std::string> steps;
  for (const ReceiptStep& step : receipt.steps) {
    steps.push_back(std::string{step.what} + (step.subject.empty() ? "" : " ") + step.subject);
    EXPECT_EQ(step.outcome, Outcome::Accepted) << steps.back();
    EXPECT_GE(step.requested_at, breached);
    EXPECT_GT(step.answered_at, step.requested_at);
    EXPECT_NE(step.request, RequestId{});
  }
  EXPECT_THAT(steps, ElementsAre("closeContract CON.F.US.MNQ.U26", "cancel " + std::to_string(stop.value()),
                                 "readPositions", "readWorkingOrders", "readPositions", "readWorkingOrders"));
}

TEST(Receipt, HasTheRefusalsToo) {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: []}"};
  desk.fill(desk.mnq, 10, "21000");
  desk.pass(10s);
  desk.broker.refuse_next(6, "OrderPending", 2);
  desk.quote(desk.mnq, "20950");
  ASSERT_TRUE(desk.settle());
  const Receipt& receipt = desk.receipts.at(0);
  EXPECT_EQ(receipt.steps[0].outcome, Outcome::Refused);
  EXPECT_EQ(receipt.steps[0].error_code, 6);
  EXPECT_EQ(receipt.steps[0].text, "OrderPending");
  EXPECT_EQ(receipt.attempts, 3U);
}

TEST(Receipt, OfAFlatAccountNeedsNoRequestThatActs) {
  Desk desk{"auth_loss_guard: {}"};
  desk.can_trade(false);
  ASSERT_TRUE(desk.settle());
  ASSERT_THAT(desk.receipts, SizeIs(1));
  EXPECT_EQ(desk.receipts.at(0).first_sent_ns, 0);
  EXPECT_THAT(desk.receipts.at(0).steps, SizeIs(4));
}

}  // namespace
}  // namespace rm::test
