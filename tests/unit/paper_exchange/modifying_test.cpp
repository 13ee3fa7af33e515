#include "desk.h"

namespace paper {
namespace {

TEST(Modifying, WhatIsAbsentStaysAsItWas) {
  Desk desk;
  const OrderId id =
      *desk.place({.type = OrderType::Limit, .side = Side::Buy, .size = 2, .limit_price = 29400_d, .custom_tag = "m"})
           .order;
  const Order before = desk.order(id);
  desk.take();
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = id, .size = 5}, desk.now).ok());
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = id, .limit_price = 29410_d}, desk.now).ok());
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 1 limit 29400", "order 1 status 1 limit 29410"));
  const Order after = desk.order(id);
  EXPECT_EQ(after.size, 5);
  EXPECT_EQ(after.custom_tag, "m");
  EXPECT_EQ(after.created, before.created);
  EXPECT_GT(after.updated, before.updated);
}

TEST(Modifying, ALimitMovedThroughTheMarketIsFilledAtTheTouch) {
  Desk desk;
  const OrderId id = *desk.limit(Side::Buy, 1, 29400_d).order;
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = id, .limit_price = 29600_d}, desk.now).ok());
  EXPECT_EQ(desk.order(id).filled_price, 29500_d);
}

TEST(Modifying, Refusals) {
  Desk desk;
  const OrderId stop = *desk.stop(Side::Sell, 2, 29400_d).order;
  const OrderId filled = *desk.market(Side::Buy, 1).order;
  const struct {
    const char* name;
    ModifyRequest request;
    int code;
  } cases[] = {{"unknown account", {.account = AccountId{1}, .order = stop}, 1},
               {"unknown order", {.account = desk.id, .order = OrderId{1}}, 2},
               {"filled order", {.account = desk.id, .order = filled, .size = 2}, 2},
               {"off tick", {.account = desk.id, .order = stop, .stop_price = 29400.1_d}, 3},
               {"wrong side", {.account = desk.id, .order = stop, .stop_price = 29500_d}, 3},
               {"not a price", {.account = desk.id, .order = stop, .stop_price = -1_d}, 3},
               {"no size", {.account = desk.id, .order = stop, .size = 0}, 3}};
  for (const auto& c : cases) EXPECT_EQ(desk.exchange.modify(c.request, desk.now).code, c.code) << c.name;
  EXPECT_EQ(desk.order(stop).stop_price, 29400_d);
  EXPECT_EQ(desk.order(stop).size, 2);
  EXPECT_EQ(desk.exchange.modify({.account = desk.id, .order = stop, .stop_price = 29400.1_d}, desk.now).message,
            "Invalid stop price. Price is not aligned to tick size.");
  desk.exchange.set_account(desk.id, {.can_trade = false}, desk.now);
  EXPECT_EQ(desk.exchange.modify({.account = desk.id, .order = stop, .size = 1}, desk.now).code,
            codes::kModifyAccountRejected);
}

TEST(Modifying, ATrailHasNoMaximumHere) {
  Desk desk;
  const OrderId id =
      *desk.place({.type = OrderType::TrailingStop, .side = Side::Sell, .size = 1, .trail_price = 29490_d}).order;
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = id, .trail_price = 10_d}, desk.now).ok());
  EXPECT_EQ(desk.order(id).trail_distance, 117'960);
  EXPECT_EQ(desk.order(id).stop_price, 10_d);
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = id, .trail_price = 29480_d}, desk.now).ok());
  EXPECT_EQ(desk.order(id).stop_price, 29480_d);
}

TEST(Modifying, OneLegLeavesTheOtherAndSleepingLegsAreRefused) {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  Desk desk{{}, account};
  const PlaceRequest entry{.type = OrderType::Limit,
                           .side = Side::Buy,
                           .size = 1,
                           .limit_price = 29490_d,
                           .stop_loss = BracketLeg{-40, OrderType::Stop},
                           .take_profit = BracketLeg{80, OrderType::Limit}};
  const OrderId first = *desk.place(entry).order;
  const OrderId stop{first.value + 1}, target{first.value + 2};
  EXPECT_EQ(desk.exchange.modify({.account = desk.id, .order = stop, .stop_price = 29400_d}, desk.now).code,
            codes::kModifyRejected);
  desk.price(kMnq, 29490_d);
  EXPECT_TRUE(desk.exchange.modify({.account = desk.id, .order = stop, .stop_price = 29400_d}, desk.now).ok());
  EXPECT_EQ(desk.order(stop).stop_price, 29400_d);
  EXPECT_EQ(desk.order(target).limit_price, 29510_d);
}

TEST(Cancelling, EndsAnOrderOnce) {
  Desk desk;
  const OrderId id = *desk.limit(Side::Buy, 1, 29400_d).order;
  desk.take();
  EXPECT_TRUE(desk.cancel(id).ok());
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 3 limit 29400"));
  EXPECT_EQ(desk.cancel(id).code, codes::kCancelOrderNotFound);
  EXPECT_EQ(desk.cancel(id).message, std::nullopt);
  EXPECT_EQ(desk.cancel(OrderId{5}).code, codes::kCancelOrderNotFound);
  desk.price(kMnq, 29300_d);
  EXPECT_EQ(desk.position(), 0);
}

TEST(Cancelling, RefusedForFollowersAndLiveAccountsAndOtherAccounts) {
  Desk desk;
  const OrderId id = *desk.limit(Side::Buy, 1, 29400_d).order;
  desk.exchange.set_account(desk.id, {.simulated = false}, desk.now);
  EXPECT_EQ(desk.cancel(id).code, codes::kCancelAccountRejected);
  EXPECT_EQ(desk.cancel(id).message, "Live accounts not supported");
  desk.exchange.set_account(desk.id, {.follower = true}, desk.now);
  EXPECT_EQ(desk.cancel(id).message, "Follower accounts cannot cancel orders");
  EXPECT_EQ(desk.exchange.cancel(AccountId{1}, id, desk.now).code, codes::kCancelAccountNotFound);
}

}  // namespace
}  // namespace paper
