#include <map>

#include "desk.h"

namespace paper {
namespace {

TEST(Prices, ALoneLastPriceIsATradeAtTheAsk) {
  Desk desk;
  EXPECT_THAT(desk.market_lines,
              ElementsAre("quote last 29500 bid 29499.75 ask 29500 open 29500 high 29500 low 29500 change 0 volume 1",
                          "print 29500 x1 buy"));
  desk.market_lines.clear();
  desk.price(kMnq, 29498_d);
  EXPECT_THAT(desk.market_lines, ElementsAre("quote last 29498 bid 29497.75 ask 29498 low 29498 change -2 volume 2",
                                             "print 29498 x1 sell"));
}

TEST(Prices, ABidOrAskAloneTellsNoLastAndPushesTheOtherSide) {
  Desk desk;
  desk.market_lines.clear();
  ASSERT_TRUE(desk.exchange.set_price({.contract = kMnq, .ask = 29501_d}, desk.now));
  ASSERT_TRUE(desk.exchange.set_price({.contract = kMnq, .bid = 29502_d}, desk.now));
  EXPECT_THAT(desk.market_lines, ElementsAre("quote ask 29501", "quote bid 29502 ask 29502.25"));
  EXPECT_EQ(desk.exchange.quote(kMnq)->last, 29500_d);
}

TEST(Prices, RefusedWhenTheyMakeNoSense) {
  Desk desk;
  desk.market_lines.clear();
  for (const PriceUpdate& update :
       {PriceUpdate{.contract = "CON.F.US.XYZ.U26", .last = 1_d}, PriceUpdate{.contract = kMnq},
        PriceUpdate{.contract = kMnq, .last = 29500.1_d}, PriceUpdate{.contract = kMnq, .last = 0_d},
        PriceUpdate{.contract = kMnq, .last = -1_d}, PriceUpdate{.contract = kMnq, .last = 0.25_d},
        PriceUpdate{.contract = kMnq, .last = 10000000.25_d},
        PriceUpdate{.contract = kMnq, .bid = 29500_d, .ask = 29500_d},
        PriceUpdate{.contract = kMnq, .last = 29500_d, .volume = -1}}) {
    EXPECT_FALSE(desk.exchange.set_price(update, desk.now));
  }
  EXPECT_THAT(desk.market_lines, IsEmpty());
  EXPECT_EQ(desk.exchange.quote(kMnq)->last, 29500_d);
  EXPECT_EQ(desk.exchange.quote(kEs), nullptr);
}

TEST(Prices, TheDaysFiguresStartAnewWithTheTradingDay) {
  Desk desk;
  desk.pass(7h + 29min);  // 16:59 in Chicago
  desk.price(kMnq, 29490_d);
  desk.market_lines.clear();
  desk.pass(1min);
  desk.price(kMnq, 29480_d);
  EXPECT_THAT(desk.market_lines.front(), HasSubstr("open 29480 high 29480 low 29480 change 0 volume 1"));
}

// The rebuilding a client does: Reset clears, Best rows cut away what they cross, ladder rows set a level.
struct Book {
  std::map<Decimal, int> bids, asks;
  void apply(const std::vector<DepthRow>& rows) {
    for (const DepthRow& row : rows) {
      if (row.type == DomType::Reset) *this = {};
      if (row.type == DomType::BestBid) {
        bids.erase(bids.upper_bound(row.price), bids.end());
        asks.erase(asks.begin(), asks.upper_bound(row.price));
      }
      if (row.type == DomType::BestAsk) {
        asks.erase(asks.begin(), asks.lower_bound(row.price));
        bids.erase(bids.lower_bound(row.price), bids.end());
      }
      if (row.type != DomType::Bid && row.type != DomType::Ask) continue;
      auto& side = row.type == DomType::Bid ? bids : asks;
      const int size = row.current_volume > 0 ? row.current_volume : row.volume;
      if (size == 0) {
        side.erase(row.price);
      } else {
        side[row.price] = size;
      }
    }
  }
  bool operator==(const Book&) const = default;
};

TEST(Depth, ABookKeptByChangesEqualsANewSnapshot) {
  Desk desk;
  Book kept;
  kept.apply(desk.exchange.depth_snapshot(kMnq, desk.now));
  desk.depth.clear();
  for (const Decimal price : {29500.25_d, 29503_d, 29502.75_d, 29490_d, 29490_d, 29600_d}) {
    desk.price(kMnq, price);
    kept.apply(std::exchange(desk.depth, {}));
    Book fresh;
    fresh.apply(desk.exchange.depth_snapshot(kMnq, desk.now));
    EXPECT_EQ(kept, fresh) << price.text();
    EXPECT_EQ(kept.bids.size(), 10U);
    EXPECT_EQ(kept.asks.begin()->first, price);
  }
  EXPECT_THAT(desk.exchange.depth_snapshot(kEs, desk.now), IsEmpty());
}

class Bars : public testing::Test {
 protected:
  Bars() {
    // The first print, 29500, was at 14:30:00.1.
    for (const auto& [seconds, price] :
         {std::pair{10, 29510_d}, {20, 29490_d}, {70, 29495_d}, {71, 29520_d}, {190, 29530_d}}) {
      desk.pass(std::chrono::seconds{seconds} - passed);
      passed = std::chrono::seconds{seconds};
      desk.price(kMnq, price);
    }
  }
  std::vector<std::string> minutes(int count, int limit, bool partial) {
    BarQuery q{.contract = kMnq,
               .from = at("2026-09-01T14:00:00Z"),
               .to = at("2026-09-01T15:00:00Z"),
               .unit = 2,
               .unit_number = count,
               .limit = limit,
               .include_partial = partial};
    std::vector<std::string> out;
    for (const Bar& b : desk.exchange.bars(q).bars) {
      out.push_back(rest_time(b.open_time).substr(11, 5) + " " + b.open.text() + " " + b.high.text() + " " +
                    b.low.text() + " " + b.close.text() + " x" + std::to_string(b.volume));
    }
    return out;
  }
  Desk desk;
  Nanos passed{0};
};

TEST_F(Bars, NewestFirstWithoutEmptyMinutes) {
  EXPECT_THAT(minutes(1, 100, true),
              ElementsAre("14:33 29530 29530 29530 29530 x1", "14:31 29495 29520 29495 29520 x2",
                          "14:30 29500 29510 29490 29490 x3"));
  EXPECT_THAT(minutes(1, 100, false),
              ElementsAre("14:31 29495 29520 29495 29520 x2", "14:30 29500 29510 29490 29490 x3"));
  EXPECT_THAT(minutes(1, 1, true), ElementsAre("14:33 29530 29530 29530 29530 x1"));
  EXPECT_THAT(minutes(5, 9, true), ElementsAre("14:30 29500 29530 29490 29530 x6"));
}

TEST_F(Bars, TicksAndWholeMonths) {
  BarQuery q{.contract = kMnq,
             .from = at("2026-09-01T14:00:00Z"),
             .to = at("2026-09-01T15:00:00Z"),
             .unit = 7,
             .unit_number = 4,
             .limit = 10,
             .include_partial = true};
  ASSERT_EQ(desk.exchange.bars(q).bars.size(), 2U);
  EXPECT_EQ(desk.exchange.bars(q).bars[1].volume, 4);
  q.include_partial = false;
  EXPECT_EQ(desk.exchange.bars(q).bars.size(), 1U);
  q = {.contract = kMnq,
       .from = q.from,
       .to = q.to,
       .unit = 6,
       .unit_number = 1,
       .limit = 10,
       .include_partial = true};
  EXPECT_EQ(desk.exchange.bars(q).bars.at(0).open_time, at("2026-09-01T00:00:00Z"));
  q.unit = 5;
  EXPECT_EQ(desk.exchange.bars(q).bars.at(0).open_time, at("2026-08-31T00:00:00Z"));  // a Monday
}

TEST_F(Bars, RefusalCodes) {
  const BarQuery good{.contract = kMnq, .unit = 1, .unit_number = 1, .limit = 1};
  const auto code = [&](auto change) {
    BarQuery q = good;
    change(q);
    return desk.exchange.bars(q).code;
  };
  EXPECT_EQ(code([](BarQuery&) {}), 0);
  EXPECT_EQ(code([](BarQuery& q) { q.contract = "x"; }), 1);
  EXPECT_EQ(code([](BarQuery& q) { q.unit = 0; }), 2);
  EXPECT_EQ(code([](BarQuery& q) { q.unit = 8; }), 2);
  EXPECT_EQ(code([](BarQuery& q) { q.unit_number = 0; }), 3);
  EXPECT_EQ(code([](BarQuery& q) { q.limit = 20'001; }), 4);
  EXPECT_EQ(code([](BarQuery& q) { q.limit = 0; }), 4);
}

}  // namespace
}  // namespace paper
