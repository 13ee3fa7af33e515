#include "enforcement/found_by_reads.h"

#include <gtest/gtest.h>

namespace rm {
namespace {

using namespace std::chrono_literals;

constexpr AccountId kAccount{1}, kOther{2};
const BrokerTime kStart = BrokerTime::from_seconds(1'000'000);

TEST(FoundByReads, AFillTheStreamNeverTellsCountsOnceItsPatienceIsOver) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  EXPECT_EQ(found.settle(kStart + FoundByReads::kPatience - 1ns), 0U);
  EXPECT_EQ(found.settle(kStart + FoundByReads::kPatience), 1U);
  EXPECT_EQ(found.settle(kStart + 1h), 0U) << "counted once";
}

TEST(FoundByReads, AStreamThatIsOnlyLateHasHiddenNothing) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  found.on_stream(kAccount, TradeId{7});
  EXPECT_EQ(found.settle(kStart + 1h), 0U);
}

TEST(FoundByReads, TheSameNumberOfAnotherAccountIsAnotherFill) {
  FoundByReads found;
  found.on_read(kAccount, TradeId{7}, kStart);
  found.on_stream(kOther, TradeId{7});
  EXPECT_EQ(found.settle(kStart + 1h), 1U);
}

}  // namespace
}  // namespace rm
