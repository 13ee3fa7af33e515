// A real session, replayed: identically with its own configuration, and with what it would have meant under another.
// (Every other end-to-end test replays what it recorded too, when it is over.)
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReplayOfASession : public EndToEnd {
 protected:
  [[nodiscard]] std::string other(const std::string& rules) {
    return dir_.write("other.yaml", "rules: {" + rules + "}\n").string();
  }
  TempDir dir_;
};

TEST_F(ReplayOfASession, WithAReloadAKillAndARestartIsIdentical) {
  guard();
  paper().buy(kAccount, "MNQ", 6);
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  std::ofstream{daemon().config_file()}
      << "rules: {daily_loss: {max_loss: -1000}, max_contracts: {max_contracts: 3}}\n";
  ASSERT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 3 && daemon().settled(kAccount); }));
  daemon().kill_hard();
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  paper().price("MNQ", "29300");
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().terminate().exit_code, 0);

  const auto replayed = daemon().replay();
  EXPECT_EQ(replayed.exit_code, 0);
  EXPECT_THAT(replayed.out, AllOf(HasSubstr("2 runs of the daemon, "), HasSubstr("identical: 3 decisions")));
  EXPECT_EQ(replayed.err, "");
}

TEST_F(ReplayOfASession, CanBeDoneWhileTheDaemonRuns) {
  guard();
  paper().buy(kAccount, "MNQ", 6);
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  const auto replayed = daemon().replay();
  EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("identical: 1 decision,"));
}

TEST_F(ReplayOfASession, TellsWhatAnotherConfigurationWouldHaveMeantInMoney) {
  guard();
  paper().buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(eventually([&] { return !daemon().account(kAccount).at("positions").empty(); }));
  for (const auto& [price, open_cents] : {std::pair{"29440", -60'000}, {"29390", -110'000}}) {
    paper().price("MNQ", price);
    const std::int64_t cents = open_cents;
    ASSERT_TRUE(eventually([&] { return daemon().open_cents(kAccount) == cents || paper().flat(kAccount); }));
  }
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "daily_loss"); }));
  EXPECT_EQ(daemon().terminate().exit_code, 0);

  const auto stricter =
      daemon().replay({"--config", other("daily_loss: {max_loss: -500}, max_contracts: {max_contracts: 5}")});
  EXPECT_EQ(stricter.exit_code, 0) << stricter.err;
  EXPECT_THAT(stricter.out, AllOf(HasSubstr("EARLIER"), HasSubstr("daily_loss"), HasSubstr("open -600.00"),
                                  HasSubstr("open -1100.00"), HasSubstr("0 fall away, 0 new, 1 earlier or later")));
  const auto looser = daemon().replay({"--config", other("max_contracts: {max_contracts: 4}")});
  EXPECT_EQ(looser.exit_code, 0) << looser.err;
  EXPECT_THAT(looser.out, AllOf(HasSubstr("FALLS AWAY"), HasSubstr("NEW"), HasSubstr("max_contracts"),
                                HasSubstr("1 fall away, 1 new, 0 earlier or later")));
  const auto invalid = daemon().replay({"--config", other("daily_loss: {max_loss: 500}")});
  EXPECT_EQ(invalid.exit_code, 2);
  EXPECT_THAT(invalid.err, HasSubstr("max_loss"));
}

}  // namespace
}  // namespace rm::test
