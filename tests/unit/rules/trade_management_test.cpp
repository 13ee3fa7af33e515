// trade_management: at, just below and just above each number; long and short, mini and micro; the exact average;
// which orders are moved; only ever nearer. What becomes of a wish at the broker is in stop_mover_test.cpp.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Price price(std::string_view text) {
  return Price::parse(text).value();
}

// Where the broker shows the stop in the end.
std::string stop_price(Desk& desk, OrderId id) {
  desk.pass(2s);
  for (const Order& order : desk.account().working_orders()) {
    if (order.id == id) return order.stop_price->text();
  }
  return "gone";
}

struct Case {
  ContractId contract;
  int lots;
  const char *entry, *stop, *before, *at, *beyond, *moved;
};

TEST(AutoBreakeven, MovesAtTheTriggerNotATickBefore) {
  Desk all{""};
  const Case cases[] = {
      {all.mnq, +2, "21000", "20950", "21004.75", "21005", "21030", "21000.5"},
      {all.mnq, -2, "21000", "21050", "20995.25", "20995", "20970", "20999.5"},
      {all.es, +1, "6300.25", "6290", "6305", "6305.25", "6320", "6300.75"},
      {all.es, -1, "6300.25", "6310", "6295.5", "6295.25", "6280", "6299.75"},
      {all.jpy, +1, "0.0067255", "0.00672", "0.006735", "0.0067355", "0.0068", "0.0067265"},
      {all.jpy, -1, "0.0067255", "0.00673", "0.006716", "0.0067155", "0.0067", "0.0067245"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string{c.entry} + " " + std::to_string(c.lots));
    Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 20, offset_ticks: 2}}"};
    desk.fill(c.contract, c.lots, c.entry);
    const OrderId stop =
        desk.order(c.contract, OrderType::Stop, c.lots > 0 ? Side::Sell : Side::Buy, std::abs(c.lots), c.stop);
    desk.quote(c.contract, c.before);
    EXPECT_EQ(stop_price(desk, stop), price(c.stop).text());
    EXPECT_THAT(desk.tightenings, IsEmpty());
    desk.quote(c.contract, c.at);
    EXPECT_EQ(stop_price(desk, stop), c.moved);
    desk.quote(c.contract, c.beyond);
    EXPECT_EQ(stop_price(desk, stop), c.moved) << "breakeven does not follow";
    EXPECT_THAT(desk.actions(), SizeIs(1));
    EXPECT_THAT(desk.decisions, IsEmpty()) << "it is no enforcement";
    EXPECT_THAT(desk.heard(), IsEmpty());
  }
}

// Every working stop order, in words.
std::string stops(Desk& desk) {
  desk.pass(2s);
  std::string all;
  for (const Order& order : desk.account().working_orders())
    all += (order.side == Side::Buy ? "buy " : "sell ") + std::to_string(order.size.value()) + " at " +
           order.stop_price->text();
  return all;
}

TEST(CreateStop, PlacesAtTheTriggerWhatWouldHaveBeenMovedThereNotATickBefore) {
  Desk all{""};
  const Case cases[] = {
      {all.mnq, +2, "21000", "sell 2 at 21000.5", "21004.75", "21005", "21030", ""},
      {all.mnq, -2, "21000", "buy 2 at 20999.5", "20995.25", "20995", "20970", ""},
      {all.es, +1, "6300.25", "sell 1 at 6300.75", "6305", "6305.25", "6320", ""},
      {all.es, -1, "6300.25", "buy 1 at 6299.75", "6295.5", "6295.25", "6280", ""},
      {all.jpy, +1, "0.0067255", "sell 1 at 0.0067265", "0.006735", "0.0067355", "0.0068", ""},
      {all.jpy, -1, "0.0067255", "buy 1 at 0.0067245", "0.006716", "0.0067155", "0.0067", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.stop);
    for (const bool create : {true, false}) {
      Desk desk{
          std::string{"trade_management: {auto_breakeven: {trigger_ticks: 20, offset_ticks: 2}, create_stop: "} +
          (create ? "true}" : "false}")};
      desk.fill(c.contract, c.lots, c.entry);
      desk.quote(c.contract, c.before);
      EXPECT_EQ(stops(desk), "");
      EXPECT_THAT(desk.tightenings, IsEmpty());
      desk.quote(c.contract, c.at);
      EXPECT_EQ(stops(desk), create ? c.stop : "");
      desk.quote(c.contract, c.beyond);
      EXPECT_EQ(stops(desk), create ? c.stop : "");
      EXPECT_THAT(desk.actions(), SizeIs(create ? 1 : 0));
    }
  }
}

TEST(CreateStop, PlacesBehindTheMarketFromTheActivationOn) {
  for (const int sign : {+1, -1}) {
    Desk desk{"trade_management: {trailing_stop: {activation_ticks: 10, distance_ticks: 6}, create_stop: true}"};
    desk.fill(desk.mnq, 1 * sign, "21000");
    desk.fill(desk.mnq, 2 * sign, "21000.25");  // 21000.1666…
    desk.quote(desk.mnq, sign > 0 ? "21002.5" : "20997.75");
    EXPECT_EQ(stops(desk), "");
    desk.quote(desk.mnq, sign > 0 ? "21002.75" : "20997.5");
    EXPECT_EQ(stops(desk), sign > 0 ? "sell 3 at 21001.25" : "buy 3 at 20999");
  }
}

TEST(AutoBreakeven, WithoutAnOffsetItIsTheAveragePrice) {
  Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 1}}"};
  desk.fill(desk.mnq, 1, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  desk.quote(desk.mnq, "21000.25");
  EXPECT_EQ(stop_price(desk, stop), "21000");
}

TEST(AutoBreakeven, AnAverageBetweenTicksIsExactAndRoundedToTheTickThatProtectsMore) {
  for (const int sign : {+1, -1}) {
    Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 20}}"};
    desk.fill(desk.mnq, 1 * sign, "21000");
    desk.fill(desk.mnq, 2 * sign, "21000.25");  // 21000.1666…
    const OrderId stop =
        desk.order(desk.mnq, OrderType::Stop, sign > 0 ? Side::Sell : Side::Buy, 3, sign > 0 ? "20950" : "21050");
    desk.quote(desk.mnq, sign > 0 ? "21005" : "20995.25");  // 19.33 and 19.67 ticks
    EXPECT_THAT(desk.tightenings, IsEmpty());
    desk.quote(desk.mnq, sign > 0 ? "21005.25" : "20995");
    EXPECT_EQ(stop_price(desk, stop), sign > 0 ? "21000.25" : "21000");
  }
}

TEST(TrailingStop, FollowsFromTheActivationOnAndNeverBack) {
  Desk all{""};
  const struct {
    ContractId contract;
    int lots;
    const char *entry, *stop, *before, *at, *at_stop, *beyond, *beyond_stop, *back;
  } cases[] = {
      {all.mnq, +1, "21000", "20950", "21002.25", "21002.5", "21001", "21004", "21002.5", "21003"},
      {all.mnq, -1, "21000", "21050", "20997.75", "20997.5", "20999", "20996", "20997.5", "20997"},
      {all.es, -1, "6300", "6310", "6297.75", "6297.5", "6299", "6297.25", "6298.75", "6298"},
      {all.jpy, +2, "0.0067255", "0.00672", "0.00673", "0.0067305", "0.0067275", "0.006731", "0.006728", "0.00673"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string{c.entry} + " " + std::to_string(c.lots));
    Desk desk{"trade_management: {trailing_stop: {activation_ticks: 10, distance_ticks: 6}}"};
    desk.fill(c.contract, c.lots, c.entry);
    const OrderId stop =
        desk.order(c.contract, OrderType::Stop, c.lots > 0 ? Side::Sell : Side::Buy, std::abs(c.lots), c.stop);
    desk.quote(c.contract, c.before);
    EXPECT_EQ(stop_price(desk, stop), price(c.stop).text());
    desk.quote(c.contract, c.at);
    EXPECT_EQ(stop_price(desk, stop), c.at_stop);
    desk.quote(c.contract, c.beyond);
    EXPECT_EQ(stop_price(desk, stop), c.beyond_stop);
    desk.quote(c.contract, c.back);
    EXPECT_EQ(stop_price(desk, stop), c.beyond_stop);
    EXPECT_THAT(desk.actions(), SizeIs(2));
  }
}

TEST(TrailingStop, WithoutAnActivationItFollowsFromTheEntryOn) {
  Desk desk{"trade_management: {trailing_stop: {distance_ticks: 8}}"};
  desk.fill(desk.mnq, 1, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  EXPECT_EQ(stop_price(desk, stop), "20998");
  desk.quote(desk.mnq, "20999.75");
  EXPECT_EQ(stop_price(desk, stop), "20998") << "a loss is no profit of zero";
}

TEST(TradeManagement, TakesTheNearerOfTheTwo) {
  Desk desk{
      "trade_management: {auto_breakeven: {trigger_ticks: 10, offset_ticks: 4}, trailing_stop: {activation_ticks: "
      "10, "
      "distance_ticks: 8}}"};
  desk.fill(desk.mnq, 1, "21000");
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  desk.quote(desk.mnq, "21002.50");  // breakeven 21001.00, trailing 21000.50
  EXPECT_EQ(stop_price(desk, stop), "21001");
  desk.quote(desk.mnq, "21003.25");  // trailing 21001.25
  EXPECT_EQ(stop_price(desk, stop), "21001.25");
}

TEST(TradeManagement, NeverMovesByLessThanATick) {
  Desk desk{"trade_management: {trailing_stop: {distance_ticks: 4}}"};
  desk.fill(desk.mnq, 1, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20999");
  desk.quote(desk.mnq, "21000");
  EXPECT_THAT(desk.tightenings, IsEmpty()) << "it is there already";
  desk.act([&](FakeAccount& account, FakeAccount::Told& told) {  // off the grid, by less than a tick
    account.modify_stop(account.working_orders()[0].id, price("20999.1"), desk.now, told);
  });
  desk.quote(desk.mnq, "21000.25");  // 20999.25 would be 0.15 nearer
  EXPECT_THAT(desk.tightenings, IsEmpty());
  desk.quote(desk.mnq, "21000.50");
  EXPECT_THAT(desk.tightenings, SizeIs(1));
}

TEST(TradeManagement, MovesOnlyOpenStopsOfTheOtherSideInTheContract) {
  const struct {
    OrderType type;
    Side side;
    OrderStatus status;
    bool mini, moved;
  } cases[] = {
      {OrderType::Stop, Side::Sell, OrderStatus::Open, false, true},
      {OrderType::StopLimit, Side::Sell, OrderStatus::Open, false, true},
      {OrderType::TrailingStop, Side::Sell, OrderStatus::Open, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Suspended, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Pending, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::PendingCancellation, false, false},
      {OrderType::Stop, Side::Buy, OrderStatus::Open, false, false},
      {OrderType::Stop, Side::Sell, OrderStatus::Open, true, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::to_string(static_cast<int>(c.type)) + " " + std::to_string(static_cast<int>(c.status)));
    Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 4}}"};
    desk.fill(desk.mnq, 1, "21000");
    Order order;
    order.contract = c.mini ? desk.nq : desk.mnq;
    order.type = c.type;
    order.side = c.side;
    order.status = c.status;
    order.size = Lots{1};
    order.stop_price = price(c.side == Side::Sell ? "20950" : "21050");
    desk.act([&](FakeAccount& account, FakeAccount::Told& told) { account.place(order, desk.now, told); });
    desk.quote(desk.mnq, "21010");
    EXPECT_THAT(desk.tightenings, SizeIs(c.moved ? 1 : 0));
  }
}

TEST(TradeManagement, SeveralStopsAreMovedEachForItselfAndATargetStays) {
  Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 4}}"};
  desk.fill(desk.mnq, 3, "21000");
  const OrderId first = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  const OrderId second = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 2, "20980");
  const OrderId nearer = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "21000.25");
  desk.order(desk.mnq, OrderType::Limit, Side::Sell, 3, "21100");
  desk.quote(desk.mnq, "21001");
  EXPECT_EQ(stop_price(desk, first), "21000");
  EXPECT_EQ(stop_price(desk, second), "21000");
  EXPECT_EQ(stop_price(desk, nearer), "21000.25");
  EXPECT_THAT(desk.actions(), SizeIs(2));
}

TEST(TradeManagement, AStopThatIsPlacedLaterIsMovedAtOnce) {
  Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 4}}"};
  desk.fill(desk.mnq, 1, "21000");
  desk.quote(desk.mnq, "21010");
  EXPECT_THAT(desk.tightenings, IsEmpty());
  const OrderId stop = desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  EXPECT_EQ(stop_price(desk, stop), "21000");
}

TEST(TradeManagement, AMarkThatIsTooOldIsNoPriceToActOn) {
  Desk desk{"trade_management: {auto_breakeven: {trigger_ticks: 4}}", DeskOptions{.stale_after = 30s}};
  desk.fill(desk.mnq, 1, "21000");
  desk.quote(desk.mnq, "21010");
  desk.pass(30s + 1ns);
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  EXPECT_THAT(desk.tightenings, IsEmpty());
  desk.quote(desk.mnq, "21010");
  EXPECT_THAT(desk.tightenings, SizeIs(1));
}

TEST(TradeManagement, UsesTheMarkThatPositionsAreValuedAt) {
  Desk desk{"trade_management: {trailing_stop: {distance_ticks: 4}}", DeskOptions{.mark = MarkKind::Mid}};
  desk.fill(desk.mnq, 1, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 1, "20950");
  desk.quote(desk.mnq, "21009", "21008", "21008.25");
  EXPECT_EQ(desk.tightenings.back().stop, price("21007.25")) << "21007.125 lies between ticks";
}

TEST(TradeManagement, ValuesThatMakeNoSenseTogetherAreRefusedWithWhatIsAllowed) {
  const std::pair<const char*, const char*> bad[] = {
      {"{}",
       "rules.trade_management.auto_breakeven.trigger_ticks: found neither this nor "
       "trailing_stop.distance_ticks, allowed one of them or both"},
      {"{auto_breakeven: {offset_ticks: 2}}",
       "auto_breakeven.trigger_ticks: found nothing, allowed a whole number above 0"},
      {"{trailing_stop: {activation_ticks: 2}}",
       "trailing_stop.distance_ticks: found nothing, allowed a whole number above 0"},
      {"{auto_breakeven: {trigger_ticks: 8}, trailing_stop: {activation_ticks: 2}}",
       "trailing_stop.distance_ticks: found nothing"},
      {"{auto_breakeven: {trigger_ticks: 8, offset_ticks: 8}}",
       "auto_breakeven.offset_ticks: found 8, allowed a whole number below trigger_ticks, which is 8"},
      {"{auto_breakeven: {trigger_ticks: 0}}", "auto_breakeven.trigger_ticks: found '0'"},
      {"{trailing_stop: {distance_ticks: 0}}", "trailing_stop.distance_ticks: found '0'"},
      {"{create_stop: true}", "found neither this nor trailing_stop.distance_ticks"},
      {"{auto_breakeven: {trigger_ticks: 8}, create_stop: 1}", "create_stop: found '1'"},
  };
  for (const auto& [section, expected] : bad) {
    SCOPED_TRACE(section);
    try {
      (void)rules_from(std::string{"trade_management: "} + section);
      ADD_FAILURE() << "accepted";
    } catch (const std::invalid_argument& refused) {
      EXPECT_THAT(refused.what(), HasSubstr(expected));
    }
  }
  EXPECT_THAT(rules_from("trade_management: {auto_breakeven: {trigger_ticks: 8, offset_ticks: 7}}"), SizeIs(1));
  EXPECT_THAT(rules_from("trade_management: {enabled: false}"), IsEmpty()) << "one that is off needs nothing";
}

TEST(TradeManagement, StatusTellsTheBestProfitInTicks) {
  Desk desk{
      "trade_management: {auto_breakeven: {trigger_ticks: 20}, trailing_stop: {activation_ticks: 40, distance_ticks: "
      "8}}"};
  const auto status = [&] { return desk.guard().rules()[0].rule->status(desk.book()); };
  EXPECT_EQ(status().value, "0");
  desk.fill(desk.mnq, 1, "21000");
  desk.fill(desk.es, -1, "6300");
  desk.quote(desk.mnq, "21001.25");
  desk.quote(desk.es, "6301");
  EXPECT_EQ(status().limit, "20");
  EXPECT_EQ(status().value, "5");
  EXPECT_EQ(status().used_percent, 25);
  desk.quote(desk.mnq, "21050");
  EXPECT_EQ(status().used_percent, 100);
}

}  // namespace
}  // namespace rm::test
