#include "desk.h"

namespace paper {
namespace {

TEST(Positions, ScalingInMovesTheAverageBetweenTicks) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29500.25_d);
  desk.market(Side::Buy, 2);
  const Position p = desk.exchange.positions(desk.id).front();
  EXPECT_EQ(p.size, 3);
  EXPECT_EQ(p.average_price, 29500.166666667_d);
  EXPECT_EQ(p.display_name, "MNQU26");
}

TEST(Positions, PartialExitsAtAverageCostAddUpExactly) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29500.25_d);
  desk.market(Side::Buy, 2);
  desk.price(kMnq, 29510.25_d);  // bid 29510
  Decimal gross;
  for (int i = 0; i < 3; ++i) {
    desk.market(Side::Sell, 1);
    gross += *desk.exchange.trades(desk.id, {}, {}).front().profit_and_loss;
    if (i < 2) {
      EXPECT_EQ(desk.exchange.positions(desk.id).front().average_price, 29500.166666667_d);
    }
  }
  EXPECT_EQ(gross, 59_d);  // (10 + 9.75 + 9.75) points at 2 USD
  EXPECT_EQ(desk.position(), 0);
}

TEST(Positions, TheAverageDoesNotDriftWhileAPositionIsSoldOff) {
  Desk desk;
  const std::string dow = "CON.F.US.MYM.U26";
  desk.price(dow, 51200_d);
  desk.market(Side::Buy, 1, dow);
  desk.price(dow, 51201_d);
  desk.market(Side::Buy, 6, dow);
  for (int left = 7; left > 0; --left) {
    EXPECT_EQ(desk.exchange.positions(desk.id).front().average_price, 51200.857142857_d) << left;
    desk.market(Side::Sell, 1, dow);
  }
}

TEST(Positions, FirstInFirstOutMeasuresFromTheOldestEntry) {
  Desk desk{{.closed_lots = Settings::ClosedLots::Fifo}};
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29504_d);
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29510.25_d);
  desk.market(Side::Sell, 1);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}).front().profit_and_loss, 20_d);
  EXPECT_EQ(desk.exchange.positions(desk.id).front().average_price, 29504_d);
}

TEST(Positions, OnlyTheEntriesThatAnExitUsesAreToldAgain) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.market(Side::Buy, 2);
  desk.market(Side::Buy, 1);
  desk.take();
  desk.market(Side::Sell, 2);
  EXPECT_THAT(desk.take(),
              testing::IsSupersetOf({"trade 1 action 1 buy 1 @ 29500", "trade 2 action 1 buy 2 @ 29500"}));
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}).size(), 4U);
  desk.market(Side::Sell, 1);
  EXPECT_THAT(desk.take(), testing::Contains("trade 2 action 1 buy 2 @ 29500"));
}

TEST(Positions, ShortsEarnWhenThePriceFalls) {
  Desk desk;
  desk.market(Side::Sell, 2);  // 29499.75
  EXPECT_EQ(desk.exchange.positions(desk.id).front().type, PositionType::Short);
  EXPECT_EQ(desk.exchange.positions(desk.id).front().size, 2);
  desk.price(kMnq, 29489.75_d);
  desk.market(Side::Buy, 2);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}).front().profit_and_loss, 40_d);
  EXPECT_EQ(desk.balance(), 150000_d + 40_d - 1.22_d * 2);
}

TEST(Positions, AFillThroughFlatClosesOnePositionAndOpensAnother) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.take();
  desk.market(Side::Sell, 3);
  EXPECT_THAT(desk.take(),
              ElementsAre("order 2 status 6", "trade 2 action 0 sell 1 @ 29499.75 pnl -0.5",
                          "trade 1 action 1 buy 1 @ 29500", "trade 3 action 0 sell 2 @ 29499.75",
                          "order 2 status 2 filled 29499.75", "position 1 action 2 type 0 size 0 average 29500",
                          "position 2 action 1 type 2 size 2 average 29499.75", "balance 149997.06"));
}

TEST(Positions, AScratchIsZeroAndAnOpeningIsNothing) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29500_d, 29500.25_d);
  desk.market(Side::Sell, 1);
  const auto trades = desk.exchange.trades(desk.id, {}, {});
  EXPECT_EQ(trades[0].profit_and_loss, 0_d);
  EXPECT_EQ(trades[1].profit_and_loss, std::nullopt);
}

TEST(Positions, SmallTicksAndLargeTickValuesStayExact) {
  Desk desk;
  const std::string yen = "CON.F.US.JY6.U26", two_year = "CON.F.US.TUA.U26";
  desk.price(yen, 0.0068_d);
  desk.price(two_year, 103.75_d);
  desk.market(Side::Buy, 3, yen);
  desk.market(Side::Sell, 2, two_year);
  desk.price(yen, 0.0068015_d);  // bid one tick lower
  desk.price(two_year, 103.73828125_d);
  desk.market(Side::Sell, 3, yen);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}).front().profit_and_loss, 37.5_d);  // 2 ticks × 6.25 × 3
  desk.market(Side::Buy, 2, two_year);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, {}).front().profit_and_loss, 31.25_d);  // 2 ticks × 7.8125 × 2
}

TEST(Positions, EachOpeningFromFlatHasItsOwnId) {
  Desk desk;
  desk.market(Side::Buy, 1);
  const PositionId first = desk.exchange.positions(desk.id).front().id;
  desk.market(Side::Sell, 1);
  desk.market(Side::Buy, 1);
  EXPECT_NE(desk.exchange.positions(desk.id).front().id, first);
}

}  // namespace
}  // namespace paper
