// What happens in an account that is seen neither by stream nor by reads.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr BlindPolicy kFlatten{.action = BlindPolicy::Action::Flatten, .after = 30s};

class Blind : public testing::Test {
 protected:
  // Nothing is seen from now on; the round of reads that tells so has failed a moment later.
  static void go_blind(Desk& desk) {
    desk.broker.reads_fail = true;
    desk.disconnect();
    desk.broker.stream_up = false;
    desk.pass(100ms);
    ASSERT_EQ(desk.book().sync(), SyncState::Blind);
  }
};

TEST_F(Blind, WithTheStreamDownAndReadsThatSucceedItIsNot) {
  Desk desk{"", DeskOptions{.blind = kFlatten}};
  desk.fill(desk.mnq, 2, "21000");
  desk.disconnect();
  desk.pass(5min);
  EXPECT_EQ(desk.book().sync(), SyncState::StreamDown);
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
}

TEST_F(Blind, WithReadsThatFailAndTheStreamUpItIsNot) {
  Desk desk{"", DeskOptions{.blind = kFlatten}};
  desk.fill(desk.mnq, 2, "21000");
  desk.broker.reads_fail = true;
  desk.pass(5min);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
}

TEST_F(Blind, AReadThatSucceedsEndsIt) {
  Desk desk{"", DeskOptions{.blind = kFlatten}};
  desk.fill(desk.mnq, 2, "21000");
  go_blind(desk);
  desk.pass(20s);
  desk.broker.reads_fail = false;
  desk.pass(29s);
  EXPECT_EQ(desk.book().sync(), SyncState::StreamDown);
  EXPECT_THAT(desk.actions(), IsEmpty());
}

TEST_F(Blind, SoDoesTheStream) {
  Desk desk{""};
  go_blind(desk);
  desk.broker.stream_up = true;
  desk.connect();
  EXPECT_EQ(desk.book().sync(), SyncState::StreamDown) << "until its snapshot";
  desk.broker.reads_fail = false;
  desk.pass(1min);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
}

TEST_F(Blind, FlattenClosesWhatWasOpenOnceItHasLastedLongEnough) {
  Desk desk{"", DeskOptions{.blind = kFlatten}};
  desk.fill(desk.mnq, 2, "21000");
  desk.fill(desk.es, -1, "6300");
  go_blind(desk);
  const BrokerTime due = desk.book().sync_since() + 30s;
  desk.run_until(due - 1ns);
  EXPECT_THAT(desk.actions(), IsEmpty());
  desk.run_until(due);
  EXPECT_THAT(desk.heard(), Contains("flatten because BLIND_WITH_POSITION"));
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ", "closeContract ES"));
  desk.pass(1min);
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{0});
  EXPECT_TRUE(desk.receipts.empty()) << "nothing has shown yet that it is flat";
  desk.broker.reads_fail = false;
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.receipts.size(), 1U);
  EXPECT_THAT(desk.actions(), ElementsAre("closeContract MNQ", "closeContract ES"));
}

TEST_F(Blind, WarnActsOnNothing) {
  Desk desk{""};
  desk.fill(desk.mnq, 2, "21000");
  go_blind(desk);
  desk.pass(1h);
  EXPECT_THAT(desk.actions(), IsEmpty());
  EXPECT_THAT(desk.heard(), Not(Contains("flatten because BLIND_WITH_POSITION")));
}

TEST_F(Blind, NothingOpenIsNothingToClose) {
  Desk desk{"", DeskOptions{.blind = kFlatten}};
  go_blind(desk);
  desk.pass(1h);
  EXPECT_THAT(desk.actions(), IsEmpty());
  EXPECT_TRUE(desk.decisions.empty());
}

}  // namespace
}  // namespace rm::test
