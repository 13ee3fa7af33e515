#include "desk.h"

namespace paper {
namespace {

constexpr BracketLeg kStop{-40, OrderType::Stop};
constexpr BracketLeg kTarget{80, OrderType::Limit};

struct Case {
  const char* name;
  PlaceRequest request;
  const char* message;
};

std::vector<Case> cases() {
  const auto buy = [](std::optional<BracketLeg> stop, std::optional<BracketLeg> target) {
    return PlaceRequest{.side = Side::Buy, .size = 1, .stop_loss = stop, .take_profit = target};
  };
  const auto sell = [](std::optional<BracketLeg> stop, std::optional<BracketLeg> target) {
    return PlaceRequest{.side = Side::Sell, .size = 1, .stop_loss = stop, .take_profit = target};
  };
  const auto priced = [](OrderType type, Side side, std::optional<Decimal> limit, std::optional<Decimal> stop) {
    return PlaceRequest{.type = type, .side = side, .size = 1, .limit_price = limit, .stop_price = stop};
  };
  const auto trail = [](std::optional<Decimal> level) {
    return PlaceRequest{.type = OrderType::TrailingStop, .side = Side::Sell, .size = 1, .trail_price = level};
  };
  return {
      {"long stop above", buy(BracketLeg{40, OrderType::Stop}, {}),
       "Invalid stop loss ticks (40). Ticks should be less than zero when longing."},
      {"short stop below", sell(BracketLeg{-40, OrderType::Stop}, {}),
       "Invalid stop loss ticks (-40). Ticks should be greater than zero when going short."},
      {"long target below", buy(kStop, BracketLeg{-80, OrderType::Limit}),
       "Invalid take profit ticks (-80). Ticks should be greater than zero when longing."},
      {"short target above", sell({}, kTarget),
       "Invalid take profit ticks (80). Ticks should be less than zero when going short."},
      {"stop too close", buy(BracketLeg{-3, OrderType::Stop}, kTarget),
       "Invalid stop loss ticks (-3). Stop loss tick value should be at least 4 ticks."},
      {"stop is a limit", buy(BracketLeg{-40, OrderType::Limit}, {}), "Invalid stop loss type (Limit)"},
      {"target is a stop", buy({}, BracketLeg{80, OrderType::Stop}), "Invalid take profit type (Stop)"},
      {"absurd ticks", buy(BracketLeg{INT32_MIN, OrderType::Stop}, {}), "Invalid bracket ticks."},
      {"stop off tick", priced(OrderType::Stop, Side::Sell, {}, 29490.1_d),
       "Invalid stop price. Price is not aligned to tick size."},
      {"limit off tick", priced(OrderType::Limit, Side::Sell, 29490.1_d, {}),
       "Invalid limit price. Price is not aligned to tick size."},
      {"limit without price", priced(OrderType::Limit, Side::Buy, {}, {}), "Invalid limit price. Price is not set."},
      {"limit below zero", priced(OrderType::Limit, Side::Buy, -1_d, {}), "Invalid limit price."},
      {"sell stop above the market", priced(OrderType::Stop, Side::Sell, {}, 29500_d),
       "Invalid stop price. Price should be below the last price when selling."},
      {"buy stop below the market", priced(OrderType::Stop, Side::Buy, {}, 29499_d),
       "Invalid stop price. Price should be above the last price when buying."},
      {"stop limit", priced(OrderType::StopLimit, Side::Buy, 29510_d, 29505_d),
       "Order rejected: invalid order type (3)."},
      {"unknown type", priced(OrderType{99}, Side::Buy, {}, {}), "Order rejected: invalid order type (99)."},
      {"trail without level", trail({}), "Trail Distance not set."},
      {"trail off tick", trail(29490.1_d), "Invalid trail price. Price is not aligned to tick size."},
      {"a distance for a level", trail(10_d), "Trail Distance exceeds maximum (1000)"},
      {"no size", {.side = Side::Buy, .size = 0}, "Order rejected: invalid order size (0)."},
      {"negative size", {.side = Side::Buy, .size = -1}, "Order rejected: invalid order size (-1)."},
      {"no quote", {.contract = kEs, .side = Side::Buy, .size = 1}, "Invalid symbol"},
  };
}

TEST(Refusals, EachHasItsWordsAndLeavesARejectedOrder) {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    Desk desk{{}, account};
    const PlaceOutcome refused = desk.place(c.request);
    EXPECT_EQ(refused.code, codes::kPlaceRejected);
    EXPECT_EQ(refused.message, c.message);
    ASSERT_TRUE(refused.order);
    EXPECT_EQ(desk.order(*refused.order).status, OrderStatus::Rejected);
    EXPECT_EQ(desk.lines.size(), 2U);
    EXPECT_THAT(desk.lines.front(), HasSubstr("order 1 status 6"));
    EXPECT_THAT(desk.lines.back(), HasSubstr("order 1 status 5"));
    EXPECT_EQ(desk.exchange.orders(desk.id, {}, {}).size(), 1U);
    EXPECT_THAT(desk.exchange.working_orders(desk.id), IsEmpty());
    EXPECT_EQ(desk.position(), 0);
  }
}

TEST(Refusals, BracketsNeedAutoOco) {
  Desk desk;
  EXPECT_EQ(desk.place({.side = Side::Buy, .size = 1, .stop_loss = kStop}).message,
            "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.");
}

TEST(Refusals, NoTrailWithoutALastPrice) {
  Desk desk;
  desk.price(kEs, 7730_d, 7730.25_d);
  EXPECT_EQ(desk.place({.contract = kEs,
                        .type = OrderType::TrailingStop,
                        .side = Side::Sell,
                        .size = 1,
                        .trail_price = 7720_d})
                .message,
            "Cannot trail without a last price");
}

TEST(Refusals, TheMaximumTrailIsAllowed) {
  Desk desk;
  EXPECT_TRUE(
      desk.place({.type = OrderType::TrailingStop, .side = Side::Sell, .size = 1, .trail_price = 29250_d}).ok());
}

TEST(Refusals, ATagServesOnceInAnAccount) {
  Desk desk;
  const PlaceRequest tagged{
      .type = OrderType::Limit, .side = Side::Buy, .size = 1, .limit_price = 29000_d, .custom_tag = "a"};
  const auto first = desk.place(tagged);
  EXPECT_TRUE(desk.cancel(*first.order).ok());
  const auto second = desk.place(tagged);
  EXPECT_EQ(second.code, codes::kPlaceRejected);
  EXPECT_FALSE(second.message->empty());
  EXPECT_EQ(desk.order(*second.order).custom_tag, std::nullopt);

  PlaceRequest refused = tagged;
  refused.custom_tag = "b";
  refused.limit_price = 29000.1_d;
  EXPECT_EQ(desk.order(*desk.place(refused).order).custom_tag, "b");
  refused.limit_price = 29000_d;
  EXPECT_FALSE(desk.place(refused).ok());  // a rejected order has used its tag too

  Account other;
  other.id = AccountId{26001235};
  other.user = desk.exchange.find_user("PAPER")->id;
  ASSERT_TRUE(desk.exchange.add_account(other));
  PlaceRequest elsewhere = tagged;
  elsewhere.account = other.id;
  elsewhere.contract = kMnq;
  EXPECT_TRUE(desk.exchange.place(elsewhere, desk.now).ok());
}

TEST(Refusals, AnEmptyTagIsNoTag) {
  Desk desk;
  for (int i = 0; i < 2; ++i) {
    const auto placed = desk.place({.side = Side::Buy, .size = 1, .custom_tag = ""});
    EXPECT_TRUE(placed.ok());
    EXPECT_EQ(desk.order(*placed.order).custom_tag, std::nullopt);
  }
}

TEST(Refusals, SomeLeaveNoOrder) {
  Desk desk;
  PlaceRequest request{.account = AccountId{1}, .contract = kMnq, .side = Side::Buy, .size = 1};
  EXPECT_EQ(desk.exchange.place(request, desk.now).code, codes::kPlaceAccountNotFound);
  EXPECT_EQ(desk.market(Side::Buy, 1, "CON.F.US.XYZ.U26").code, codes::kPlaceContractNotFound);
  EXPECT_EQ(desk.market(Side::Buy, 1, "CON.F.US.MNQ.M26").code, codes::kPlaceContractNotActive);
  desk.exchange.set_account(desk.id, {.can_trade = false}, desk.now);
  const auto blocked = desk.market(Side::Buy, 1);
  EXPECT_EQ(blocked.code, codes::kPlaceAccountViolation);
  EXPECT_EQ(blocked.order, std::nullopt);
  EXPECT_THAT(desk.exchange.orders(desk.id, {}, {}), IsEmpty());
}

TEST(Refusals, TheSizeLimitOfAnAccount) {
  Account account;
  account.max_size = 3;
  Desk desk{{}, account};
  EXPECT_TRUE(desk.market(Side::Buy, 3).ok());
  EXPECT_EQ(desk.market(Side::Buy, 1).message, "Not enough margin.");
  EXPECT_TRUE(desk.market(Side::Sell, 6).ok());
  EXPECT_EQ(desk.position(), -3);
  EXPECT_EQ(desk.market(Side::Buy, 7).message, "Not enough margin.");
  desk.exchange.set_account(desk.id, {.max_size = 1}, desk.now);
  EXPECT_TRUE(desk.market(Side::Buy, 1).ok());  // still beyond the new limit, but less so
  EXPECT_EQ(desk.position(), -2);
}

}  // namespace
}  // namespace paper
