#include "enforcement/exit_cost.h"

#include "support/desk.h"

namespace rm::test {
namespace {

TEST(ExitCost, IsACloseAPositionACancelAnOrderAndTwoRoundsOfReads) {
  Desk desk{""};
  EXPECT_EQ(requests_to_flatten(desk.book()), 0);
  desk.fill(desk.mnq, 2, "21000");
  EXPECT_EQ(requests_to_flatten(desk.book()), 1 + 4);
  desk.fill(desk.es, -1, "6300");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20900");
  EXPECT_EQ(requests_to_flatten(desk.book()), 3 + 4);
}

TEST(ExitCost, AnOrderAloneCostsTheSame) {
  Desk desk{""};
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000");
  EXPECT_EQ(requests_to_flatten(desk.book()), 1 + 4);
}

}  // namespace
}  // namespace rm::test
