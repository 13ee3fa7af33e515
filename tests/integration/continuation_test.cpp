// R21, R27: what one run wrote, the next one goes on with.

#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>

#include "integration/system_test.h"

namespace rm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Continuation : public SystemTest {
 protected:
  void lose() {
    paper_.buy(kAccount, "MNQ", 5);
    ASSERT_TRUE(system().until([&] { return system().held(kMnq) == 5; }));
    paper_.price("MNQ", "29390");
    ASSERT_TRUE(system().until([&] { return system().locked(); }));
  }
  [[nodiscard]] std::int64_t count(const std::string& what) const {
    SQLite::Database database{(dir_.path() / "risk-manager.db").string(), SQLite::OPEN_READONLY, 5000};
    return database.execAndGet("SELECT count(*) FROM " + what).getInt64();
  }
};

TEST_F(Continuation, R21_AnEnforcementThatWasNotFinishedIsFinishedByTheNextRun) {
  paper_.fault(R"({"path":"/api/Position/closeContract","action":"status","status":502,"body":"","count":0})");
  run();
  lose();
  ASSERT_TRUE(system().until([&] { return !paper_.mutating_requests().empty(); }));
  system_.reset();
  ASSERT_EQ(paper_.position(kAccount, kMnq), 5);
  EXPECT_EQ(count("enforcements WHERE state = 'open'"), 1);

  paper_.clear_faults();
  run();
  EXPECT_TRUE(system().until([&] { return system().verified() >= 1; }));
  EXPECT_TRUE(paper_.flat(kAccount));
  EXPECT_TRUE(system().write_out());
  EXPECT_EQ(count("enforcements WHERE state = 'open'"), 0);
}

TEST_F(Continuation, R27_ALockIsSetAgainBeforeTheFirstEvent) {
  run();
  lose();
  ASSERT_TRUE(system().until([&] { return system().verified() >= 1; }));
  run();
  EXPECT_TRUE(system().locked());
  EXPECT_EQ(count("locks WHERE ended_at_ns IS NULL"), 1);
}

TEST_F(Continuation, R26_TheDayIsRightAfterARestart) {
  run();
  paper_.buy(kAccount, "MNQ", 2);
  paper_.price("MNQ", "29510");
  paper_.sell(kAccount, "MNQ", 1);
  ASSERT_TRUE(
      system().until([&] { return system().held(kMnq) == 1 && system().net_cents() == paper_.net_cents(kAccount); }));
  system_.reset();
  paper_.sell(kAccount, "MNQ", 1);  // while nobody looks
  run();
  EXPECT_EQ(system().net_cents(), paper_.net_cents(kAccount));
  EXPECT_EQ(system().held(kMnq), 0);
  EXPECT_TRUE(system().write_out());
  EXPECT_EQ(count("trades WHERE account = 26001234"), 3);
}

TEST_F(Continuation, R27_EveryRowOfAnEnforcementIsWritten) {
  run();
  lose();
  ASSERT_TRUE(system().until([&] { return system().verified() >= 1; }));
  ASSERT_TRUE(system().write_out());
  EXPECT_EQ(count("enforcements WHERE state = 'verified' AND verified_at_ns IS NOT NULL"), 1);
  EXPECT_EQ(count("violations WHERE rule = 'daily_loss' AND code = 'LOSS_AT_LIMIT'"), 1);
  EXPECT_EQ(count("requests WHERE endpoint = 'closeContract' AND outcome = 'accepted'"), 1);
  EXPECT_EQ(count("locks WHERE rule = 'daily_loss' AND kind = 'hard'"), 1);
  EXPECT_EQ(count("trades WHERE account = 26001234"), 2);
}

}  // namespace
}  // namespace rm::test
