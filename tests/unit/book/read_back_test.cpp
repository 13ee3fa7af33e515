// Reads over REST may lag the stream, cross each other, and find what the stream never told.
#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

struct ReadBackTest : BookFixture {
  ReadBackTest() {
    synchronise();
    fill(1, mnq, +5, "21000");
    says(mnq, +5, "21000");
  }
};

TEST_F(ReadBackTest, AReadThatTheStreamOvertookIsOld) {
  const BrokerTime asked = now;
  now = now + 20ms;
  fill(2, mnq, -5, "21000", "0");
  read({position(mnq, +5, "21000")}, true, asked);
  EXPECT_EQ(held(mnq), 0);
  EXPECT_FALSE(account.disputed());
}

TEST_F(ReadBackTest, AReadSoonAfterTheStreamSpokeMayLagAndIsNotBelievedYet) {
  now = now + 1s;
  fill(2, mnq, -5, "21000", "0");
  says(mnq, 0, "21000");
  now = now + 50ms;
  read({position(mnq, +5, "21000")}, true, now);
  EXPECT_EQ(held(mnq), 0);
  EXPECT_TRUE(account.disputed()) << "but it is not flat beyond doubt either";
  now = now + 200ms;
  read({}, true, now);
  EXPECT_TRUE(account.flat());
}

TEST_F(ReadBackTest, AVerificationReadIsBelievedWhenTheStreamHasLongBeenSilent) {
  now = now + 2s;
  read({}, true, now);
  EXPECT_EQ(held(mnq), 0);
  EXPECT_TRUE(account.flat());
}

TEST_F(ReadBackTest, AFlatReadRightAfterAnEntryDoesNotHideIt) {
  now = now + 100ms;
  read({}, true, now);
  now = now + 200ms;
  read({}, true, now);
  EXPECT_EQ(held(mnq), 5) << "the read lags the entry";
  EXPECT_FALSE(account.flat());
}

TEST_F(ReadBackTest, APersistentReadWins) {
  now = now + 100ms;
  read({}, true, now);
  now = now + 2s;
  read({}, true, now);
  EXPECT_TRUE(account.flat());
}

TEST_F(ReadBackTest, ALookInBetweenNeedsASecondOneTwoSecondsLater) {
  now = now + 1min;
  read({position(mnq, +8, "21001")}, false, now);
  EXPECT_EQ(held(mnq), 5);
  EXPECT_TRUE(account.disputed());
  now = now + 1s;
  read({position(mnq, +8, "21001")}, false, now);
  EXPECT_EQ(held(mnq), 5);
  now = now + 1s;
  read({position(mnq, +8, "21001")}, false, now);
  EXPECT_EQ(held(mnq), 8);
  EXPECT_FALSE(account.disputed());
}

TEST_F(ReadBackTest, ASecondLookThatSaysSomethingElseStartsOver) {
  now = now + 1min;
  read({position(mnq, +8, "21001")}, false, now);
  now = now + 3s;
  read({position(mnq, +7, "21001")}, false, now);
  EXPECT_EQ(held(mnq), 5);
  now = now + 2s;
  read({position(mnq, +7, "21001")}, false, now);
  EXPECT_EQ(held(mnq), 7);
}

TEST_F(ReadBackTest, ALaggingReadThatAgreesWithUsDoesNotSilenceThePositionMessage) {
  now = now + 1min;
  says(mnq, +9, "21002");  // its fill was lost
  now = now + 100ms;
  read({position(mnq, +5, "21000")}, false, now);
  EXPECT_TRUE(account.disputed());
  pass(400ms);
  EXPECT_EQ(held(mnq), 9);
}

TEST_F(ReadBackTest, AReadOlderThanTheLastOneIsLeftAlone) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, false, Generation{1}}));
  now = now + 5s;
  read({}, false, now);
  EXPECT_EQ(held(mnq), 0);
  read({position(mnq, +5, "21000")}, false, now - 1s);
  EXPECT_EQ(held(mnq), 0) << "answers that cross";
}

TEST_F(ReadBackTest, WithoutAStreamReadsAreAllThereIs) {
  ASSERT_TRUE(publish(StreamChanged{kAccount, false, Generation{1}}));
  EXPECT_EQ(account.sync(), SyncState::StreamDown);
  now = now + 100ms;
  read({position(es, -1, "6300")}, false, now);
  EXPECT_EQ(held(mnq), 0);
  EXPECT_EQ(held(es), -1);
}

TEST_F(ReadBackTest, APartNotReadChangesNothing) {
  now = now + 1min;
  ASSERT_TRUE(publish(ReadBack{kAccount, nullptr, nullptr, now, true}));
  EXPECT_EQ(held(mnq), 5);
}

}  // namespace
}  // namespace rm::test
