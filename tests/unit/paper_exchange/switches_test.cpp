#include "desk.h"

namespace paper {
namespace {

TEST(Latency, AnOrderIsPendingUntilItsTime) {
  Desk desk{{.latency = 20ms}};
  const OrderId id = *desk.market(Side::Buy, 1).order;
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 6"));
  EXPECT_EQ(desk.exchange.next_deadline(), desk.now + 20ms);
  desk.pass(19ms);
  EXPECT_EQ(desk.order(id).status, OrderStatus::Pending);
  desk.price(kMnq, 29505_d);
  desk.pass(1ms);
  EXPECT_EQ(desk.order(id).filled_price, 29505_d);
}

TEST(Latency, APendingOrderCanBeCancelled) {
  Desk desk{{.latency = 20ms}};
  const OrderId id = *desk.market(Side::Buy, 1).order;
  EXPECT_TRUE(desk.cancel(id).ok());
  desk.pass(1s);
  EXPECT_EQ(desk.position(), 0);
}

TEST(Latency, TwoHastyClosesTurnThePositionOver) {
  Desk desk{{.latency = 20ms}};
  desk.market(Side::Buy, 1);
  desk.pass(20ms);
  EXPECT_TRUE(desk.close().ok());
  EXPECT_TRUE(desk.close().ok());
  desk.pass(20ms);
  EXPECT_EQ(desk.position(), -1);
}

TEST(Time, WhatIsDueHappensBeforeTheNextCall) {
  Desk desk{{.latency = 20ms}};
  desk.market(Side::Buy, 1);
  desk.now = desk.now + 1s;
  EXPECT_TRUE(desk.close().ok());  // there is a position to close by now
}

TEST(Time, NeverGoesBack) {
  Desk desk;
  desk.market(Side::Buy, 1);
  desk.now = desk.now - 1h;
  desk.market(Side::Buy, 1);
  const auto trades = desk.exchange.trades(desk.id, {}, {});
  EXPECT_GT(trades[0].created, trades[1].created);
}

TEST(Switches, AccountCopies) {
  for (const int copies : {1, 2, 4}) {
    Desk desk{{.account_copies = copies}};
    desk.market(Side::Buy, 1);
    desk.pass(1s);
    EXPECT_EQ(std::ranges::count(desk.lines, "balance 149999.39"), copies);
    EXPECT_EQ(desk.exchange.next_deadline(), std::nullopt);
  }
}

TEST(Switches, ResendingTheOpeningTrade) {
  using Resend = Settings::Resend;
  for (const auto& [mode, line] : {std::pair{Resend::AsCreate, "trade 1 action 0 buy 1 @ 29500"},
                                   {Resend::AsUpdate, "trade 1 action 1 buy 1 @ 29500"},
                                   {Resend::Off, ""}}) {
    Desk desk{{.resend_opening_trade = mode}};
    desk.market(Side::Buy, 1);
    desk.take();
    desk.close();
    const auto lines = desk.take();
    EXPECT_EQ(std::ranges::count(lines, line), mode == Resend::Off ? 0 : 1);
    EXPECT_EQ(lines.size(), mode == Resend::Off ? 5U : 6U);
  }
}

TEST(Switches, StopLimitOrders) {
  Desk desk{{.accept_stop_limit = true}};
  const PlaceRequest request{
      .type = OrderType::StopLimit, .side = Side::Buy, .size = 1, .limit_price = 29510_d, .stop_price = 29505_d};
  const OrderId id = *desk.place(request).order;
  desk.price(kMnq, 29520_d);  // triggered, but beyond the limit
  EXPECT_EQ(desk.order(id).status, OrderStatus::Open);
  desk.price(kMnq, 29504_d);
  EXPECT_EQ(desk.order(id).filled_price, 29510_d);
}

TEST(Switches, AStopLimitWithinItsLimitIsFilledAtTheTouch) {
  Desk desk{{.accept_stop_limit = true}};
  const OrderId id = *desk.place({.type = OrderType::StopLimit,
                                  .side = Side::Buy,
                                  .size = 1,
                                  .limit_price = 29510_d,
                                  .stop_price = 29505_d})
                          .order;
  desk.price(kMnq, 29507_d);
  EXPECT_EQ(desk.order(id).filled_price, 29507_d);
}

TEST(PartialFills, MarketOrdersComeInPartsAndAverage) {
  Desk desk{{.max_fill_size = 2}};
  desk.market(Side::Buy, 5);
  const auto trades = desk.exchange.trades(desk.id, {}, {});
  ASSERT_EQ(trades.size(), 3U);
  EXPECT_EQ(trades[0].size, 1);
  EXPECT_EQ(desk.position(), 5);
  EXPECT_THAT(desk.take(), testing::Contains("order 1 status 1 filled 29500").Times(2));
}

TEST(PartialFills, ARestingOrderWorksOnWithTheRest) {
  Desk desk{{.max_fill_size = 2}};
  const OrderId id = *desk.limit(Side::Buy, 3, 29490_d).order;
  desk.price(kMnq, 29490_d);
  EXPECT_EQ(desk.order(id).status, OrderStatus::Open);
  EXPECT_EQ(desk.order(id).fill_volume, 2);
  desk.price(kMnq, 29480_d);
  EXPECT_EQ(desk.order(id).status, OrderStatus::Filled);
  EXPECT_EQ(desk.order(id).filled_price, 29490_d);
}

// The first word of the lines of one fill: which of trade and order was told first.
std::string first_told(Settings::FillEvents mode, std::uint64_t seed, int skipped = 0) {
  Desk desk{{.fill_events = mode, .seed = seed}};
  for (int i = 0; i < skipped; ++i) desk.market(Side::Buy, 1);
  const OrderId id = *desk.market(Side::Buy, 1).order;
  const auto filled = "order " + std::to_string(id.value - 3'500'000'000) + " status 2 filled 29500";
  const auto lines = desk.take();
  const auto order = std::ranges::find(lines, filled);
  const auto trade = std::ranges::find(lines, "trade " + std::to_string(skipped + 1) + " action 0 buy 1 @ 29500");
  return order < trade ? "order" : "trade";
}

TEST(Switches, WhichOfTradeAndOrderIsToldFirst) {
  using FillEvents = Settings::FillEvents;
  EXPECT_EQ(first_told(FillEvents::Usual, 1), "trade");
  EXPECT_EQ(first_told(FillEvents::OrderFirst, 1), "order");
  Desk desk{{.fill_events = FillEvents::TradeFirst}};
  desk.limit(Side::Buy, 1, 29490_d);
  desk.take();
  desk.price(kMnq, 29490_d);
  EXPECT_THAT(desk.take().front(), HasSubstr("trade 1"));
}

TEST(Switches, ARandomOrderOfFillEventsIsTheSameForTheSameSeed) {
  int orders_first = 0;
  bool seeds_differ = false;
  for (int i = 0; i < 20; ++i) {
    const auto once = first_told(Settings::FillEvents::Random, 7, i);
    EXPECT_EQ(once, first_told(Settings::FillEvents::Random, 7, i));
    seeds_differ |= once != first_told(Settings::FillEvents::Random, 8, i);
    orders_first += once == "order" ? 1 : 0;
  }
  EXPECT_GT(orders_first, 2);
  EXPECT_LT(orders_first, 18);
  EXPECT_TRUE(seeds_differ);
}

TEST(Switches, ADuplicateTagMayBeRefusedWithoutAText) {
  Desk desk{{.null_text_for_duplicate_tag = true}};
  const PlaceRequest tagged{.side = Side::Buy, .size = 1, .custom_tag = "t"};
  EXPECT_TRUE(desk.place(tagged).ok());
  const auto refused = desk.place(tagged);
  EXPECT_EQ(refused.code, codes::kPlaceRejected);
  EXPECT_EQ(refused.message, std::nullopt);
}

TEST(Switches, ThePageOffsetMayCountPages) {
  for (const bool pages : {false, true}) {
    Desk desk{{.page_offset_counts_pages = pages}};
    for (int i = 0; i < 5; ++i) desk.market(Side::Buy, 1);
    const auto page = desk.exchange.query({.account = desk.id, .page_size = 2, .page_offset = 1});
    EXPECT_EQ(page->orders.at(0).id, OrderId{3'500'000'001 + (pages ? 2 : 1)});
    EXPECT_EQ(desk.exchange.query({.account = desk.id, .page_size = 500, .page_offset = 2'000'000'000})->total, 5);
  }
}

TEST(Switches, APartialCloseMayRescaleTheBracket) {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  for (const auto mode : {Settings::ChildrenOnPartialClose::Keep, Settings::ChildrenOnPartialClose::Rescale}) {
    Desk desk{{.children_on_partial_close = mode}, account};
    desk.place({.side = Side::Buy,
                .size = 3,
                .stop_loss = BracketLeg{-40, OrderType::Stop},
                .take_profit = BracketLeg{40, OrderType::Limit}});
    EXPECT_TRUE(desk.exchange.partial_close(desk.id, kMnq, 1, desk.now).ok());
    const bool rescaled = mode == Settings::ChildrenOnPartialClose::Rescale;
    const auto legs = desk.exchange.open_orders(desk.id);
    ASSERT_EQ(legs.size(), 2U);
    for (const Order& leg : legs) EXPECT_EQ(leg.size, rescaled ? 2 : 3);
    EXPECT_TRUE(desk.exchange.partial_close(desk.id, kMnq, 2, desk.now).ok());
    EXPECT_EQ(desk.exchange.open_orders(desk.id).size(), rescaled ? 0U : 2U);
  }
}

TEST(FirmWindow, RefusesAndRecordsOutsideIt) {
  Desk desk{{.firm_window = true}};
  desk.pass(5h + 45min);  // 15:15 in Chicago
  desk.take();
  const auto refused = desk.market(Side::Buy, 1);
  EXPECT_EQ(refused.code, codes::kPlaceRejected);
  EXPECT_EQ(refused.message, "Trading is currently unavailable. The instrument is not in an active trading status.");
  EXPECT_EQ(desk.order(*refused.order).status, OrderStatus::Rejected);
  desk.exchange.settings().closed_window_code = 5;
  EXPECT_EQ(desk.market(Side::Buy, 1).code, codes::kPlaceOutsideTradingHours);
  desk.pass(2h);
  EXPECT_TRUE(desk.market(Side::Buy, 1).ok());
}

TEST(FirmWindow, IsOffByDefault) {
  Desk desk;
  desk.pass(5h + 45min);
  EXPECT_TRUE(desk.market(Side::Buy, 1).ok());
  EXPECT_EQ(desk.exchange.positions(desk.id).size(), 1U);
}

TEST(FirmWindow, TheFirmFlattensAtTenPastThree) {
  using Flat = Settings::AtFlatTime;
  for (const auto& [mode, status] : {std::pair{Flat::Cancel, OrderStatus::Cancelled},
                                     {Flat::Expire, OrderStatus::Expired},
                                     {Flat::Keep, OrderStatus::Open}}) {
    Desk desk{{.firm_window = true, .at_flat_time = mode}};
    desk.market(Side::Buy, 2);
    const OrderId working = *desk.limit(Side::Buy, 1, 29000_d).order;
    desk.pass(1s);
    EXPECT_EQ(desk.exchange.next_deadline(), at("2026-09-01T20:10:00Z"));
    desk.pass(at("2026-09-01T20:09:59.9Z") - desk.now);
    EXPECT_EQ(desk.position(), 2);
    desk.pass(100ms);
    EXPECT_EQ(desk.position(), 0);
    EXPECT_EQ(desk.order(working).status, status);
    EXPECT_EQ(desk.close().code, codes::kClosePositionNotFound);
  }
}

TEST(FirmWindow, SleepingLegsEndOnceWithTheirEntry) {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  Desk desk{{.firm_window = true}, account};
  desk.place({.type = OrderType::Limit,
              .side = Side::Buy,
              .size = 1,
              .limit_price = 29000_d,
              .stop_loss = BracketLeg{-40, OrderType::Stop},
              .take_profit = BracketLeg{80, OrderType::Limit}});
  desk.take();
  desk.pass(6h);
  EXPECT_THAT(desk.take(), ElementsAre("order 1 status 3 limit 29000", "order 2 status 3", "order 3 status 3"));
}

TEST(FirmWindow, AJumpOfTheClockOverTheFlatTimeDoesNotMissIt) {
  Desk desk{{.firm_window = true}};
  desk.market(Side::Buy, 2);
  desk.pass(24h);
  EXPECT_EQ(desk.position(), 0);
  EXPECT_LT(desk.exchange.trades(desk.id, {}, {}).front().created, at("2026-09-01T20:10:01Z"));
}

TEST(FirmWindow, ClosingAndModifyingAreRefusedToo) {
  Desk desk{{.latency = 1ms, .firm_window = true, .at_flat_time = Settings::AtFlatTime::Keep}};
  const OrderId working = *desk.limit(Side::Buy, 1, 29000_d).order;
  desk.pass(6h);
  desk.price(kMnq, 28990_d);  // the kept order is filled after hours
  EXPECT_EQ(desk.position(), 1);
  EXPECT_EQ(desk.close().code, codes::kCloseOrderRejected);
  EXPECT_EQ(desk.close().message, std::nullopt);
  EXPECT_EQ(desk.exchange.partial_close(desk.id, kMnq, 1, desk.now).code, codes::kPartialOrderRejected);
  EXPECT_EQ(desk.exchange.modify({.account = desk.id, .order = working, .size = 2}, desk.now).code,
            codes::kModifyOrderNotFound);
}

}  // namespace
}  // namespace paper
