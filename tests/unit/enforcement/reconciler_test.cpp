// Keeps the book honest: a snapshot after each connection, taken in a quiet stretch; polling without a stream; hidden
// trades found.
#include "enforcement/reconciler.h"

#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::size_t count(const Desk& desk, std::string_view what) {
  const auto sent = desk.sent();
  return static_cast<std::size_t>(std::count(sent.begin(), sent.end(), what));
}

TEST(Reconciler, TakesASnapshotWhenTheStreamIsUp) {
  Desk desk{"", DeskOptions{.connect = false}};
  EXPECT_THAT(desk.sent(), IsEmpty());
  desk.connect();
  EXPECT_THAT(desk.sent(), ElementsAre("readAccount", "readTrades", "readPositions", "readWorkingOrders"));
  EXPECT_EQ(desk.book().sync(), SyncState::Unknown);
  desk.pass(30ms);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
}

TEST(Reconciler, WithoutAStreamItReadsAllTheSame) {
  Desk desk{"", DeskOptions{.connect = false}};
  desk.pass(2999ms);
  EXPECT_THAT(desk.sent(), IsEmpty());
  desk.pass(100ms);
  EXPECT_EQ(desk.book().sync(), SyncState::StreamDown);
  const auto before = count(desk, "readPositions");
  desk.pass(30s);
  EXPECT_GE(count(desk, "readPositions") - before, 7U) << "every four seconds";
}

TEST(Reconciler, ASnapshotThatWasNotQuietIsTakenAgain) {
  Desk desk{"", DeskOptions{.connect = false}};
  desk.connect();
  desk.pass(12ms);
  desk.fill(desk.mnq, 1, "21000");  // while it is read
  desk.pass(18ms);
  EXPECT_EQ(desk.book().sync(), SyncState::Unknown);
  EXPECT_EQ(count(desk, "readPositions"), 2U);
  desk.pass(30ms);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
  EXPECT_EQ(desk.book().holding(desk.mnq)->size, Lots{1});
  EXPECT_FALSE(desk.book().disputed());
}

TEST(Reconciler, AnAccountThatIsNeverQuietIsTakenOverInTheEnd) {
  Desk desk{"", DeskOptions{.connect = false}};
  desk.connect();
  for (int i = 0; i < 30 && desk.book().sync() == SyncState::Unknown; ++i) {
    desk.fill(desk.mnq, 1, "21000");
    desk.pass(10ms);
  }
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
  desk.pass(10s);
  EXPECT_EQ(desk.book().holding(desk.mnq)->size, desk.account().held(desk.mnq))
      << "and what was missed is found soon";
  EXPECT_FALSE(desk.book().disputed());
}

TEST(Reconciler, ALookEvery45SecondsWhileTheStreamIsUp) {
  Desk desk{""};
  const auto before = count(desk, "readPositions");
  desk.pass(90s);
  EXPECT_EQ(count(desk, "readPositions") - before, 2U);
}

TEST(Reconciler, FindsATradeThatTheStreamHid) {
  Desk desk{"daily_loss: {max_loss: -500.00, include_costs: false, warn_at: []}"};
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.mnq, 10, "21000");
  desk.fill(desk.mnq, -10, "20970");  // -600, and nobody said so
  EXPECT_EQ(desk.book().day().result().trade_count, 0U);
  desk.broker.lose = nullptr;
  desk.pass(46s);
  EXPECT_EQ(desk.book().day().result().realised, Money::from_units(-600));
  EXPECT_THAT(desk.heard(), Contains("flatten because LOSS_AT_LIMIT"));
}

TEST(Reconciler, AHiddenFillAndItsPositionAreCountedOnce) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.broker.lose = [](const RiskEventBody& event) { return std::holds_alternative<TradeExecuted>(event); };
  desk.fill(desk.mnq, 4, "21000");
  desk.broker.lose = nullptr;
  desk.pass(1s);
  EXPECT_EQ(desk.book().holding(desk.mnq)->size, Lots{4});
  desk.pass(2min);
  EXPECT_EQ(desk.book().holding(desk.mnq)->size, Lots{4})
      << "found in the trades, but known from the position message";
  EXPECT_THAT(desk.decisions, IsEmpty());
  EXPECT_EQ(desk.book().day().result().trade_count, 1U);
}

TEST(Reconciler, FindsAPositionThatTheStreamHid) {
  Desk desk{"max_contracts: {max_contracts: 5}"};
  desk.broker.lose = [](const RiskEventBody&) { return true; };
  desk.fill(desk.mnq, 8, "21000");
  desk.broker.lose = nullptr;
  desk.pass(1min);
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{5});
}

TEST(Reconciler, AFailedRoundIsReportedAndRetriedSoon) {
  Desk desk{"", DeskOptions{.connect = false}};
  desk.broker.faults[3] = Fault::NotSent;
  desk.connect();
  desk.pass(40ms);
  EXPECT_THAT(desk.problems, ElementsAre("could not connect"));
  EXPECT_EQ(desk.book().sync(), SyncState::Unknown) << "three good answers are no snapshot";
  desk.pass(1s);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
  EXPECT_THAT(desk.problems, SizeIs(1));
}

TEST(Reconciler, AStreamThatIsLostAfterLongIsReadAtOnce) {
  Desk desk{""};
  desk.pass(30s);
  const auto before = count(desk, "readPositions");
  desk.disconnect();
  EXPECT_EQ(count(desk, "readPositions") - before, 1U);
}

// Another program that keeps taking the stream must not use up the requests that polling lives on.
TEST(Reconciler, AStreamThatIsLostRightAfterItsSnapshotIsNotReadTwice) {
  Desk desk{""};
  desk.connect();
  desk.pass(100ms);
  const auto before = count(desk, "readPositions");
  desk.disconnect();
  EXPECT_EQ(count(desk, "readPositions") - before, 0U);
  desk.pass(4s);
  EXPECT_EQ(count(desk, "readPositions") - before, 1U) << "but as soon as polling would";
}

TEST(Reconciler, AConnectionThatChangesUnderTheReadsMeansReadingAgain) {
  Desk desk{"", DeskOptions{.connect = false}};
  desk.connect();
  desk.pass(5ms);
  desk.disconnect();
  desk.connect();
  desk.pass(30ms);
  EXPECT_EQ(desk.book().sync(), SyncState::Unknown) << "those answers belong to the old connection";
  desk.pass(40ms);
  EXPECT_EQ(desk.book().sync(), SyncState::Synchronised);
  EXPECT_EQ(desk.book().generation(), Generation{2});
}

TEST(Reconciler, AnAnswerWithoutItsContentIsAProblemNotAnEmptyAccount) {
  ContractTable contracts;
  MarketBook market;
  TradingCalendar calendar;
  AccountBook book{AccountId{1}, contracts, market, calendar};
  RequestIds ids{RequestId{1}};
  const BrokerTime now = BrokerTime::from_seconds(1000);
  Reconciler reconciler{book, ids, {}, now};
  ReconcilerOutput out;
  reconciler.on_stream(true, Generation{1}, now, out);
  ASSERT_THAT(out.requests, SizeIs(4));
  const auto requests = out.requests;
  out.clear();
  for (const BrokerRequest& request : requests) {
    BrokerReply reply;
    reply.id = request.id;
    reply.account = request.account;
    reply.outcome = Outcome::Accepted;
    EXPECT_TRUE(reconciler.on_reply(reply, now, out));
  }
  ASSERT_THAT(out.events, ::testing::SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<ReadsFailed>(out.events.front()));
  EXPECT_TRUE(out.problem.has_value());
  EXPECT_GT(reconciler.next_deadline().value(), now);
}

TEST(Reconciler, RepliesOfOthersAreNotIts) {
  Desk desk{""};
  RequestIds ids{RequestId{1000}};
  Reconciler reconciler{desk.book(), ids, {}, desk.now};
  ReconcilerOutput out;
  BrokerReply reply;
  reply.id = RequestId{5};
  EXPECT_FALSE(reconciler.on_reply(reply, desk.now, out));
  reply.id = RequestId{};
  EXPECT_FALSE(reconciler.on_reply(reply, desk.now, out));
}

// A read that is younger than the stream's last word by less than it may lag is not believed: it is asked again soon.
TEST(Reconciler, WhatHappenedInAShortGapIsFoundSoonAfterIt) {
  Desk desk{"auth_loss_guard: {}"};
  desk.fill(desk.mnq, 1, "21000.00");
  desk.disconnect();
  desk.pass(10ms);
  desk.can_trade(false);  // not told
  desk.connect();
  desk.pass(4s);
  EXPECT_TRUE(desk.account().flat());
}

}  // namespace
}  // namespace rm::test
