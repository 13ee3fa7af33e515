#include "desk.h"

namespace paper {
namespace {

struct Voiding : testing::Test {
  Trade trade(std::size_t oldest_first) {
    auto all = desk.exchange.trades(desk.id, {}, {});
    return all.at(all.size() - 1 - oldest_first);
  }
  Outcome take_back(TradeId trade) { return desk.exchange.void_trade(desk.id, trade, desk.now); }
  Desk desk;
};

TEST_F(Voiding, AnEntryTakenBackLeavesNoPositionAndNoCosts) {
  desk.market(Side::Buy, 2);
  desk.take();
  EXPECT_TRUE(take_back(trade(0).id).ok());
  EXPECT_TRUE(trade(0).voided);
  EXPECT_EQ(desk.position(), 0);
  EXPECT_EQ(desk.balance(), 150000_d);
  const auto lines = desk.take();
  EXPECT_THAT(lines, ElementsAre("trade 1 action 1 buy 2 @ 29500", HasSubstr("position 1 action 2 type 0 size 0"),
                                 "balance 150000"));
}

TEST_F(Voiding, AnExitTakenBackLeavesThePositionOpenAgain) {
  desk.market(Side::Sell, 1);
  desk.price(kMnq, 29600_d);
  desk.close();
  EXPECT_EQ(desk.balance(), 149798.28_d);
  EXPECT_TRUE(take_back(trade(1).id).ok());
  EXPECT_EQ(desk.position(), -1);
  EXPECT_EQ(desk.balance(), 149999.39_d);
}

TEST_F(Voiding, WhatAnEntryHadOpenedIsOpenedByTheExitInstead) {
  desk.market(Side::Buy, 1);
  desk.price(kMnq, 29600_d);
  desk.close();
  EXPECT_TRUE(take_back(trade(0).id).ok());
  EXPECT_EQ(desk.position(), -1);
  EXPECT_EQ(trade(1).profit_and_loss, std::nullopt);
  EXPECT_EQ(desk.balance(), 149999.39_d);
}

TEST_F(Voiding, IsRefusedForWhatDoesNotStand) {
  EXPECT_EQ(take_back(TradeId{5}).code, codes::kVoidTradeNotFound);
  desk.market(Side::Buy, 1);
  EXPECT_EQ(desk.exchange.void_trade(AccountId{1}, trade(0).id, desk.now).code, codes::kVoidAccountNotFound);
  EXPECT_TRUE(take_back(trade(0).id).ok());
  EXPECT_EQ(take_back(trade(0).id).code, codes::kVoidTradeNotFound);
  EXPECT_EQ(desk.balance(), 150000_d);
}

}  // namespace
}  // namespace paper
