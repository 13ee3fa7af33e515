// R21: what a rule measures over time goes on over a kill: it does not begin anew, nor is it done twice.
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr int kMinute = 60;

class CountedTime : public EndToEnd {
 protected:
  void start_again() {
    daemon().start_again();
    ASSERT_TRUE(daemon().wait_protecting()) << daemon().standard_error();
  }
  void kill_and_start_again() {
    daemon().kill_hard();
    start_again();
  }
  [[nodiscard]] int held() {
    const Json row = daemon().account(kAccount);
    return row.is_object() && !row.at("positions").empty() ? row.at("positions").at(0).at("size").get<int>() : 0;
  }
  void hold(int lots) {
    const int more = lots - paper().position(kAccount, kMnq);
    if (more > 0) paper().buy(kAccount, "MNQ", more);
    if (more < 0) paper().sell(kAccount, "MNQ", -more);
    ASSERT_TRUE(eventually([&] { return held() == lots; }));
  }
  [[nodiscard]] std::size_t orders_seen() { return daemon().account(kAccount).at("orders").size(); }
  [[nodiscard]] double stop_price() { return paper().state(kAccount).at("workingOrders").at(0).at("stopPrice"); }
};

// No event tells that the broker's clock moved on, as it does while the computer sleeps.
TEST_F(CountedTime, R41_WhatIsDueIsDoneAsSoonAsTheBrokersClockSaysSo) {
  guard("rules: {no_stop_loss_grace: {grace: 20m}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  ASSERT_NO_FATAL_FAILURE(pass(21 * kMinute));
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount); }, std::chrono::seconds{6}));
}

class AfterAKill : public CountedTime {};

TEST_F(AfterAKill, R21_TheTimeWithoutAStopGoesOn) {
  guard("rules: {no_stop_loss_grace: {grace: 20m}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  ASSERT_NO_FATAL_FAILURE(pass(7 * kMinute));
  daemon().kill_hard();
  paper().advance(7 * kMinute);
  ASSERT_NO_FATAL_FAILURE(start_again());
  ASSERT_NO_FATAL_FAILURE(pass(3 * kMinute));
  EXPECT_EQ(held(), 2) << "three of the twenty minutes are left";
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  ASSERT_NO_FATAL_FAILURE(pass(4 * kMinute));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "no_stop_loss_grace"); }));
  EXPECT_TRUE(paper().flat(kAccount));
}

TEST_F(AfterAKill, R21_TheTimeWithoutAStopIsOverWhenItRanOutMeanwhile) {
  guard("rules: {no_stop_loss_grace: {grace: 20m}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  daemon().kill_hard();
  paper().advance(21 * kMinute);
  ASSERT_NO_FATAL_FAILURE(start_again());
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "no_stop_loss_grace"); }));
  EXPECT_TRUE(paper().flat(kAccount));
}

TEST_F(AfterAKill, R21_AStopThatWasTakenAwayMeanwhileLeavesTheWholeGrace) {
  guard("rules: {no_stop_loss_grace: {grace: 20m}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  ASSERT_NO_FATAL_FAILURE(pass(15 * kMinute));
  (void)paper().place(kAccount, "MNQ", "sell", 2, "stop", "29000");
  ASSERT_TRUE(eventually([&] { return orders_seen() == 1U; }));
  daemon().kill_hard();
  paper().cancel_orders(kAccount, kMnq);
  ASSERT_NO_FATAL_FAILURE(start_again());
  ASSERT_NO_FATAL_FAILURE(pass(15 * kMinute));
  EXPECT_EQ(held(), 2);
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  ASSERT_NO_FATAL_FAILURE(pass(6 * kMinute));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "no_stop_loss_grace"); }));
}

TEST_F(AfterAKill, R21_ARoundTripIsJudgedWithWhatItLostBefore) {
  guard("rules: {cooldown_after_loss: {tiers: [{loss: -100, cooldown: 1h}]}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  paper().price("MNQ", "29470");
  ASSERT_NO_FATAL_FAILURE(hold(1));  // -60
  ASSERT_NO_FATAL_FAILURE(kill_and_start_again());
  EXPECT_THAT(daemon().account(kAccount).at("locks"), IsEmpty());
  paper().sell(kAccount, "MNQ", 1);  // and -60
  EXPECT_TRUE(eventually([&] { return daemon().locked(kAccount, "cooldown_after_loss"); }));
}

TEST_F(AfterAKill, R21_ACooldownForALossThatNobodySawLastsFromTheLossOn) {
  guard("rules: {cooldown_after_loss: {tiers: [{loss: -100, cooldown: 1h}]}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));
  daemon().kill_hard();
  paper().price("MNQ", "29470");
  paper().sell(kAccount, "MNQ", 2);
  paper().advance(40 * kMinute);
  ASSERT_NO_FATAL_FAILURE(start_again());
  ASSERT_TRUE(eventually([&] { return daemon().locked(kAccount, "cooldown_after_loss"); }));
  const int left = daemon().account(kAccount).at("locks").at(0).at("remaining_s");
  EXPECT_LE(left, 20 * kMinute);
  ASSERT_NO_FATAL_FAILURE(pass(left + kMinute));
  EXPECT_TRUE(eventually([&] { return !daemon().locked(kAccount, "cooldown_after_loss"); }));
}

TEST_F(AfterAKill, R21_EntriesAreCountedOn) {
  guard("rules: {trade_frequency_limit: {per_hour: 3}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(1));
  ASSERT_NO_FATAL_FAILURE(hold(2));
  ASSERT_NO_FATAL_FAILURE(kill_and_start_again());
  EXPECT_THAT(daemon().account(kAccount).at("locks"), IsEmpty());
  paper().buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("locks").empty(); }));
  EXPECT_EQ(daemon().account(kAccount).at("locks").at(0).at("kind"), "entry");
  EXPECT_EQ(paper().position(kAccount, kMnq), 3);
}

TEST_F(AfterAKill, R21_AStopThatFollowedThePriceIsNotMovedBackAndFollowsOn) {
  guard("rules: {trade_management: {trailing_stop: {activation_ticks: 40, distance_ticks: 20}}}\n");
  ASSERT_NO_FATAL_FAILURE(hold(2));  // at 29500; twenty ticks are 5 points
  (void)paper().place(kAccount, "MNQ", "sell", 2, "stop", "29450");
  ASSERT_TRUE(eventually([&] { return orders_seen() == 1U; }));
  paper().price("MNQ", "29520");
  ASSERT_TRUE(eventually([&] { return stop_price() == 29515.0; }));
  daemon().kill_hard();
  paper().price("MNQ", "29516");
  paper().forget_requests();
  ASSERT_NO_FATAL_FAILURE(start_again());
  paper().price("MNQ", "29517");
  ASSERT_TRUE(eventually([&] { return daemon().account(kAccount).at("pnl").at("unrealised") == "68.00"; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  EXPECT_EQ(stop_price(), 29515.0);
  paper().price("MNQ", "29530");
  EXPECT_TRUE(eventually([&] { return stop_price() == 29525.0; }));
  EXPECT_THAT(daemon().account(kAccount).at("locks"), IsEmpty());
}

}  // namespace
}  // namespace rm::test
