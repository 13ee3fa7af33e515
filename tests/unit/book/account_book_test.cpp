// Fills and position messages in every order: what is held, what is disputed, and who is right in the end.
#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using AccountBookTest = BookFixture;

TEST_F(AccountBookTest, BeforeTheSnapshotNothingIsKnown) {
  EXPECT_EQ(account.sync(), SyncState::Unknown);
  EXPECT_FALSE(account.flat()) << "not known is not flat";
  EXPECT_EQ(account.can_trade(), std::nullopt);
  EXPECT_EQ(account.balance(), std::nullopt);
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  EXPECT_EQ(account.sync(), SyncState::Unknown) << "a stream that is up says nothing about the past";
}

TEST_F(AccountBookTest, AnEventOfAnotherAccountIsAnErrorAndChangesNothing) {
  synchronise();
  const auto result = publish(PositionUpdated{Position{AccountId{9}, mnq, Lots{3}, price("1"), now}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::UnknownAccount);
  EXPECT_TRUE(account.flat());
}

// It is kept between two changes of anything it is made of.
TEST_F(AccountBookTest, TheOpenResultIsThatOfThisMoment) {
  const ContractId fresh = contracts.intern("CON.F.US.NQ.U26");
  synchronise();
  fill(1, mnq, +2, "21000");
  ASSERT_TRUE(publish(QuoteUpdated{mnq, price("21001"), {}, {}}));
  EXPECT_EQ(account.open_profit().total, money("4"));
  ASSERT_TRUE(publish(QuoteUpdated{mnq, price("20999"), {}, {}}));
  EXPECT_EQ(account.open_profit().total, money("-4"));
  fill(2, mnq, -1, "20999", "-2");
  EXPECT_EQ(account.open_profit().total, money("-2"));
  fill(3, fresh, +1, "21000");  // its first fill is the only price known of it
  EXPECT_FALSE(account.open_profit().complete) << "its tick is not known";
  contracts.learn("CON.F.US.NQ.U26", "NQU6", 250'000'000, money("5"), true);
  EXPECT_TRUE(account.open_profit().complete);
  says(mnq, +3, "21000");
  pass(1s);
  EXPECT_EQ(account.open_profit().total, money("-6")) << "the broker's figure was adopted";
}

TEST_F(AccountBookTest, TheFillFirstThenThePositionMessage) {
  synchronise();
  fill(1, mnq, +2, "21000");
  EXPECT_EQ(held(mnq), 2);
  EXPECT_FALSE(account.disputed());
  says(mnq, +2, "21000");
  EXPECT_EQ(held(mnq), 2);
  EXPECT_FALSE(account.disputed());
}

TEST_F(AccountBookTest, ThePositionMessageFirstWaitsForItsFill) {
  synchronise();
  says(mnq, +2, "21000");
  EXPECT_EQ(held(mnq), 0) << "a loss that is realised already must not be counted as open too";
  EXPECT_TRUE(account.disputed());
  EXPECT_FALSE(account.position_flat(mnq));
  now = now + 10ms;
  fill(1, mnq, +2, "21000");
  EXPECT_EQ(held(mnq), 2);
  EXPECT_FALSE(account.disputed());
}

TEST_F(AccountBookTest, AFillThatNeverComesIsReplacedByTheBrokersFigure) {
  synchronise();
  says(mnq, +2, "21000.25");
  const BrokerTime heard = now;
  EXPECT_EQ(account.next_deadline(), heard + 500ms);
  pass(499ms);
  EXPECT_EQ(held(mnq), 0);
  pass(1ms);
  EXPECT_EQ(held(mnq), 2);
  EXPECT_FALSE(account.disputed());
  EXPECT_GT(account.next_deadline(), now);
}

TEST_F(AccountBookTest, AFillThatComesAfterTheBrokersFigureWasTakenIsNotCountedTwice) {
  synchronise();
  const Trade late = trade(1, mnq, +2, "21000");
  now = now + 15ms;
  says(mnq, +2, "21000");
  pass(600ms);
  ASSERT_EQ(held(mnq), 2);
  ASSERT_TRUE(publish(TradeExecuted{late}));
  EXPECT_EQ(held(mnq), 2);
  EXPECT_EQ(account.day().result().trade_count, 1U) << "its costs count all the same";
}

TEST_F(AccountBookTest, AHiddenClosingFillFoundMuchLaterIsNotCountedTwice) {
  synchronise();
  fill(1, mnq, +5, "21000");
  says(mnq, +5, "21000");
  now = now + 1s;
  const Trade hidden = trade(2, mnq, -5, "20990", "-100");
  says(mnq, 0, "21000");
  pass(600ms);
  ASSERT_EQ(held(mnq), 0);
  now = now + 45s;
  ASSERT_TRUE(publish(TradeExecuted{hidden}));
  EXPECT_EQ(held(mnq), 0);
  EXPECT_EQ(account.day().result().realised, money("-100"));
}

TEST_F(AccountBookTest, AFillRightAfterTheBrokersFigureWasTakenCounts) {
  synchronise();
  says(mnq, +2, "21000");
  pass(600ms);
  fill(1, mnq, -2, "21001", "4");  // a closing fill: it cannot be the missing one
  EXPECT_EQ(held(mnq), 0);
}

TEST_F(AccountBookTest, TwoFillsThenTwoPositionMessages) {
  synchronise();
  fill(1, mnq, +1, "21000");
  fill(2, mnq, +1, "21000.25");
  says(mnq, +1, "21000");
  EXPECT_TRUE(account.disputed());
  says(mnq, +2, "21000.125");
  EXPECT_FALSE(account.disputed());
  EXPECT_EQ(held(mnq), 2);
}

TEST_F(AccountBookTest, PartialFillsOfOneOrder) {
  synchronise();
  for (int i = 1; i <= 3; ++i) {
    fill(i, mnq, +1, "21000");
    says(mnq, i, "21000");
  }
  EXPECT_EQ(held(mnq), 3);
  EXPECT_FALSE(account.disputed());
}

TEST_F(AccountBookTest, AReversalInOneFill) {
  synchronise();
  fill(1, mnq, +2, "21000");
  says(mnq, +2, "21000");
  fill(2, mnq, -5, "21010", "40");
  EXPECT_EQ(held(mnq), -3);
  says(mnq, -3, "21010");
  EXPECT_FALSE(account.disputed());
  EXPECT_EQ(account.holding(mnq)->paid.average(Lots{-3}), price("21010"));
}

TEST_F(AccountBookTest, TheOpeningTradeSentAgainMovesNothing) {
  synchronise();
  const Trade opening = trade(1, mnq, +2, "21000");
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  says(mnq, +2, "21000");
  fill(2, mnq, -2, "20989.75", "-41");
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  EXPECT_EQ(held(mnq), 0);
  says(mnq, 0, "21000");
  EXPECT_TRUE(account.flat());
  EXPECT_EQ(account.day().result().net(), money("-42.22"));
}

TEST_F(AccountBookTest, TheOpeningTradeOfAnOlderPositionMovesNothing) {
  const Trade opening = trade(1, mnq, +2, "21000");
  now = now + 1h;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  snapshot({position(mnq, +2, "21000")});
  now = now + 10s;
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  EXPECT_EQ(held(mnq), 2);
}

TEST_F(AccountBookTest, AVoidedOpeningFillIsFollowedByTheBrokersPosition) {
  synchronise();
  Trade opening = trade(1, mnq, +2, "21000");
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  says(mnq, +2, "21000");
  opening.voided = true;
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  says(mnq, 0, "0");
  EXPECT_FALSE(account.flat()) << "in dispute";
  pass(500ms);
  EXPECT_TRUE(account.flat());
  EXPECT_EQ(account.day().result(), DayResult{});
}

TEST_F(AccountBookTest, ADifferentAverageIsADisputeTheBrokerWins) {
  synchronise();
  fill(1, mnq, +2, "21000");
  says(mnq, +2, "21000.50");
  EXPECT_TRUE(account.disputed());
  pass(500ms);
  EXPECT_EQ(account.holding(mnq)->paid.average(Lots{2}), price("21000.50"));
}

TEST_F(AccountBookTest, TheTradeOfAMarketOrderEndsItBeforeItsOwnMessage) {
  synchronise();
  Order order;
  order.id = OrderId{3'400'000'001};
  order.account = kAccount;
  order.contract = mnq;
  order.status = OrderStatus::Pending;
  order.size = Lots{2};
  ASSERT_TRUE(publish(OrderUpdated{order}));
  for (int id = 1; id <= 2; ++id) {
    EXPECT_TRUE(account.orders().any());
    Trade part = trade(id, mnq, +1, "21000");
    part.order = order.id;
    ASSERT_TRUE(publish(TradeExecuted{part}));
    ASSERT_TRUE(publish(TradeExecuted{part})) << "the same fill twice is one fill";
  }
  EXPECT_FALSE(account.orders().any());
}

TEST_F(AccountBookTest, ARepeatedAccountMessageIsNoNews) {
  synchronise();
  ASSERT_TRUE(publish(AccountUpdated{AccountInfo{kAccount, money("49000"), true}}));
  const auto version = account.stream_version();
  ASSERT_TRUE(publish(AccountUpdated{AccountInfo{kAccount, money("49000"), true}}));
  EXPECT_EQ(account.stream_version(), version);
  ASSERT_TRUE(publish(AccountUpdated{AccountInfo{kAccount, money("49000"), false}}));
  EXPECT_GT(account.stream_version(), version);
  EXPECT_EQ(account.can_trade(), false);
}

TEST_F(AccountBookTest, TheNewDayStartsAtItsReset) {
  synchronise();
  fill(1, mnq, +1, "21000");
  fill(2, mnq, -1, "20990", "-20");
  now = second(86'400) - 1ns;
  ASSERT_TRUE(publish(TimePassed{}));
  EXPECT_EQ(account.day().result().realised, money("-20"));
  EXPECT_EQ(account.next_reset(), second(86'400));
  pass(1ns);
  EXPECT_EQ(account.day().result(), DayResult{});
  EXPECT_EQ(account.next_reset(), second(172'800));
  EXPECT_GT(account.next_deadline(), now);
}

TEST_F(AccountBookTest, AFillStampedBeforeTheResetIsNotOfTheNewDay) {
  synchronise();
  now = second(86'400) - 5ms;
  const Trade late = trade(1, mnq, -1, "20990", "-20");
  now = second(86'400) + 5ms;
  ASSERT_TRUE(publish(TradeExecuted{late}));
  EXPECT_EQ(account.day().result(), DayResult{});
}

TEST_F(AccountBookTest, OpenProfitSumsWhatCanBeValuedAndSaysWhenItCannot) {
  synchronise();
  fill(1, mnq, +2, "21000");
  ASSERT_TRUE(publish(QuoteUpdated{mnq, price("20990"), std::nullopt, std::nullopt}));
  EXPECT_EQ(account.open_profit().total, money("-40"));
  EXPECT_TRUE(account.open_profit().complete);
  EXPECT_EQ(account.open_profit().oldest_mark, now);
  const ContractId unknown = contracts.intern("CON.F.US.NEW.U26");
  fill(2, unknown, +1, "5");
  EXPECT_EQ(account.open_profit().total, money("-40"));
  EXPECT_FALSE(account.open_profit().complete) << "no tick value: not known, never zero";
}

}  // namespace
}  // namespace rm::test
