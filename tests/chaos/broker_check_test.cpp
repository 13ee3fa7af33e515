// The judge itself: each thing that must not be is complained of, and nothing else.

#include "support/broker_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Nanos kDollar = 1'000'000'000;

// Two MNQ bought at 21000, costs 1.22, the price is 10 points lower: 40 $ are lost.
class BrokerCheck : public testing::Test {
 protected:
  BrokerCheck() {
    broker.positions = {{"MNQ", 2, 21000 * kDollar}};
    broker.trades = {{1, "MNQ", 2, 0, 1'220'000'000, false, true}};
    broker.last_prices = {{"MNQ", 20990 * kDollar}};
    ours.synchronised = true;
    ours.held = {{"MNQ", 2}};
    ours.costs = 1'220'000'000;
    ours.open = -40 * kDollar;
  }
  [[nodiscard]] std::vector<std::string> said() const { return complaints(broker, ours, demands); }
  BrokerSide broker;
  OurSide ours;
  Demands demands;
};

TEST_F(BrokerCheck, NothingIsSaidOfWhatIsAllowed) {
  demands.most_contracts = 2;
  demands.most_of_symbol = {{"MNQ", 2}};
  demands.day_loss = -100 * kDollar;
  demands.position_loss = -50 * kDollar;
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BrokerCheck, TooMany) {
  demands.most_contracts = 1;
  EXPECT_THAT(said(), ElementsAre("2 contracts are held, allowed are 1"));
}

TEST_F(BrokerCheck, TooManyAsTheyAreCounted) {
  demands.most_contracts = 1;
  demands.counted = Counted::Mini;
  EXPECT_THAT(said(), IsEmpty());
  demands.most_contracts = 0;
  EXPECT_THAT(said(), ElementsAre("2 contracts are held, allowed are 0"));
  demands.counted = Counted::Net;
  EXPECT_THAT(said(), ElementsAre("2 contracts are held, allowed are 0"));
  demands.most_contracts = 2;
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BrokerCheck, TooManyOfAnotherSymbol) {
  demands.most_of_symbol = {{"ES", 1}};
  EXPECT_THAT(said(), IsEmpty());
  demands.most_of_others = 1;
  EXPECT_THAT(said(), ElementsAre("2 MNQ are held, allowed are 1"));
}

TEST_F(BrokerCheck, TooManyOfASymbol) {
  demands.most_of_symbol = {{"MNQ", 1}};
  EXPECT_THAT(said(), ElementsAre("2 MNQ are held, allowed are 1"));
}

TEST_F(BrokerCheck, ABlockedSymbol) {
  demands.blocked = {"MNQ"};
  broker.working_orders = {{7, "MNQ", false, true, 2}};
  ours.orders = {7};
  EXPECT_THAT(said(), ElementsAre("2 MNQ are held, it is blocked", "an order works in MNQ, it is blocked"));
}

TEST_F(BrokerCheck, TheDaysLossWithoutALock) {
  demands.day_loss = -41 * kDollar;
  EXPECT_THAT(said(), ElementsAre("UNPROTECTED: not locked although the day stands at -41.22 $"));
}

TEST_F(BrokerCheck, TheDaysProfitWithoutALock) {
  broker.positions.clear();
  broker.trades.push_back({2, "MNQ", -2, 300 * kDollar, 1'220'000'000, false, true});
  ours.held.clear();
  ours.realised = 300 * kDollar;
  ours.costs = 2'440'000'000;
  ours.open = 0;
  demands.day_profit = 297 * kDollar;
  EXPECT_THAT(said(), ElementsAre("UNPROTECTED: not locked although the day has earned 297.56 $"));
  ours.locked = true;
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BrokerCheck, YesterdaysTradesCountForThePositionOnly) {
  broker.trades = {{1, "MNQ", 2, 0, 5 * kDollar, false, false}};
  ours.costs = 0;
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BrokerCheck, TheOpenResultOfAPosition) {
  demands.position_loss = -39 * kDollar;
  EXPECT_THAT(said(), ElementsAre("MNQ has an open loss of -40.00 $, allowed is -39.00 $"));
}

TEST_F(BrokerCheck, ALockThatIsNotFlat) {
  broker.working_orders = {{7, "MNQ", false, true, 2}};
  ours.orders = {7};
  ours.locked = true;
  EXPECT_THAT(said(),
              ElementsAre("UNPROTECTED: locked, and 2 contracts are held", "UNPROTECTED: locked, and 1 orders work"));
}

TEST_F(BrokerCheck, ALockThatWasForgotten) {
  demands.locked_before = true;
  EXPECT_THAT(said(), Contains("UNPROTECTED: not locked although it was locked until the reset before"));
}

TEST_F(BrokerCheck, TheRightToTradeTakenAway) {
  demands.only_while_allowed = true;
  EXPECT_THAT(said(), IsEmpty());
  broker.may_trade = false;
  EXPECT_THAT(said(), ElementsAre(HasSubstr("UNPROTECTED: not locked although the broker has taken")));
}

TEST_F(BrokerCheck, APositionWithTooSmallAStop) {
  demands.stops_for_everything = true;
  broker.working_orders = {{7, "MNQ", false, true, 1}, {8, "MNQ", true, true, 5}, {9, "MNQ", false, false, 5}};
  ours.orders = {7, 8, 9};
  EXPECT_THAT(said(), ElementsAre("2 MNQ are held with stops for 1"));
}

TEST_F(BrokerCheck, ATradeOfOursThatReverses) {
  broker.trades.push_back({2, "MNQ", -3, 0, 0, true, true});
  broker.trades.push_back({3, "MNQ", 3, 0, 0, false, true});
  EXPECT_THAT(said(), ElementsAre("WE OPENED OR REVERSED: trade 2 of -3 MNQ while 2 were held"));
}

TEST_F(BrokerCheck, ABookThatIsNotTheBrokers) {
  ours.held = {{"MNQ", 1}};
  ours.orders = {5};
  ours.realised = kDollar;
  ours.costs = 0;
  ours.open = 0;
  ours.enforcing = true;
  ours.synchronised = false;
  EXPECT_THAT(
      said(),
      ElementsAre("we do not call the account synchronised", "an enforcement has not ended",
                  "we say 1 MNQ, the broker says 2", "we know 1 working orders, the broker 0, or not the same ones",
                  "we say 1.00 $ realised, the broker 0.00 $", "we say costs of 0.00 $, the broker 1.22 $",
                  "we say 0.00 $ open, the broker -40.00 $"));
}

}  // namespace
}  // namespace rm::test
