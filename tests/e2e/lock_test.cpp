// R41: a lock ends by its end alone. What is opened or ordered meanwhile is undone, every time.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class LockedAccount : public EndToEnd {
 protected:
  void SetUp() override {
    guard();
    lose_the_day_and_be_locked();
  }

  // "2026-09-01T22:00:00Z" as seconds after half past two in the afternoon, when paper time began.
  [[nodiscard]] int seconds_from_start(const std::string& timestamp) const {
    return std::stoi(timestamp.substr(11, 2)) * 3600 + std::stoi(timestamp.substr(14, 2)) * 60 -
           (14 * 3600 + 30 * 60);
  }
};

TEST_F(LockedAccount, R41_PositionsOpenedWhileLockedAreClosedEveryTime) {
  for (int strike = 1; strike <= 3; ++strike) {
    paper().buy(kAccount, "MNQ", strike);
    ASSERT_TRUE(eventually([&] { return daemon().strikes(kAccount) == strike && paper().flat(kAccount); })) << strike;
    ASSERT_TRUE(eventually([&] { return daemon().settled(kAccount); }));
  }
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
}

TEST_F(LockedAccount, R41_APositionOpenedWhileAnotherIsBeingClosedIsClosedToo) {
  paper().fault(R"({"path":"/api/Position/closeContract","action":"delay","ms":700})");
  paper().buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1; }));
  paper().buy(kAccount, "MES", 2);
  paper().buy(kAccount, "MNQ", 1);
  ASSERT_TRUE(eventually([&] { return daemon().settled(kAccount) && paper().flat(kAccount); }));
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
}

TEST_F(LockedAccount, R41_AnOrderPlacedWhileLockedIsCancelled) {
  const auto order = paper().place_limit(kAccount, "MNQ", "buy", 1, "29000");
  ASSERT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1 && paper().working_orders(kAccount) == 0; }));
  const Json cancels = paper().requests("/api/Order/cancel");
  ASSERT_THAT(cancels, SizeIs(1));
  EXPECT_EQ(Json::parse(cancels.front().at("body").get<std::string>()),
            (Json{{"accountId", kAccount}, {"orderId", order}}));
  EXPECT_THAT(paper().state(kAccount).at("positions"), IsEmpty());
}

TEST_F(LockedAccount, R41_TheLockHoldsUntilTheResetOfTheTradingDayAndNotLonger) {
  const auto until = daemon().account(kAccount).at("locks").front().at("until").get<std::string>();
  const int to_reset = seconds_from_start(until);
  ASSERT_GT(to_reset, 3600);
  ASSERT_NO_FATAL_FAILURE(pass(to_reset - 600));
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));

  ASSERT_NO_FATAL_FAILURE(pass(660));
  EXPECT_TRUE(eventually([&] { return !daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().net_cents(kAccount), 0) << "a new day begins at nothing";
  EXPECT_TRUE(eventually([&] { return !daemon().logged("lock_ended", "daily_loss").empty(); }));
  paper().forget_requests();
  paper().buy(kAccount, "MNQ", 5);  // the new day may be traded, under the same rules
  ASSERT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == -305; }));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  paper().buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
}

class MovedClock : public LockedAccount, public testing::WithParamInterface<int> {};

TEST_P(MovedClock, R41_MovingTheComputersClockEndsNoLock) {
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  daemon().move_clock(GetParam());
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  paper().buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1 && paper().flat(kAccount); }));
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_THAT(daemon().logged("lock_ended"), IsEmpty());
  const auto lines = daemon().log();
  EXPECT_NE(lines.front().at("time").get<std::string>().substr(0, 10),
            lines.back().at("time").get<std::string>().substr(0, 10))
      << "the clock was not moved";
}

INSTANTIATE_TEST_SUITE_P(ADay, MovedClock, testing::Values(+1, -1),
                         [](const auto& moved) { return moved.param > 0 ? "Forward" : "Back"; });

}  // namespace
}  // namespace rm::test
