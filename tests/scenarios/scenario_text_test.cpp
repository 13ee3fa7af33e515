// The grammar: what is read, and that every unknown word is an error with file and line.
#include "support/scenario_text.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Kind = Expectation::Kind;
using Verb = ScenarioStep::Verb;

constexpr std::string_view kDay = R"(# a day
# with a second comment
rules    daily_loss: {max_loss: -1000.00}
rules    max_contracts: {max_contracts: 5}

09:31:00 fill  MNQ -10 @ 21000.00
09:31:01.250 order ES buy 2 limit 6200.25   expect cancel order because ORDER_WOULD_BREACH
09:31:02 order MNQ sell 1 stop 20900
09:31:03 quote MNQ last 1 bid 2 ask 3       expect reduce MNQ to 5 because SIZE_ABOVE_MAX, X; lock account hard until reset; flat
09:31:04 close MNQ @ 5                      expect nothing; stop MNQ 20950.25
09:31:05 can_trade false                    expect lock account hard until the broker allows; position MNQ -3; warn 50%; unlock daily_loss
17:00:00 wait                               expect close MNQ; flatten
)";

TEST(ScenarioText, ReadsADay) {
  const auto day = parse_scenario(kDay, "day.scn");
  ASSERT_TRUE(day.has_value()) << day.error();
  EXPECT_EQ(day->title, "a day");
  EXPECT_EQ(day->rules, "daily_loss: {max_loss: -1000.00}, max_contracts: {max_contracts: 5}");
  ASSERT_THAT(day->steps, SizeIs(7));
  EXPECT_EQ(day->steps[0].verb, Verb::Fill);
  EXPECT_EQ(day->steps[0].lots, -10);
  EXPECT_EQ(day->steps[0].price, "21000.00");
  EXPECT_EQ(day->steps[0].line, 6);
  EXPECT_EQ(day->steps[1].time, "09:31:01.250");
  EXPECT_EQ(day->steps[1].lots, 2);
  EXPECT_FALSE(day->steps[1].stop);
  EXPECT_EQ(day->steps[2].lots, -1);
  EXPECT_TRUE(day->steps[2].stop);
  EXPECT_EQ(day->steps[3].ask, "3");
  ASSERT_THAT(day->steps[3].expect, SizeIs(3));
  EXPECT_EQ(day->steps[3].expect[0].words, "reduce MNQ to 5");
  EXPECT_EQ(day->steps[3].expect[0].reasons, "SIZE_ABOVE_MAX, X");
  EXPECT_EQ(day->steps[3].expect[1].kind, Kind::Lock);
  EXPECT_EQ(day->steps[3].expect[2].kind, Kind::Flat);
  ASSERT_THAT(day->steps[4].expect, SizeIs(2));
  EXPECT_EQ(day->steps[4].expect[1].kind, Kind::Stop);
  EXPECT_EQ(day->steps[4].expect[1].words, "MNQ");
  EXPECT_EQ(day->steps[4].expect[1].price, "20950.25");
  EXPECT_EQ(day->steps[5].expect[1].kind, Kind::Position);
  EXPECT_EQ(day->steps[5].expect[1].lots, -3);
}

TEST(ScenarioText, AnUnknownWordIsAnErrorWithItsLine) {
  const std::pair<const char*, const char*> bad[] = {
      {"09:31:00 fil MNQ 1 @ 1", "'fil' is nothing that happens"},
      {"09:31:00 fill MNQ 1 at 1", "'at' where '@' belongs"},
      {"09:31:00 fill MNQ x @ 1", "no number of contracts"},
      {"09:31:00 fill MNQ 0 @ 1", "a fill of nothing"},
      {"09:31:00 fill MNQ 1 @ ten", "no price"},
      {"09:31:00 fill MNQ 1 @ 1 now", "one word too many"},
      {"09:31:00 fill MNQ 1 @", "a price is missing"},
      {"09:31:00 order MNQ hold 1 limit 1", "no side"},
      {"09:31:00 order MNQ buy 1 market 1", "no type of order"},
      {"09:31:00 order MNQ buy -1 limit 1", "no number of contracts"},
      {"09:31:00 quote MNQ", "without a price"},
      {"09:31:00 quote MNQ mid 5", "no side of a quote"},
      {"09:31:00 can_trade maybe", "no verdict"},
      {"09:31:00 wait expect miracles", "nothing that can be expected"},
      {"09:31:00 wait expect reduce MNQ by 5", "'by' where 'to' belongs"},
      {"09:31:00 wait expect lock account soft until reset", "'soft' is no kind of lock"},
      {"09:31:00 wait expect warn 50", "no percentage"},
      {"09:31:00 wait expect stop MNQ", "a price is missing"},
      {"09:31:00 wait expect stop MNQ here", "no price"},
      {"09:31:00 wait expect flat because X", "only an action has a reason"},
      {"09:31 wait", "neither a time nor 'rules'"},
      {"09:30:59 wait", "comes after"},
      {"rules x: {}", "before the first step"},
  };
  for (const auto& [line, expected] : bad) {
    SCOPED_TRACE(line);
    const auto result = parse_scenario(std::string{"rules a: {}\n09:31:00 wait\n"} + line + "\n", "bad.scn");
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error(), HasSubstr("bad.scn:3: "));
    EXPECT_THAT(result.error(), HasSubstr(expected));
  }
}

TEST(ScenarioText, AnEmptyStoryProvesNothing) {
  EXPECT_FALSE(parse_scenario("", "x").has_value());
  EXPECT_FALSE(parse_scenario("rules a: {}\n", "x").has_value());
  EXPECT_FALSE(parse_scenario("09:31:00 wait\n", "x").has_value());
  EXPECT_FALSE(read_scenario("/no/such/file.scn").has_value());
}

}  // namespace
}  // namespace rm::test
