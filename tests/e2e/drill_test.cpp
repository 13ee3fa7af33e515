// R39: `risk-manager drill` on the installed programs. A gateway that misbehaves stands in for a link that is cut;
// drill_cuts_test.cpp has programs in which it is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "rules/registry.h"
#include "support/run_program.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Json = nlohmann::json;
namespace fs = std::filesystem;

class Drill : public testing::Test {
 protected:
  Finished drill(std::vector<std::string> options, std::map<std::string, std::string> environment = {}) {
    options.insert(options.begin(), {program_, "drill", "--timeout", timeout_});
    environment.try_emplace("TMPDIR", scratch_.path().string());
    environment.try_emplace("XDG_STATE_HOME", home_.path().string());
    return run_program(std::move(options), std::move(environment), 120s);
  }
  Finished drill_rules(const std::string& yaml, std::vector<std::string> options = {"--json"}) {
    options.insert(options.end(), {"--config", write("risk.yaml", yaml)});
    return drill(std::move(options));
  }
  std::string write(std::string_view name, std::string_view text) { return dir_.write(name, text).string(); }

  // The programs once more, with a paper gateway that has this fault from the start.
  void let_the_gateway(const std::string& fault) {
    program_ = (dir_.path() / "risk-manager").string();
    fs::copy_file(RM_DAEMON_PROGRAM, program_);
    const auto gateway = write("paper-gateway", R"sh(#!/bin/sh
scenario=
for word; do [ "$before" != --scenario ] || scenario=$word; before=$word; done
echo ')sh" + fault + R"sh(' >>"$scenario"
exec )sh" RM_PAPER_GATEWAY_PROGRAM R"sh( "$@"
)sh");
    fs::permissions(gateway, fs::perms::owner_all);
  }

  static Json rule_of(const Finished& run, std::string_view name) {
    const Json report = Json::parse(run.out);
    for (const Json& rule : report.at("rules")) {
      if (rule.at("rule") == name) return rule;
    }
    throw std::runtime_error{"the report has no such rule: " + run.out + run.err};
  }
  static std::string first_missing(const Json& rule) {
    for (const Json& link : rule.at("links")) {
      if (!link.at("proven").get<bool>()) return link.at("link");
    }
    return {};
  }

  TempDir dir_;
  TempDir scratch_, home_;  // temporary files, and the user's own data
  std::string program_ = RM_DAEMON_PROGRAM, timeout_ = "20";
};

TEST_F(Drill, R39_ProvesEveryLinkOfAllThirteenRules) {
  const std::string page = (dir_.path() / "report.html").string();
  const Finished run = drill({"--json", "--html", page, "--config", RM_SOURCE_DIR "/config/all-rules.yaml"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json report = Json::parse(run.out);
  std::set<std::string> rules;
  for (const Json& rule : report.at("rules")) {
    rules.insert(rule.at("rule"));
    EXPECT_THAT(rule.at("links"), SizeIs(14));
    EXPECT_EQ(first_missing(rule), "") << rule.at("rule") << ' ' << rule.at("problem") << '\n' << run.err;
  }
  for (const RuleSpec& spec : rule_registry()) EXPECT_THAT(rules, Contains(std::string{spec.name}));
  EXPECT_THAT(read_text(page), AllOf(HasSubstr("<svg"), HasSubstr("trade_management")));
  EXPECT_THAT(run.err, HasSubstr("drill: [13/13] "));
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(Drill, R39_TouchesNothingOfTheUsers) {
  const auto log = dir_.path() / "users-log", called = dir_.path() / "called";
  const Finished run =
      drill_rules("rules: {max_contracts: {max_contracts: 5}}\nfirm: topstepx\nlog: {dir: '" + log.string() +
                  "'}\nnotify: {command: [/usr/bin/touch, '" + called.string() + "']}\n");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_FALSE(fs::exists(log));
  EXPECT_FALSE(fs::exists(called));
  EXPECT_TRUE(fs::is_empty(home_.path()));
}

TEST_F(Drill, R39_TheUsersEnvironmentCounts) {
  const Finished run =
      drill({"--json", "--config", write("risk.yaml", "rules: {max_contracts: {max_contracts: 5}}\n")},
            {{"RISK_MANAGER__RULES__MAX_CONTRACTS__MAX_CONTRACTS", "2"}});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(rule_of(run, "max_contracts").at("sentence"), HasSubstr("the account held 3 contracts, allowed are 2"));
}

TEST_F(Drill, R39_AccountsWithRulesOfTheirOwnAreDrilledByThem) {
  const Finished run = drill_rules(
      "rules: {max_contracts: {max_contracts: 5}}\n"
      "accounts: [{id: 4711}, {name: Mia, rules: {max_contracts: {max_contracts: 1}}}, {id: 4712}]\n");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json rules = Json::parse(run.out).at("rules");
  ASSERT_THAT(rules, SizeIs(2));
  EXPECT_EQ(rules[0].at("account"), "4711");
  EXPECT_THAT(rules[0].at("sentence"), HasSubstr("allowed are 5"));
  EXPECT_THAT(rules[1].at("sentence"), HasSubstr("allowed are 1"));
}

TEST_F(Drill, R39_ARuleThatAnotherOneForestallsIsShownAlone) {
  const Finished run = drill_rules("rules: {max_contracts: {max_contracts: 0}, daily_loss: {max_loss: -1000}}\n");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json rule = rule_of(run, "daily_loss");
  EXPECT_EQ(rule.at("alone"), true);
  EXPECT_THAT(rule.at("note"), HasSubstr("with all rules in force max_contracts acted first"));
  EXPECT_EQ(rule_of(run, "max_contracts").at("alone"), false);
}

TEST_F(Drill, R39_AStopThatIsMissingIsPlaced) {
  const Finished run =
      drill_rules("rules: {trade_management: {auto_breakeven: {trigger_ticks: 40}, create_stop: true}}\n");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(first_missing(rule_of(run, "trade_management")), "") << run.out;
}

TEST_F(Drill, R39_LargeLimitsAreBrokenTooUnlessNoMessageCouldSayIt) {
  const Finished run =
      drill_rules("rules: {max_contracts: {max_contracts: 10000}, trade_frequency_limit: {per_session: 300}}\n");
  EXPECT_EQ(run.exit_code, 0) << run.out;
  const Finished none = drill_rules("rules: {max_contracts: {max_contracts: 1000000}}\n");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(rule_of(none, "max_contracts").at("problem"),
              HasSubstr("a position of 1000001 is more than a message"));
}

TEST_F(Drill, R39_WhatCannotBeBrokenIsNotProven) {
  const Finished run = drill_rules("rules: {symbol_blocks: {symbols: [NOSUCH]}}\n");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(rule_of(run, "symbol_blocks").at("problem"), HasSubstr("none of the contracts there are is blocked"));
}

TEST_F(Drill, R39_AFillThatIsNotToldIsR1) {
  timeout_ = "2";
  let_the_gateway("faults: [{path: GatewayUserTrade, action: drop, count: 0}]");
  const Finished run = drill_rules("rules: {max_contracts: {max_contracts: 5}}\n");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(first_missing(rule_of(run, "max_contracts")), "R1");
  EXPECT_THAT(run.err, HasSubstr("max_contracts: R1 gateway event is not proven. Everything that was written is in"));
}

TEST_F(Drill, R39_APriceThatIsNotToldIsR1) {
  timeout_ = "2";
  let_the_gateway("faults: [{path: GatewayQuote, action: drop, count: 0}]");
  const Finished run = drill_rules("rules: {daily_unrealized_loss: {limit: -500}}\n");
  EXPECT_EQ(first_missing(rule_of(run, "daily_unrealized_loss")), "R1");
}

TEST_F(Drill, R39_ABrokerThatSaysYesAndDoesNothingIsR12) {
  timeout_ = "2";
  let_the_gateway(
      "faults: [{path: /api/Position/partialCloseContract, action: status, status: 200, count: 0, body: "
      "\"{\\\"success\\\":true,\\\"errorCode\\\":0,\\\"errorMessage\\\":null}\"}]");
  const Finished run = drill_rules("rules: {max_contracts: {max_contracts: 5}}\n");
  const Json rule = rule_of(run, "max_contracts");
  EXPECT_EQ(first_missing(rule), "R12");
  EXPECT_THAT(rule.at("links")[11].at("evidence"), HasSubstr("6 contracts are held, as many as before"));
  EXPECT_EQ(rule.at("links")[12].at("proven"), false);
}

TEST_F(Drill, R39_ExitCodesOfWhatCannotBegin) {
  const Finished bad = drill_rules("rules: {daily_loss: {max_loss: 5}}\n");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("risk.yaml:1:32: rules.daily_loss.max_loss: found '5'"),
                             HasSubstr("nothing was started")));
  const Finished none = drill_rules("rules: {auth_loss_guard: {enabled: false}}\n");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no rule is enabled"));
  const Finished page = drill_rules("rules: {auth_loss_guard: {}}\n", {"--html", "/no/such/folder/report.html"});
  EXPECT_EQ(page.exit_code, 1);
  EXPECT_THAT(page.err, HasSubstr("/no/such/folder/report.html cannot be written"));
  program_ = (dir_.path() / "risk-manager").string();
  fs::copy_file(RM_DAEMON_PROGRAM, program_);
  const Finished alone = drill_rules("rules: {auth_loss_guard: {}}\n");
  EXPECT_EQ(alone.exit_code, 1);
  EXPECT_THAT(alone.err, HasSubstr("the paper gateway is not beside this program"));
}

}  // namespace
}  // namespace rm::test
