// R16, R20: what cannot start says why in one sentence and ends with an exit code that is not 0.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr int kFailed = 1, kInvalidConfig = 2;

class StartUp : public EndToEnd {
 protected:
  // Starts it, waits for its end, and returns the last line it said.
  std::string expect_refusal(int exit_code) {
    const Ended ended = daemon().wait_end();
    EXPECT_EQ(ended.signal, 0);
    EXPECT_EQ(ended.exit_code, exit_code) << daemon().standard_error();
    std::string said = daemon().standard_error();
    EXPECT_THAT(said, EndsWith("\n"));
    said.pop_back();
    const std::string last = said.substr(said.rfind('\n') + 1);
    EXPECT_THAT(last, StartsWith("risk-manager: "));
    return last;
  }
};

TEST_F(StartUp, R16_AWrongKeyIsRefusedByTheGateway) {
  launch(kTwoRules, {{"PROJECT_X_API_KEY", "wrong-key"}});
  const std::string said = expect_refusal(kFailed);
  EXPECT_THAT(said, HasSubstr("refused the login"));
  EXPECT_THAT(said, HasSubstr("PROJECT_X_API_KEY"));
  EXPECT_THAT(said, Not(HasSubstr("wrong-key")));
}

TEST_F(StartUp, R16_AGatewayThatIsNotThereIsNamed) {
  start_paper();
  const std::string config = kTwoRules + paper().yaml();
  const std::string address = fmt::format("http://127.0.0.1:{}", paper().port());
  paper_.reset();
  daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{.config = config});
  daemon().start();
  const std::string said = expect_refusal(kFailed);
  EXPECT_THAT(said, HasSubstr(address));
  EXPECT_THAT(said, HasSubstr("cannot be reached"));
}

TEST_F(StartUp, R20_EveryProblemOfTheConfigurationIsToldWithItsPlace) {
  launch("rules:\n  daily_loss: {max_loss: 1000}\n  max_contracts: {max_contract: 5}\n  dayly_loss: {}\n");
  const std::string said = expect_refusal(kInvalidConfig);
  EXPECT_THAT(said, HasSubstr("the configuration is not valid"));
  const std::string all = daemon().standard_error();
  EXPECT_THAT(all, HasSubstr("config.yaml:2:26: rules.daily_loss.max_loss: found '1000'"));
  EXPECT_THAT(
      all,
      HasSubstr("config.yaml:3:19: rules.max_contracts.max_contract: unknown key, did you mean 'max_contracts'?"));
  EXPECT_THAT(all, HasSubstr("config.yaml:4:3: rules.dayly_loss: unknown key, did you mean 'daily_loss'?"));
  EXPECT_FALSE(std::filesystem::exists(daemon().data_dir())) << "nothing was started";
  EXPECT_TRUE(paper().requests().empty());
}

TEST_F(StartUp, R19_AVariableThatIsNotAllowedIsNamed) {
  launch(kTwoRules, {{"RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS", "plenty"}});
  (void)expect_refusal(kInvalidConfig);
  EXPECT_THAT(daemon().standard_error(), HasSubstr("RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS"));
}

TEST_F(StartUp, R19_MissingCredentialsAreNamed) {
  start_paper();
  daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{.config = kTwoRules + paper().yaml(), .environment = {}});
  daemon().start();
  EXPECT_THAT(expect_refusal(kFailed), HasSubstr("PROJECT_X_USERNAME"));
  EXPECT_TRUE(paper().requests().empty());
}

TEST_F(StartUp, R16_ADataDirectoryThatCannotBeWrittenIsNamed) {
  start_paper();
  daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{.config = kTwoRules + paper().yaml()});
  daemon().set_data_dir("/proc/risk-manager");  // not even root may make a directory there
  daemon().start();
  EXPECT_THAT(expect_refusal(kFailed), HasSubstr("/proc/risk-manager"));
  EXPECT_TRUE(paper().requests().empty());
}

TEST_F(StartUp, R16_ADatabaseOfAnotherProgramIsLeftAlone) {
  start_paper();
  daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{.config = kTwoRules + paper().yaml()});
  const TempDir dir;
  const auto file = dir.write("risk-manager.db", "this is no database, and it is somebody's");
  daemon().set_data_dir(dir.path());
  daemon().start();
  EXPECT_THAT(expect_refusal(kFailed), HasSubstr(file.string()));
  EXPECT_EQ(read_text(file), "this is no database, and it is somebody's");
}

TEST_F(StartUp, R16_ASecondDaemonOnTheSameDataDirectoryIsRefusedAndTheFirstGoesOn) {
  guard();
  DaemonProcess second{DaemonOptions{.config = kTwoRules + paper().yaml()}};
  second.set_data_dir(daemon().data_dir());
  second.start();
  EXPECT_EQ(second.wait_end().exit_code, kFailed);
  EXPECT_THAT(second.standard_error(), HasSubstr(daemon().data_dir().string()));
  EXPECT_TRUE(daemon().running());
  lose_the_day_and_be_locked();
}

TEST_F(StartUp, R16_AnAccountOfTheConfigurationThatTheLoginDoesNotHaveIsNamed) {
  launch(std::string{kTwoRules} + "accounts: [{id: 4711}]\n");
  EXPECT_THAT(expect_refusal(kFailed), HasSubstr("account 4711"));
}

TEST_F(StartUp, ASymbolThatTheGatewayDoesNotListIsSaidOnceForBothAccounts) {
  guard(
      "rules: {max_contracts_per_instrument: {limits: {MNQ: 2, MEZ: 1}}, symbol_blocks: {symbols: [ES, \"Q*X\"]}}\n");
  const auto said = daemon().logged("unlisted_symbol");
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_THAT(said.front().at("message").get<std::string>(),
              AllOf(HasSubstr("max_contracts_per_instrument.limits names 'MEZ', which is no symbol of this gateway"),
                    HasSubstr("did you mean 'MES'?")));
  EXPECT_THAT(said.back().at("message").get<std::string>(), HasSubstr("symbol_blocks.symbols names 'Q*X'"));
}

}  // namespace
}  // namespace rm::test
