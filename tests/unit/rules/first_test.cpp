#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "support/desk.h"
namespace rm::test {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
TEST(First, Breach) {
  Desk desk{"daily_loss: {max_loss: -1000.00, include_costs: false, warn_at: [50]}"};
  desk.fill(desk.mnq, +10, "21000.00");
  desk.quote(desk.mnq, "20950.25");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.quote(desk.mnq, "20950.00");
  EXPECT_THAT(desk.heard(), ElementsAre("flatten because LOSS_AT_LIMIT", "lock account hard until reset"));
  EXPECT_TRUE(desk.settle());
  for (auto& t : desk.transcript) std::puts(t.c_str());
  EXPECT_TRUE(desk.account().flat());
}
}
