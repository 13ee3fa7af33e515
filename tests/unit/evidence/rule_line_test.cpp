// How each rule stands, as a person reads it, where "value of limit" would say nothing.

#include "control/rule_line.h"

#include <gmock/gmock.h>

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

const DeskOptions kQuietMarket{.stale_after = 24h};

std::string words_of(Desk& desk) {
  const GuardedRule& rule = desk.guard().rules().front();
  return stand_words(rule, rule.rule->status(desk.book()), desk.book());
}

TEST(RuleLine, OfTheGraceSaysSinceWhenItRunsAndWhenItIsOver) {
  Desk desk{"no_stop_loss_grace: {grace: 10s}", kQuietMarket};
  EXPECT_EQ(words_of(desk), "nothing open is without a stop");
  const BrokerTime filled = desk.now;
  desk.fill(desk.mnq, 3, "21000");
  EXPECT_THAT(words_of(desk), AllOf(HasSubstr("3 contracts without a stop, MNQ"), HasSubstr(" since "),
                                    HasSubstr(", to be closed at " + format_timestamp(filled + 10s))));
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20950");
  EXPECT_THAT(words_of(desk), HasSubstr("1 contract without a stop, "));
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  EXPECT_EQ(words_of(desk), "nothing open is without a stop");
}

TEST(RuleLine, OfStopsThatAreMovedHasItsUnit) {
  Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 20}}", kQuietMarket};
  EXPECT_EQ(words_of(desk), "nothing open; it acts from 20 ticks of profit on");
  desk.fill(desk.mnq, 1, "21000");
  desk.quote(desk.mnq, "21001.25");
  EXPECT_EQ(words_of(desk), "5 of 20 ticks of profit from which on it acts");
}

TEST(RuleLine, OfTheSessionsIsASentence) {
  Desk desk{"session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: '08:30', end: '15:00'}]}",
            DeskOptions{.connect = false}};
  EXPECT_EQ(words_of(desk), "not known yet whether it is inside the sessions");
  desk.connect();
  desk.pass(1s);
  EXPECT_EQ(words_of(desk), "inside the sessions until 2026-09-01T20:00:00Z");
  desk.run_until(chicago("15:00:00"));
  EXPECT_EQ(words_of(desk), "outside the sessions until 2026-09-02T13:30:00Z");
}

TEST(RuleLine, OfSymbolsAndOfTheRightToTradeAreSentences) {
  Desk blocks{"symbol_blocks: {symbols: [ES]}", kQuietMarket};
  EXPECT_EQ(words_of(blocks), "nothing open in ES");
  Desk guard{"auth_loss_guard: {}", kQuietMarket};
  EXPECT_EQ(words_of(guard), "the broker allows trading");
  Desk limits{"max_contracts_per_instrument: {limits: {MNQ: 3}}", kQuietMarket};
  EXPECT_EQ(words_of(limits), "no limited symbol held");
  limits.fill(limits.mnq, 2, "21000");
  EXPECT_EQ(words_of(limits), "") << "2 of 3 MNQ says it";
}

TEST(RuleLine, OfWhatIsCountedOrIsMoneyIsValueOfLimit) {
  Desk desk{"daily_loss: {max_loss: -1000}", kQuietMarket};
  EXPECT_EQ(words_of(desk), "");
}

}  // namespace
}  // namespace rm::test
