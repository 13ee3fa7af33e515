// symbol_blocks: what is opened or ordered in a blocked symbol goes at once, the symbol is locked until the reset.
#include "rules/symbol_match.h"
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SymbolBlocks, ClosesAndLocksTheSymbolAndNoOther) {
  for (const int sign : {+1, -1}) {
    Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
    desk.fill(desk.es, sign, "6300");
    desk.order(desk.es, OrderType::Stop, sign > 0 ? Side::Sell : Side::Buy, 1, sign > 0 ? "6200" : "6400");
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.fill(desk.mnq, 2 * sign, "21000");
    EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SYMBOL_BLOCKED", "lock MNQ hard until reset"));
    EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{SymbolBlocked{desk.mnq}}));
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.mnq), Lots{});
    EXPECT_EQ(desk.account().held(desk.es), Lots{sign});
    EXPECT_EQ(desk.account().working_orders().size(), 1U);
  }
}

TEST(SymbolBlocks, CancelsAnOrderBeforeItFills) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SYMBOL_BLOCKED", "lock MNQ hard until reset"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(SymbolBlocks, DoesNothingAsLongAsNothingIsThere) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
  desk.quote(desk.mnq, "21000");
  desk.pass(1min);
  EXPECT_THAT(desk.heard(), IsEmpty());
  EXPECT_THAT(desk.book().locks().all(), IsEmpty());
}

TEST(SymbolBlocks, WhatComesAgainIsAStrikeOfTheLock) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_TRUE(desk.settle());
  desk.pass(2min);
  desk.quote(desk.mnq, "21000");
  desk.heard();
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because ACTIVITY_WHILE_LOCKED"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.guard().strikes(), 1U);
}

TEST(SymbolBlocks, TheNextDayTheLockIsSetAgain) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_TRUE(desk.settle());
  desk.heard();
  desk.run_until(chicago("17:00:00") - 1ns);
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.pass(1ns);
  EXPECT_THAT(desk.heard(), ElementsAre("unlock symbol_blocks"));
  desk.quote(desk.mnq, "21000");
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SYMBOL_BLOCKED", "lock MNQ hard until reset"));
}

TEST(SymbolBlocks, WhatCouldNotBeClosedIsLockedAnewAtTheReset) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}"};
  desk.run_until(chicago("16:59:50"));
  desk.broker.halted = true;
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SYMBOL_BLOCKED", "lock MNQ hard until reset"));
  desk.run_until(chicago("17:00:01"));
  ASSERT_EQ(desk.book().locks().all().size(), 1U);
  EXPECT_EQ(desk.first_lock().until, LockEnd{UntilTime{chicago("17:00:00") + 24h}});
  desk.broker.halted = false;
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(SymbolBlocks, SeesAtStartUpWhatIsOpenAlready) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}", DeskOptions{.connect = false}};
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    account.set_last(desk.mnq, Price::parse("21000").value());
    account.market_order(desk.mnq, Lots{3}, desk.now, untold);
  });
  desk.connect();
  desk.pass(1s);
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  EXPECT_EQ(desk.book().locks().all().size(), 1U);
}

TEST(SymbolBlocks, EverySpellingAndEveryPatternThatMeansTheSymbol) {
  for (const char* written : {"ES", "es", "EP", "F.US.EP", "CON.F.US.EP.U26", "CON.F.US.EP.Z26", "\"*\"", "\"E?\"",
                              "\"?S\"", "\"E*\"", "\"F.US.E*\"", "\"CON.F.US.E?.*\""}) {
    SCOPED_TRACE(written);
    Desk desk{"symbol_blocks: {symbols: [\"XX*\", " + std::string{written} + "]}"};
    desk.fill(desk.es, 1, "6300");
    EXPECT_THAT(desk.heard(), ElementsAre("close ES because SYMBOL_BLOCKED", "lock ES hard until reset"));
  }
  for (const char* written :
       {"E", "ESX", "MES", "\"M*\"", "\"?\"", "\"E??\"", "\"C*\"", "\"F*\"", "\"F.US.M*\"", "\"*X\""}) {
    SCOPED_TRACE(written);
    Desk desk{"symbol_blocks: {symbols: [" + std::string{written} + "]}"};
    desk.fill(desk.es, 1, "6300");
    EXPECT_THAT(desk.heard(), IsEmpty());
  }
}

TEST(SymbolBlocks, AWildcardBlocksAllMicrosEachWithItsOwnLock) {
  Desk desk{"symbol_blocks: {symbols: [\"M*\"]}"};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SYMBOL_BLOCKED", "lock MNQ hard until reset"));
  desk.fill(desk.m2k, 1, "2000");
  EXPECT_THAT(desk.heard(), ElementsAre("close M2K because SYMBOL_BLOCKED", "lock M2K hard until reset"));
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(SymbolBlocks, TwoMonthsOfASymbolAreClosedUnderOneLock) {
  Desk desk{"symbol_blocks: {symbols: [MNQ]}", DeskOptions{.connect = false}};
  const ContractId z = desk.contracts.learn("CON.F.US.MNQ.Z26", "MNQZ6", Price::parse("0.25").value().nanos(),
                                            Money::parse("0.5").value(), true);
  desk.act([&](FakeAccount& account, FakeAccount::Told&) {
    FakeAccount::Told untold;
    for (const ContractId contract : {desk.mnq, z}) {
      account.set_last(contract, Price::parse("21000").value());
      account.market_order(contract, Lots{1}, desk.now, untold);
    }
  });
  desk.connect();
  desk.pass(1s);
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
  ASSERT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.decisions.at(0).violations.size(), 2U);
  EXPECT_EQ(desk.decisions.at(0).locks.size(), 1U);
}

TEST(SymbolBlocks, StatusSaysWhatIsBlocked) {
  Desk desk{"symbol_blocks: {symbols: [MNQ, \"R*\"]}"};
  const auto status = [&] { return desk.guard().rules().front().rule->status(desk.book()); };
  EXPECT_EQ(status().limit, "MNQ, R*");
  EXPECT_EQ(status().value, "nothing open");
  desk.broker.halted = true;
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_EQ(status().value, "open or ordered");
  EXPECT_EQ(status().used_percent, 100);
}

TEST(Wildcards, StarIsAnyTextAndQuestionMarkOneCharacter) {
  EXPECT_TRUE(wildcard_match("*", ""));
  EXPECT_TRUE(wildcard_match("M*Q", "MNQ"));
  EXPECT_TRUE(wildcard_match("M*Q", "MQ"));
  EXPECT_TRUE(wildcard_match("*N*N*", "ANBNC"));
  EXPECT_TRUE(wildcard_match("**A", "BAA"));
  EXPECT_TRUE(wildcard_match("M?Q", "MNQ"));
  EXPECT_FALSE(wildcard_match("M?Q", "MQ"));
  EXPECT_FALSE(wildcard_match("M*Q", "MNQX"));
  EXPECT_FALSE(wildcard_match("?", ""));
  EXPECT_FALSE(wildcard_match("*N*N*", "ANBC"));
}

}  // namespace
}  // namespace rm::test
