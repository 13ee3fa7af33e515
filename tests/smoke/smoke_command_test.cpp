// R36: `risk-manager smoke` on the installed programs: 0 works, 1 does not, 2 stalled, and the sentence names the
// link.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "support/run_program.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kRules = "rules: {max_contracts: {max_contracts: 5}}\n";

class SmokeCommand : public testing::Test {
 protected:
  Finished smoke(std::vector<std::string> options, const std::string& program = RM_DAEMON_PROGRAM) {
    options.insert(options.begin(), {program, "smoke"});
    return run_program(std::move(options), {{"TMPDIR", scratch_.path().string()}});
  }
  std::string write(std::string_view name, std::string_view text) { return dir_.write(name, text).string(); }

  TempDir dir_;
  TempDir scratch_;  // where the program puts its temporary files
};

TEST_F(SmokeCommand, EndsWithZeroAndALineForEachCheckpointUpToTheFirstFill) {
  const Finished run = smoke({"--config", write("risk.yaml", kRules)});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, IsEmpty());
  for (const char* checkpoint : {"paper_gateway", "service_started", "config_loaded", "database_open",
                                 "event_loop_running", "gateway_connected", "self_test", "rules_initialised",
                                 "first_event_received", "protecting", "rule_evaluated", "stopped"})
    EXPECT_THAT(run.out, ContainsRegex(std::string{" s  "} + checkpoint + " "));
  EXPECT_THAT(run.out, AllOf(HasSubstr("configuration loaded, 1 rules enabled"), HasSubstr("1 account is guarded"),
                             ContainsRegex("first_fill +trade buy 1 MNQ[A-Z][0-9] @ ")));
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(SmokeCommand, GuardsTheAccountsOfTheConfiguration) {
  const Finished run =
      smoke({"--config", write("risk.yaml", std::string{kRules} + "accounts: [{id: 4711}, {name: \"Mia's\"}]\n")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("2 accounts are guarded"), HasSubstr("account 4711 buys 1 MNQ")));
}

TEST_F(SmokeCommand, EndsWithOneWhenThePaperGatewayIsMissing) {
  const auto alone = dir_.path() / "risk-manager";
  std::filesystem::copy_file(RM_DAEMON_PROGRAM, alone);
  const Finished run = smoke({}, alone.string());
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("the paper gateway is not beside this program: " +
                                 (dir_.path() / "paper-gateway").string() + ": No such file"));
}

TEST_F(SmokeCommand, EndsWithTwoAndTheProblemWhenTheConfigurationIsNotValid) {
  const Finished run = smoke({"--config", write("bad.yaml", "rules: {daily_loss: {max_loss: 5}}\n")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("the configuration is not valid, nothing was started"),
                             HasSubstr("bad.yaml:1:32: rules.daily_loss.max_loss: found '5', allowed")));
}

TEST_F(SmokeCommand, DoesNotSayThatItWorksWhenNothingWouldBeGuarded) {
  const Finished run = smoke({"--config", write("off.yaml", "rules: {max_contracts: {enabled: false}}\n")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.err, "risk-manager: smoke: no rule is enabled: nothing would be guarded\n");
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(SmokeCommand, WhatTheGatewayOrTheDaemonRefusesIsItsLastSentence) {
  const std::string barred = write("barred.yaml", "accounts: [{id: 26001234, can_trade: false}]\n");
  const Finished run = smoke({"--scenario", barred});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.err, "risk-manager: smoke: the paper gateway refused /paper/trade: error code 4\n");
  const std::string another = write("another.yaml", "accounts: [{id: 77}]\n");
  EXPECT_THAT(smoke({"--scenario", another}).err,
              EndsWith("\nrisk-manager: smoke: the daemon ended with exit code 1: account 26001234 of the "
                       "configuration is not among the active accounts of this login\n"));
  const Finished nosuch = smoke({"--scenario", "nosuch"});
  EXPECT_THAT(nosuch.err, AllOf(EndsWith("shipped are: overtrader quiet\n"), HasSubstr("the paper gateway ended")));
}

TEST_F(SmokeCommand, EndsInOrderWhenItIsStopped) {
  const std::string deaf = write("deaf.yaml", "faults: [{path: /api/Auth/loginKey, action: delay, ms: 9000}]\n");
  for (const int number : {SIGINT, SIGTERM}) {
    const auto out = dir_.path() / ("out" + std::to_string(number)), err = dir_.path() / "err";
    std::filesystem::remove(err);
    Process process{ProcessOptions{.argv = {RM_DAEMON_PROGRAM, "smoke", "--scenario", deaf, "--timeout", "60"},
                                   .environment = {{"TMPDIR", scratch_.path().string()}},
                                   .out = out,
                                   .err = err}};
    ASSERT_TRUE(eventually([&] { return read_text(out).find("event_loop_running") != std::string::npos; }));
    process.signal(number);
    EXPECT_EQ(process.wait().value_or(Ended{}).exit_code, 1);
    EXPECT_EQ(read_text(err), "risk-manager: smoke: stopped\n");
    EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
  }
}

TEST_F(SmokeCommand, EndsWithTwoWhenTheGatewayTellsNothing) {
  const std::string silent = write("silent.yaml", "faults: [{path: 'hub:user', action: drop, count: 0}]\n");
  const Finished run = smoke({"--scenario", silent, "--timeout", "1"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("stalled at 'first_event_received' after 1 s: the streams told nothing"));
}

TEST_F(SmokeCommand, EndsWithTwoAndNamesTheLinkWhenTheFillIsNotTold) {
  const std::string silent = write("silent.yaml", "faults: [{path: GatewayUserTrade, action: drop, count: 0}]\n");
  const Finished run = smoke({"--scenario", silent, "--timeout", "1"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("stalled at 'first_fill' after 1 s"), HasSubstr("told no GatewayUserTrade"),
                             HasSubstr("(R1)")));
}

TEST_F(SmokeCommand, EndsWithTwoWhenTheLoginIsNeverAnswered) {
  const std::string deaf = write("deaf.yaml", "faults: [{path: /api/Auth/loginKey, action: delay, ms: 9000}]\n");
  const Finished run = smoke({"--scenario", deaf, "--timeout", "1"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("stalled at 'gateway_connected' after 1 s: the gateway did not answer the login"));
}

}  // namespace
}  // namespace rm::test
