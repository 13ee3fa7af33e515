// What another configuration would have meant, said to a trader: what answers to what, in which order, in which
// words.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "cli/replay_command.h"
#include "recorded_login.h"
#include "replay/what_if.h"
#include "support/temp_dir.h"

namespace rm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string rules(const std::string& of) {
  return "rules: {" + of + "}\n";
}
const std::string kRecorded = rules("daily_loss: {max_loss: -1000}, daily_unrealized_loss: {limit: -500}");

struct OtherRules : ::testing::Test {
  OtherRules() : login{std::make_unique<Login>(program, 0, "", kOne, kRecorded)} {}

  // Four lots lose 520 open and are closed; four more lose the rest of the thousand.
  void lose_the_day() {
    login->fill(Side::Buy, 4, 21'000);
    for (const int price : {20'950, 20'935}) login->quote(price);
    login->enforced(4, 20'935, Money::from_units(-520));
    login->fill(Side::Buy, 4, 20'935);
    for (const int price : {20'900, 20'874}) login->quote(price);
    ASSERT_THAT(login->decided, SizeIs(2));
    login->enforced(4, 20'874, Money::from_units(-488));
  }
  void stop() { program.store->close(); }
  WhatIf with(const std::string& yaml) {
    stop();
    auto result = what_if(dir.path(), config_of(yaml));
    EXPECT_TRUE(result) << result.error().message;
    return *result;
  }
  struct Said {
    int code = -1;
    std::string out, err;
  };
  Said replay_with(const std::string& yaml) {
    stop();
    const auto file = dir.path() / "other.yaml";
    std::ofstream{file} << yaml;
    std::ostringstream out, err;
    const int code = replay_command(dir.path(), file.string(), {}, out, err);
    return {code, out.str(), err.str()};
  }
  TempDir dir;
  Program program{dir.path()};
  std::unique_ptr<Login> login;
};

TEST_F(OtherRules, ATightenedLimitIsEarlierAlsoWhereItMeetsADecisionOfAnotherRule) {
  lose_the_day();
  const auto result = with(rules("daily_loss: {max_loss: -510}, daily_unrealized_loss: {limit: -500}"));
  EXPECT_THAT(result.fallen_away, IsEmpty());
  ASSERT_THAT(result.changed, SizeIs(1)) << "at the same event, with the goal of both";
  EXPECT_EQ(result.changed[0].other.rules(), "daily_unrealized_loss");
  EXPECT_THAT(result.changed[0].recorded.what, StartsWith("close MNQU6"));
  EXPECT_THAT(result.changed[0].other.what, StartsWith("flatten the account"));
  ASSERT_THAT(result.moved, SizeIs(1));
  EXPECT_EQ(result.moved[0].other.rules(), "daily_loss");
  EXPECT_EQ(result.moved[0].other.at, result.changed[0].recorded.at);
  EXPECT_LT(result.moved[0].other.at, result.moved[0].recorded.at);
  EXPECT_EQ(*result.moved[0].other.open, Money::from_units(-520));
  EXPECT_EQ(result.moved[0].recorded.result.net() + *result.moved[0].recorded.open, Money::from_units(-1008));
}

TEST_F(OtherRules, TheRestOfADecisionOfTwoRulesStaysWhereOneOfThemIsTakenOut) {
  login->fill(Side::Buy, 4, 21'000);
  login->quote(20'870);  // both at once
  ASSERT_THAT(login->decided, SizeIs(1));
  ASSERT_THAT(login->decided[0].violations, SizeIs(2));
  login->enforced(4, 20'870, Money::from_units(-1040));
  const auto result = with(rules("daily_unrealized_loss: {limit: -500}"));
  ASSERT_THAT(result.fallen_away, SizeIs(1));
  EXPECT_EQ(result.fallen_away[0].rules(), "daily_loss");
  ASSERT_THAT(result.changed, SizeIs(1));
  EXPECT_EQ(result.changed[0].other.rules(), "daily_unrealized_loss");
  EXPECT_EQ(result.changed[0].other.what, "close MNQU6");
  EXPECT_THAT(result.added, IsEmpty());
}

TEST_F(OtherRules, ADecisionOfTwoRulesThatComesEarlierAsAWholeIsOneDecisionStill) {
  login->fill(Side::Buy, 4, 21'000);
  login->quote(20'960);  // -320
  login->quote(20'870);
  login->enforced(4, 20'870, Money::from_units(-1040));
  const auto result = with(rules("daily_loss: {max_loss: -300}, daily_unrealized_loss: {limit: -300}"));
  ASSERT_THAT(result.moved, SizeIs(1));
  EXPECT_EQ(result.moved[0].other.rules(), "daily_loss, daily_unrealized_loss");
  EXPECT_THAT(result.fallen_away, IsEmpty());
}

TEST_F(OtherRules, AreSaidInTheOrderOfTime) {
  lose_the_day();
  const auto said = replay_with(rules("daily_loss: {max_loss: -700}"));
  EXPECT_EQ(said.code, 0) << said.err;
  std::vector<std::string> times;
  std::istringstream lines{said.out};
  for (std::string line; std::getline(lines, line);) {
    for (const char* what : {"EARLIER ", "LATER ", "NEW ", "CHANGED ", "FALLS AWAY "})
      if (line.starts_with(what)) times.push_back(line.substr(14, 23));
  }
  EXPECT_THAT(said.out, AllOf(HasSubstr("FALLS AWAY "), HasSubstr("EARLIER ")));
  EXPECT_GE(times.size(), 2U) << said.out;
  EXPECT_TRUE(std::ranges::is_sorted(times)) << said.out;
}

TEST_F(OtherRules, WhatIsOpenAtItsPriceIsOpen) {
  login->other_rules(rules("max_contracts: {max_contracts: 3}"));
  login->quote(21'000);
  login->fill(Side::Buy, 4, 21'000);
  ASSERT_THAT(login->decided, SizeIs(1));
  const auto said = replay_with(rules("daily_loss: {max_loss: -900}"));
  EXPECT_THAT(said.out,
              AllOf(HasSubstr("FALLS AWAY "), HasSubstr("the day 0.00 (realised 0.00, costs 0.00, open 0.00)"),
                    Not(HasSubstr("nothing open"))));
}

TEST_F(OtherRules, ADayThatIsNotOverIsNotSaidToHaveEnded) {
  lose_the_day();
  const auto said = replay_with(kRecorded);
  EXPECT_THAT(said.out, AllOf(HasSubstr("stood at -1008.00 (realised -1008.00, costs 0.00) where the journal ends\n"),
                              Not(HasSubstr("ended with"))));
}

TEST_F(OtherRules, ADayThatIsOverEndedWithItsResult) {
  lose_the_day();
  program.now = program.now + 24h;
  login->time_passes();
  const auto said = replay_with(kRecorded);
  EXPECT_THAT(said.out, AllOf(HasSubstr("ended with -1008.00 (realised -1008.00, costs 0.00)\n"),
                              Not(HasSubstr("where the journal ends"))));
}

TEST_F(OtherRules, SayWhichAccountTheyDoNotGuard) {
  lose_the_day();
  const auto said = replay_with("accounts: [{id: 999}]\n" + kRecorded);
  EXPECT_THAT(said.out, AllOf(HasSubstr("NOT GUARDED   account 26001234: "), HasSubstr("other.yaml does not list it"),
                              HasSubstr("2 fall away")));
  EXPECT_THAT(replay_with(kRecorded).out, Not(HasSubstr("NOT GUARDED")));
}

TEST_F(OtherRules, ThatAreInvalidEndWithASentence) {
  const auto said = replay_with(rules("daily_loss: {max_loss: 500}"));
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err,
              AllOf(HasSubstr("max_loss"), HasSubstr("risk-manager: nothing was replayed: correct the 1 problem in"),
                    HasSubstr("other.yaml")));
  EXPECT_EQ(said.out, "");
}

}  // namespace
}  // namespace rm::test
