// R21, R26, R27: whatever ends the daemon, no lock and no trade is lost, and what was begun is finished.

#include <signal.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Restart : public EndToEnd {};

TEST_F(Restart, R21_KilledInTheMiddleOfAFlattenItIsFinishedAfterTheRestart) {
  guard();
  paper().fault(R"({"path":"/api/Position/closeContract","action":"delay","ms":4000})");
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  ASSERT_TRUE(eventually([&] { return paper().requests("/api/Position/closeContract").size() == 1U; }));
  daemon().kill_hard();
  ASSERT_EQ(paper().position(kAccount, kMnq), 5) << "the close was not carried out before the kill";

  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_loss"); }));
  // The delayed request of the dead process is carried out as well; it finds nothing to close.
  EXPECT_TRUE(eventually(
      [&] { return !paper().requests("/api/Position/closeContract").front().at("answeredNs").is_null(); }));
  EXPECT_TRUE(paper().flat(kAccount));
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
  EXPECT_THAT(daemon().logged("enforcement_resumed"), SizeIs(1));
  EXPECT_TRUE(eventually([&] {
    return daemon().rows("SELECT state FROM enforcements WHERE id = 1") ==
           std::vector<Json>{Json::array({"verified"})};
  }));
  EXPECT_TRUE(eventually([&] { return daemon().rows("SELECT id FROM enforcements WHERE state = 'open'").empty(); }));
  EXPECT_EQ(daemon().rows("SELECT count(*) FROM locks WHERE ended_at_ns IS NULL"),
            (std::vector<Json>{Json::array({1})}));
}

TEST_F(Restart, R21_KilledRightAfterTheBreachNothingOfItIsForgotten) {
  guard();
  ASSERT_NO_FATAL_FAILURE(lose_the_day());
  ASSERT_TRUE(eventually([&] { return !paper().mutating_requests().empty(); }));
  daemon().kill_hard();
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
  EXPECT_TRUE(
      eventually([&] { return daemon().rows("SELECT id FROM trades WHERE account = 26001234").size() == 2U; }));
}

TEST_F(Restart, R27_TheLockHoldsOverSigtermAndOverKill) {
  guard();
  lose_the_day_and_be_locked();
  const auto lock_but_for_its_countdown = [&] {
    Json lock = daemon().account(kAccount).at("locks").front();
    EXPECT_EQ(lock.erase("remaining_s"), 1U);
    return lock;
  };
  const Json lock = lock_but_for_its_countdown();
  for (const bool hard : {false, true}) {
    if (hard) {
      daemon().kill_hard();
    } else {
      EXPECT_EQ(daemon().terminate().exit_code, 0);
    }
    daemon().start_again();
    ASSERT_TRUE(daemon().wait_protecting());
    ASSERT_THAT(daemon().account(kAccount).at("locks"), SizeIs(1));
    EXPECT_EQ(lock_but_for_its_countdown(), lock);
    EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
    paper().buy(kAccount, "MNQ", 1);
    EXPECT_TRUE(eventually([&] { return daemon().strikes(kAccount) == 1 && paper().flat(kAccount); }));
    EXPECT_TRUE(eventually([&] { return daemon().settled(kAccount); }));
  }
}

TEST_F(Restart, R21_APositionOpenedWhileTheDaemonWasDownIsClosedAtItsStart) {
  guard();
  lose_the_day_and_be_locked();
  daemon().kill_hard();
  paper().buy(kAccount, "MES", 3);
  (void)paper().place_limit(kAccount, "MNQ", "sell", 1, "30000");
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_TRUE(eventually([&] { return paper().flat(kAccount); }));
  EXPECT_TRUE(eventually([&] { return daemon().net_cents(kAccount) == paper().net_cents(kAccount); }));
}

TEST_F(Restart, R41_DeletingTheDatabaseLeavesTheDayLost) {
  guard();
  lose_the_day_and_be_locked();
  ASSERT_EQ(daemon().terminate().exit_code, 0);
  std::filesystem::remove_all(daemon().data_dir());
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  // The broker's trades still say what was lost.
  EXPECT_TRUE(eventually([&] { return daemon().locked(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().net_cents(kAccount), paper().net_cents(kAccount));
}

class Checkpoints : public EndToEnd, public testing::WithParamInterface<int> {};

TEST_P(Checkpoints, R17_R21_SignalsEndItInOrderAndEveryCheckpointIsInTheLog) {
  guard();
  lose_the_day_and_be_locked();
  daemon().send_signal(GetParam());
  const Ended ended = daemon().wait_end();
  EXPECT_EQ(ended.exit_code, 0);
  for (const char* name : {"service_started", "config_loaded", "database_open", "gateway_connected", "self_test",
                           "rules_initialised", "event_loop_running", "first_event_received", "rule_evaluated",
                           "enforcement_triggered", "enforcement_verified"}) {
    EXPECT_TRUE(daemon().checkpoint(name)) << name;
  }
  EXPECT_THAT(daemon().logged("stopped"), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(daemon().data_dir() / "control.sock"));
  for (const Json& line : daemon().logged("checkpoint")) {
    if (line.at("checkpoint") == "config_loaded") {
      EXPECT_EQ(line.at("rules"), 2);
    }
    if (line.at("checkpoint") == "database_open") {
      EXPECT_GE(line.at("schema").get<int>(), 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(By, Checkpoints, testing::Values(SIGTERM, SIGINT),
                         [](const auto& signal) { return signal.param == SIGTERM ? "Sigterm" : "CtrlC"; });

}  // namespace
}  // namespace rm::test
