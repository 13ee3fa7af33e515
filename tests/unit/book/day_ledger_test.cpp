// R26: net = realised - costs, each trade id once, voids reversed, half-turns and scratches, the boundary of the day.
#include "book/day_ledger.h"

#include <algorithm>
#include <random>

namespace rm {
namespace {

using namespace std::chrono_literals;

const BrokerTime kBegin = BrokerTime::from_seconds(1'000'000);

Money money(const char* text) {
  return Money::parse(text).value();
}

Trade fill(std::int64_t id, std::optional<const char*> profit, BrokerTime at = kBegin + 1s) {
  Trade trade;
  trade.id = TradeId{id};
  trade.size = Lots{1};
  if (profit) trade.profit_and_loss = money(*profit);
  trade.fees = money("0.36");
  trade.commissions = money("0.25");
  trade.time = at;
  return trade;
}

struct DayLedgerTest : ::testing::Test {
  DayLedgerTest() { ledger.start_day(kBegin); }
  DayLedger ledger;
};

TEST_F(DayLedgerTest, NetIsRealisedMinusCostsOfEveryFill) {
  EXPECT_TRUE(ledger.record(fill(1, std::nullopt)));
  EXPECT_TRUE(ledger.record(fill(2, "6.50")));
  EXPECT_EQ(ledger.result(), (DayResult{money("6.50"), money("1.22"), 2}));
  EXPECT_EQ(ledger.result().net(), money("5.28"));
}

TEST_F(DayLedgerTest, TheOpeningTradeSentAgainCountsOnce) {
  ledger.record(fill(1, std::nullopt));
  ledger.record(fill(2, "-41"));
  EXPECT_FALSE(ledger.record(fill(1, std::nullopt)));
  EXPECT_EQ(ledger.result(), (DayResult{money("-41"), money("1.22"), 2}));
}

TEST_F(DayLedgerTest, AResultOnceKnownIsNotErasedByACopyWithoutIt) {
  ledger.record(fill(2, "-41"));
  ledger.record(fill(2, std::nullopt));
  EXPECT_EQ(ledger.result().realised, money("-41"));
}

TEST_F(DayLedgerTest, AResultThatComesLaterIsTakenOver) {
  ledger.record(fill(2, std::nullopt));
  ledger.record(fill(2, "-41"));
  EXPECT_EQ(ledger.result(), (DayResult{money("-41"), money("0.61"), 1}));
}

TEST_F(DayLedgerTest, AVoidReversesTheFill) {
  ledger.record(fill(1, std::nullopt));
  ledger.record(fill(2, "-41"));
  Trade voided = fill(2, "-41");
  voided.voided = true;
  EXPECT_FALSE(ledger.record(voided));
  EXPECT_EQ(ledger.result(), (DayResult{Money{}, money("0.61"), 1}));
  ledger.record(voided);
  EXPECT_EQ(ledger.result(), (DayResult{Money{}, money("0.61"), 1})) << "voided once";
  ledger.record(fill(2, "-41"));
  EXPECT_EQ(ledger.result().realised, money("-41")) << "a void taken back";
}

TEST_F(DayLedgerTest, AFillVoidedBeforeItWasSeenCountsNothing) {
  Trade voided = fill(3, "100");
  voided.voided = true;
  EXPECT_TRUE(ledger.record(voided));
  EXPECT_EQ(ledger.result(), DayResult{});
}

TEST_F(DayLedgerTest, AScratchIsAFillWithResultZero) {
  ledger.record(fill(1, "0"));
  EXPECT_EQ(ledger.result(), (DayResult{Money{}, money("0.61"), 1}));
}

TEST_F(DayLedgerTest, TheFillOfTheInstantOfTheResetBelongsToTheNewDay) {
  EXPECT_FALSE(ledger.record(fill(1, "-5", kBegin - 1ns)));
  EXPECT_EQ(ledger.result(), DayResult{});
  EXPECT_TRUE(ledger.record(fill(2, "-5", kBegin)));
  EXPECT_EQ(ledger.result().realised, money("-5"));
}

TEST_F(DayLedgerTest, ANewDayForgetsTheOldAndKeepsWhatIsStampedInIt) {
  ledger.record(fill(1, "-5"));
  ledger.record(fill(2, "-7", kBegin + 24h + 3ms));  // our clock trails the broker's: this came before our reset
  ledger.start_day(kBegin + 24h);
  EXPECT_EQ(ledger.result(), (DayResult{money("-7"), money("0.61"), 1}));
  EXPECT_FALSE(ledger.record(fill(2, "-7", kBegin + 24h + 3ms))) << "known already";
  EXPECT_FALSE(ledger.record(fill(1, "-5"))) << "of the old day";
}

TEST_F(DayLedgerTest, SameNoticesEachFigure) {
  const Trade base = fill(1, "-5");
  EXPECT_FALSE(ledger.same(base));
  ledger.record(base);
  EXPECT_TRUE(ledger.same(base));
  EXPECT_TRUE(ledger.same(fill(1, std::nullopt))) << "a copy without the result says nothing new";
  const auto differs = [&](auto change) {
    Trade other = base;
    change(other);
    return !ledger.same(other);
  };
  EXPECT_TRUE(differs([](Trade& t) { t.profit_and_loss = money("-6"); }));
  EXPECT_TRUE(differs([](Trade& t) { t.fees = money("0.37"); }));
  EXPECT_TRUE(differs([](Trade& t) { t.commissions = Money{}; }));
  EXPECT_TRUE(differs([](Trade& t) { t.voided = true; }));
  EXPECT_TRUE(differs([](Trade& t) { t.id = TradeId{2}; }));
}

TEST_F(DayLedgerTest, TheOrderOfMessagesDoesNotMatter) {
  std::vector<Trade> messages;
  for (int id = 1; id <= 40; ++id) {
    messages.push_back(fill(id, id % 3 == 0 ? std::optional{id % 2 == 0 ? "12.34" : "-56.78"} : std::nullopt));
    messages.push_back(messages.back());
  }
  for (const Trade& t : messages) ledger.record(t);
  const DayResult expected = ledger.result();
  std::mt19937 random{5};
  for (int round = 0; round < 20; ++round) {
    std::shuffle(messages.begin(), messages.end(), random);
    ledger.start_day(kBegin + 48h);
    ledger.start_day(kBegin);
    for (const Trade& t : messages) ledger.record(t);
    ASSERT_EQ(ledger.result(), expected);
  }
}

TEST_F(DayLedgerTest, ABusyDayIsExact) {
  for (int id = 0; id < 5000; ++id) ledger.record(fill(id, "0.01"));
  EXPECT_EQ(ledger.result(), (DayResult{money("50"), money("3050"), 5000}));
}

}  // namespace
}  // namespace rm
