// The runner itself: it must notice what is missing, what is too much, and what the broker shows.
#include "support/scenario_runner.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> run(const std::string& text) {
  const auto scenario = parse_scenario(text, "t.scn");
  EXPECT_TRUE(scenario.has_value()) << scenario.error();
  return run_scenario(*scenario).problems;
}

const std::string kBreach =
    "rules daily_loss: {max_loss: -1000.00, include_costs: false}\n"
    "09:31:00 fill MNQ +10 @ 21000.00\n"
    "09:31:06 quote MNQ last 20950.00";

TEST(ScenarioRunner, AcceptsWhatHappens) {
  EXPECT_THAT(run(kBreach + " expect flatten because LOSS_AT_LIMIT; lock account hard until reset; flat\n"),
              IsEmpty());
  EXPECT_THAT(run(kBreach + " expect flatten; lock account hard until reset; position MNQ 0\n"), IsEmpty());
  EXPECT_THAT(run("rules daily_loss: {max_loss: -1000.00}\n09:31:00 fill MNQ +10 @ 21000.00\n09:31:05 quote MNQ last "
                  "20970 expect warn 50%\n"),
              IsEmpty());
}

TEST(ScenarioRunner, NoticesWhatIsMissing) {
  EXPECT_THAT(run(kBreach + " expect flatten; lock account hard until reset; warn 51%\n"),
              ElementsAre(HasSubstr("t.scn:3: expected 'warn 51%'")));
  EXPECT_THAT(run(kBreach + " expect flatten because X; lock account hard until reset\n"),
              ::testing::Contains(HasSubstr("expected 'flatten because X'")));
}

TEST(ScenarioRunner, NoticesWhatNobodyExpected) {
  EXPECT_THAT(run(kBreach + "\n"),
              ElementsAre(HasSubstr("nobody expected 'flatten"), HasSubstr("nobody expected 'lock")));
  EXPECT_THAT(run(kBreach + " expect nothing\n"), ::testing::SizeIs(2));
  EXPECT_THAT(run(kBreach + " expect flatten\n"),
              ElementsAre(HasSubstr("nobody expected 'lock account hard until reset")));
}

TEST(ScenarioRunner, NoticesWhatTheBrokerShows) {
  EXPECT_THAT(run(kBreach + " expect flatten; lock account hard until reset; position MNQ +10\n"),
              ElementsAre(HasSubstr("the broker holds 0")));
  EXPECT_THAT(run("rules auth_loss_guard: {}\n09:31:00 fill MNQ 1 @ 5 expect flat\n"),
              ElementsAre(HasSubstr("expected a flat account")));
}

TEST(ScenarioRunner, NoticesRulesAndSymbolsThatDoNotExist) {
  EXPECT_THAT(run("rules no_such_rule: {}\n09:31:00 wait\n"), ElementsAre(HasSubstr("no_such_rule")));
  EXPECT_THAT(run("rules auth_loss_guard: {}\n09:31:00 fill XYZ 1 @ 5\n"), ElementsAre(HasSubstr("XYZ")));
}

}  // namespace
}  // namespace rm::test
