// The snapshot of a new connection: the truth of its generation, with the stream racing it.
#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using SnapshotTest = BookFixture;

TEST_F(SnapshotTest, TellsEverything) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  Order resting;
  resting.id = OrderId{7};
  resting.status = OrderStatus::Open;
  snapshot({position(mnq, +2, "21000"), position(es, -1, "6300.25")}, {resting}, {trade(1, mnq, +2, "21000")});
  EXPECT_EQ(account.sync(), SyncState::Synchronised);
  EXPECT_EQ(account.generation(), Generation{1});
  EXPECT_EQ(held(mnq), 2);
  EXPECT_EQ(held(es), -1);
  EXPECT_TRUE(account.orders().find(OrderId{7}));
  EXPECT_EQ(account.day().result().trade_count, 1U);
  EXPECT_EQ(account.balance(), money("50000"));
  EXPECT_EQ(account.can_trade(), true);
  EXPECT_EQ(account.gross_size(), Lots{3});
}

TEST_F(SnapshotTest, WithoutAStreamItIsKnownButNotLive) {
  snapshot({});
  EXPECT_EQ(account.sync(), SyncState::StreamDown);
  EXPECT_TRUE(account.flat());
}

TEST_F(SnapshotTest, OfTheNewConnectionReplacesWhatTheGapHid) {
  synchronise({position(mnq, +2, "21000")});
  ASSERT_TRUE(publish(StreamChanged{kAccount, false, Generation{1}}));
  EXPECT_EQ(account.sync(), SyncState::StreamDown);
  now = now + 30s;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{2}}));
  EXPECT_EQ(account.sync(), SyncState::StreamDown) << "what happened in the gap is not known yet";
  snapshot({position(es, +1, "6300")});
  EXPECT_EQ(account.sync(), SyncState::Synchronised);
  EXPECT_EQ(held(mnq), 0);
  EXPECT_EQ(held(es), 1);
}

TEST_F(SnapshotTest, ANewConnectionThatCameWithoutAnEndOfTheOldOneIsAGapToo) {
  synchronise();
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{2}}));
  EXPECT_EQ(account.sync(), SyncState::StreamDown);
}

TEST_F(SnapshotTest, AFillInThePositionsReadThatArrivesLaterIsNotCountedTwice) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  now = now + 2ms;
  const Trade racing = trade(1, mnq, +2, "21000");  // after the read was asked for, before it was answered
  now = now - 2ms;
  snapshot({position(mnq, +2, "21000")}, {}, {}, 10ms);
  now = now + 15ms;
  ASSERT_TRUE(publish(TradeExecuted{racing}));
  EXPECT_EQ(held(mnq), 2);
  says(mnq, +2, "21000");
  EXPECT_FALSE(account.disputed());
}

TEST_F(SnapshotTest, AFillInTheTradesReadButNotInThePositionsReadShowsInThePositionMessage) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  const Trade racing = trade(1, mnq, +2, "21000");
  snapshot({}, {}, {racing}, 10ms);
  ASSERT_TRUE(publish(TradeExecuted{racing}));
  says(mnq, +2, "21000");
  pass(500ms);
  EXPECT_EQ(held(mnq), 2);
  EXPECT_EQ(account.day().result().trade_count, 1U);
}

TEST_F(SnapshotTest, OfABusyAccountStaysInDoubtUntilALaterRead) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  const BrokerTime asked = now;
  now = now + 5ms;
  fill(1, mnq, +1, "21000");
  now = asked;
  snapshot({}, {}, {}, 20ms);
  EXPECT_TRUE(account.disputed()) << "the stream spoke while it was read";
  EXPECT_FALSE(account.flat());
  now = now + 2100ms;
  read({position(mnq, +1, "21000")}, false, now);
  now = now + 2100ms;
  read({position(mnq, +1, "21000")}, false, now);
  EXPECT_EQ(held(mnq), 1);
  EXPECT_FALSE(account.disputed());
}

TEST_F(SnapshotTest, ThatAgreesKeepsTheExactSumAndTheOrderOfIncreases) {
  synchronise();
  fill(1, mnq, +1, "21000");
  now = now + 1s;
  fill(2, es, +1, "6300");
  fill(3, mnq, +2, "21000.25");
  const Holding before = *account.holding(mnq);
  const BrokerTime grew = account.holding(es)->last_increase;
  now = now + 10s;
  snapshot({position(mnq, +3, "21000.166666667"), position(es, +1, "6300")});
  EXPECT_EQ(account.holding(mnq)->paid, before.paid);
  EXPECT_EQ(account.holding(mnq)->last_increase, before.last_increase);
  EXPECT_EQ(account.holding(es)->last_increase, grew);
}

TEST_F(SnapshotTest, ALaggingAccountReadDoesNotOverruleTheStream) {
  synchronise();
  ASSERT_TRUE(publish(AccountUpdated{AccountInfo{kAccount, money("49000"), false}}));
  now = now + 500ms;
  snapshot({});  // says canTrade: true
  EXPECT_EQ(account.can_trade(), false);
  now = now + 5s;
  snapshot({});
  EXPECT_EQ(account.can_trade(), true);
}

}  // namespace
}  // namespace rm::test
