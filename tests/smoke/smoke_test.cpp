// R36: the programs start, the first event comes within seconds, exit codes are 0, 1 and 2.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"
#include "support/run_program.h"

namespace rm::test {
namespace {

using testing::HasSubstr;

constexpr const char* kRules =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

TEST(Smoke, R36_TheDaemonStartsSeesItsFirstEventAndEndsWithZero) {
  PaperGatewayProcess paper;
  DaemonProcess daemon{DaemonOptions{.config = kRules + paper.yaml()}};
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.checkpoint("first_event_received"); })) << daemon.standard_error();
  ASSERT_TRUE(daemon.wait_protecting());
  EXPECT_EQ(daemon.terminate().exit_code, 0);
}

TEST(Smoke, R36_StartOnTheBuiltInPaperGatewayShowsTheDemoLive) {
  const TempDir dir;
  ProcessOptions options;
  options.argv = {
      RM_DAEMON_PROGRAM, "start", "--paper", "--scenario", "overtrader", "--data-dir", (dir.path() / "data").string(),
      "--live"};
  options.out = dir.path() / "out";
  options.err = dir.path() / "err";
  Process process{options};
  ASSERT_TRUE(
      eventually([&] { return read_text(options.out).find("VERIFIED") != std::string::npos || !process.running(); }));
  EXPECT_THAT(read_text(options.out), HasSubstr("max_contracts: the account held 6 contracts, allowed are 5"));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().value_or(Ended{}).exit_code, 0);
}

TEST(Smoke, R36_ExitCodesOfCheckConfigAndStatus) {
  const TempDir dir;
  const std::string good = dir.write("good.yaml", kRules).string(),
                    bad = dir.write("bad.yaml", "rules: {daily_loss: {max_loss: 5}}\n").string();
  EXPECT_EQ(run_program({RM_DAEMON_PROGRAM, "--version"}).exit_code, 0);
  EXPECT_EQ(run_program({RM_DAEMON_PROGRAM, "check-config", good}).exit_code, 0);
  const Finished refused = run_program({RM_DAEMON_PROGRAM, "check-config", bad});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("bad.yaml:1:32: rules.daily_loss.max_loss: found '5'"));
  EXPECT_EQ(run_program({RM_DAEMON_PROGRAM, "start", "--config", bad, "--data-dir", (dir.path() / "data").string()})
                .exit_code,
            2);
  const Finished nobody = run_program({RM_DAEMON_PROGRAM, "status", "--data-dir", (dir.path() / "data").string()});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_FALSE(nobody.err.empty());
}

TEST(Smoke, R36_StatusForAPersonNamesTheAccountAndItsRules) {
  PaperGatewayProcess paper;
  DaemonProcess daemon{DaemonOptions{.config = kRules + paper.yaml()}};
  daemon.start();
  ASSERT_TRUE(daemon.wait_protecting());
  const Finished status = run_program({RM_DAEMON_PROGRAM, "status", "--data-dir", daemon.data_dir().string()});
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_THAT(status.out, HasSubstr("protecting"));
  EXPECT_THAT(status.out, HasSubstr("account 26001234"));
  EXPECT_THAT(status.out, HasSubstr("daily_loss"));
}

}  // namespace
}  // namespace rm::test
