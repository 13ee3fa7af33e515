#include "desk.h"

namespace paper {
namespace {

TEST(Closing, IsAnUntaggedMarketOrderForTheWholePosition) {
  Desk desk;
  desk.market(Side::Buy, 3);
  desk.take();
  EXPECT_TRUE(desk.close().ok());
  EXPECT_THAT(desk.take(), ElementsAre("order 2 status 6", "trade 2 action 0 sell 3 @ 29499.75 pnl -1.5",
                                       "trade 1 action 1 buy 3 @ 29500", "order 2 status 2 filled 29499.75",
                                       "position 1 action 2 type 0 size 0 average 29500", "balance 149994.84"));
  const Order exit = desk.exchange.orders(desk.id, {}, {}).back();
  EXPECT_EQ(exit.type, OrderType::Market);
  EXPECT_EQ(exit.custom_tag, std::nullopt);
  EXPECT_THAT(desk.exchange.positions(desk.id), IsEmpty());
}

TEST(Closing, LeavesWorkingOrdersUnlessTheSwitchSaysSo) {
  for (const bool clears : {false, true}) {
    Desk desk{{.close_contract_cancels_orders = clears}};
    desk.market(Side::Sell, 1);
    const OrderId working = *desk.limit(Side::Buy, 1, 29000_d).order;
    EXPECT_TRUE(desk.close().ok());
    EXPECT_EQ(desk.order(working).status, clears ? OrderStatus::Cancelled : OrderStatus::Open);
  }
}

TEST(Closing, PartOfAPosition) {
  Desk desk;
  desk.market(Side::Sell, 3);
  EXPECT_TRUE(desk.exchange.partial_close(desk.id, kMnq, 2, desk.now).ok());
  EXPECT_EQ(desk.position(), -1);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, 2, desk.now).code, codes::kPartialInvalidSize);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, 0, desk.now).code, codes::kPartialInvalidSize);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, -1, desk.now).code, codes::kPartialInvalidSize);
}

TEST(Closing, ChildrenOnAPartialClose) {
  for (const auto mode : {Settings::ChildrenOnPartialClose::Keep, Settings::ChildrenOnPartialClose::CancelGroup}) {
    Account account;
    account.bracket_mode = BracketMode::AutoOco;
    Desk desk{{.children_on_partial_close = mode}, account};
    desk.place({.side = Side::Buy, .size = 2, .stop_loss = BracketLeg{-40, OrderType::Stop}});
    desk.limit(Side::Buy, 1, 29000_d);
    EXPECT_TRUE(desk.exchange.partial_close(desk.id, kMnq, 1, desk.now).ok());
    EXPECT_EQ(desk.exchange.open_orders(desk.id).size(), mode == Settings::ChildrenOnPartialClose::Keep ? 2U : 1U);
  }
}

TEST(Closing, RefusalCodesOfBothEndpoints) {
  Desk desk;
  const auto both = [&](AccountId account, const std::string& contract) {
    return std::pair{desk.exchange.close_contract(account, contract, desk.now).code,
                     desk.exchange.partial_close(account, contract, 1, desk.now).code};
  };
  EXPECT_EQ(both(AccountId{1}, kMnq), std::pair(1, 1));
  EXPECT_EQ(both(desk.id, kMnq), std::pair(2, 2));
  EXPECT_EQ(both(desk.id, "CON.F.US.XYZ.U26"), std::pair(3, 3));
  desk.market(Side::Buy, 1);
  ASSERT_TRUE(desk.exchange.catalogue().roll("MNQ", "Z26"));
  EXPECT_EQ(both(desk.id, kMnq), std::pair(4, 4));
  EXPECT_EQ(desk.position(), 1);
}

TEST(Closing, ABlockedAccountMayCloseUnlessTheSwitchSaysOtherwise) {
  Desk desk;
  desk.market(Side::Buy, 2);
  desk.exchange.set_account(desk.id, {.can_trade = false}, desk.now);
  desk.exchange.settings().close_when_blocked = false;
  EXPECT_EQ(desk.close().code, codes::kCloseAccountRejected);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, 1, desk.now).code, codes::kPartialAccountRejected);
  desk.exchange.settings().close_when_blocked = true;
  EXPECT_TRUE(desk.close().ok());
  EXPECT_EQ(desk.position(), 0);
}

TEST(Closing, LiveAccountsCannotClosePartly) {
  Account account;
  account.simulated = false;
  Desk desk{{}, account};
  desk.market(Side::Buy, 2);
  const Outcome refused = desk.exchange.partial_close(desk.id, kMnq, 1, desk.now);
  EXPECT_EQ(refused.code, codes::kPartialAccountRejected);
  EXPECT_EQ(refused.message, "Live accounts not supported");
  EXPECT_TRUE(desk.close().ok());
}

}  // namespace
}  // namespace paper
