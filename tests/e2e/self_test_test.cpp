// The self-test of the built program: it says what was proven, and a program in which a link is missing arms nothing.
#include <fstream>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SelfTestOfTheProgram : public EndToEnd {
 protected:
  void launch_cut(const char* program, const std::string& config) {
    start_paper();
    daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{.config = config + paper().yaml(), .program = program});
    daemon().start();
  }
  void expect_nothing_armed(const std::string& rule, const std::string& link) {
    const Ended ended = daemon().wait_end();
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(daemon().standard_error(), HasSubstr("risk-manager: the self-test found that " + rule +
                                                     " of account 26001234 would not protect: "
                                                     "the link '" +
                                                     link + "' is missing"));
    EXPECT_THAT(daemon().logged("start_failed"), SizeIs(1));
    EXPECT_FALSE(daemon().checkpoint("self_test"));
    EXPECT_FALSE(daemon().checkpoint("rules_initialised"));
    EXPECT_THAT(paper().mutating_requests(), IsEmpty());
  }
};

TEST_F(SelfTestOfTheProgram, SaysHowManyRulesItHasProven) {
  guard();
  const auto lines = daemon().logged("checkpoint");
  const auto line = std::ranges::find_if(lines, [](const Json& l) { return l.at("checkpoint") == "self_test"; });
  ASSERT_NE(line, lines.end());
  EXPECT_EQ(line->at("rules"), 4) << "two rules, two accounts";
  EXPECT_GT(line->at("took_us"), 0);
  EXPECT_THAT(line->at("message").get<std::string>(), HasSubstr("self-test: 4 rules proven in "));
  EXPECT_THAT(paper().mutating_requests(), IsEmpty()) << "nothing of it reaches the gateway";
  EXPECT_THAT(daemon().rows("SELECT * FROM enforcements"), IsEmpty()) << "nor the database";
}

TEST_F(SelfTestOfTheProgram, ArmsNothingWhenTheExecutorIsNotConnected) {
  launch_cut(RM_CUT_DAEMON "executor_not_connected", kTwoRules);
  expect_nothing_armed("max_contracts", "executor");
}

TEST_F(SelfTestOfTheProgram, ArmsNothingWhenARuleIsNotRegistered) {
  launch_cut(RM_CUT_DAEMON "rule_not_registered",
             "rules: {daily_loss: {max_loss: -1000}, trade_frequency_limit: {per_minute: 3}}\n");
  expect_nothing_armed("trade_frequency_limit", "risk engine");
}

TEST_F(SelfTestOfTheProgram, KeepsTheRulesThereAreWhenNewOnesCannotBeProven) {
  launch_cut(RM_CUT_DAEMON "rule_not_registered", "rules: {max_contracts: {max_contracts: 5}}\n");
  ASSERT_TRUE(daemon().wait_protecting());
  std::ofstream{daemon().config_file()}
      << "rules: {max_contracts: {max_contracts: 2}, trade_frequency_limit: {per_minute: 3}}\n"
      << paper().yaml();
  ASSERT_TRUE(eventually([&] { return daemon().logged("config_refused").size() == 1; }));
  EXPECT_THAT(daemon().logged("config_refused").front().at("message").get<std::string>(),
              HasSubstr("trade_frequency_limit of account 26001234 would not protect"));
  EXPECT_THAT(daemon().status().at("config").at("refused").get<std::string>(), HasSubstr("self-test"));
  EXPECT_EQ(daemon().account(kAccount).at("rules").front().at("limit"), "5");
  paper().buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(eventually([&] { return paper().position(kAccount, kMnq) == 5; })) << "the old rule still acts";
}

}  // namespace
}  // namespace rm::test
