#include "paper_gateway/feed/random_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/feed/random.h"

namespace paper {
namespace {

using literals::operator""_d;
using std::chrono::milliseconds;
using std::chrono::seconds;

const PaperTime kMidMorning = parse_time("2026-09-01T15:00:00Z").value();  // 10:00 in Chicago
const PaperTime kLunch = parse_time("2026-09-01T17:30:00Z").value();
const PaperTime kOpen = parse_time("2026-09-01T13:30:00Z").value();

WalkContract walk_of(std::string_view symbol) {
  static const Catalogue catalogue;
  const Contract& contract = *catalogue.find_symbol(symbol);
  return {.contract = contract.id, .tick = contract.tick_size, .start_price = contract.typical_price};
}

std::vector<FeedEvent> run(PriceFeed& feed, PaperTime from, Nanos length, Nanos step = milliseconds{50}) {
  std::vector<FeedEvent> events;
  for (Nanos t{0}; t <= length; t += step) feed.on_time(from + t, events);
  return events;
}

std::vector<std::string> lines(const std::vector<FeedEvent>& events) {
  std::vector<std::string> out;
  for (const auto& e : events) {
    out.push_back(hub_time(e.at) + " " + e.price.contract + " " + e.price.bid->text() + " " + e.price.ask->text() +
                  (e.price.last ? " " + e.price.last->text() + " x" + std::to_string(e.price.volume) : ""));
  }
  return out;
}

TEST(RandomWalk, TheSameSeedGivesTheSameDayHoweverItIsAskedFor) {
  for (const std::uint64_t seed : {1U, 7U, 4711U}) {
    auto often = make_random_walk({walk_of("MNQ"), walk_of("ES")}, seed, kMidMorning);
    auto seldom = make_random_walk({walk_of("MNQ"), walk_of("ES")}, seed, kMidMorning);
    const auto a = lines(run(*often, kMidMorning, seconds{20}, milliseconds{8}));
    const auto b = lines(run(*seldom, kMidMorning, seconds{20}, milliseconds{5000}));
    ASSERT_GT(a.size(), 500U) << "seed " << seed;
    EXPECT_EQ(a, b) << "seed " << seed;
  }
}

TEST(RandomWalk, AnotherSeedGivesAnotherDay) {
  auto a = make_random_walk({walk_of("MNQ")}, 1, kMidMorning);
  auto b = make_random_walk({walk_of("MNQ")}, 2, kMidMorning);
  EXPECT_NE(lines(run(*a, kMidMorning, seconds{5})), lines(run(*b, kMidMorning, seconds{5})));
}

TEST(RandomWalk, AContractDoesNotDependOnTheOthers) {
  auto alone = make_random_walk({walk_of("MNQ")}, 3, kMidMorning);
  auto together = make_random_walk({walk_of("ES"), walk_of("MNQ")}, 3, kMidMorning);
  auto both = run(*together, kMidMorning, seconds{10});
  std::erase_if(both, [](const FeedEvent& e) { return e.price.contract != walk_of("MNQ").contract; });
  EXPECT_EQ(lines(run(*alone, kMidMorning, seconds{10})), lines(both));
}

TEST(RandomWalk, PricesAreRealTicksInOrder) {
  const Catalogue catalogue;
  for (const auto& contract : catalogue.available()) {
    auto feed = make_random_walk({walk_of(contract.root)}, 5, kOpen);
    PaperTime before = kOpen;
    for (const auto& event : run(*feed, kOpen, seconds{5})) {
      ASSERT_GE(event.at, before);
      before = event.at;
      ASSERT_LT(*event.price.bid, *event.price.ask) << contract.root;
      ASSERT_TRUE(contract.on_tick(*event.price.bid) && contract.on_tick(*event.price.ask)) << contract.root;
      ASSERT_GT(*event.price.bid, Decimal{}) << contract.root;
      if (!event.price.last) continue;
      ASSERT_EQ(*event.price.last, event.price.aggressor == Side::Buy ? *event.price.ask : *event.price.bid);
      ASSERT_GT(event.price.volume, 0);
    }
  }
}

TEST(RandomWalk, AboutFortyQuotesASecondMoreAtTheOpenFewerAtLunch) {
  const auto rate = [](PaperTime when) {
    auto feed = make_random_walk({walk_of("MNQ")}, 11, when);
    return run(*feed, when, seconds{120}).size() / 120;
  };
  EXPECT_GE(rate(kMidMorning), 35U);
  EXPECT_LE(rate(kMidMorning), 80U);  // bursts come on top
  EXPECT_GT(rate(kOpen), rate(kMidMorning) * 3 / 2);
  EXPECT_LT(rate(kLunch), rate(kMidMorning) * 2 / 3);
}

TEST(RandomWalk, HasBursts) {
  auto feed = make_random_walk({walk_of("MNQ")}, 13, kMidMorning);
  std::map<std::int64_t, int> in_second;
  for (const auto& event : run(*feed, kMidMorning, seconds{600})) ++in_second[event.at.ns / 1'000'000'000];
  const auto busiest = std::ranges::max_element(in_second, {}, [](const auto& s) { return s.second; })->second;
  EXPECT_GT(busiest, 160);
}

TEST(RandomWalk, ADayMovesAboutAsFarAsItIsToldTo) {
  const WalkContract mnq = walk_of("MNQ");
  int beyond_half = 0;
  int beyond_three = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    auto feed = make_random_walk({mnq}, seed, kMidMorning);
    Decimal end = mnq.start_price;
    for (const auto& event : run(*feed, kMidMorning, seconds{100}, seconds{5})) end = *event.price.bid;
    // A hundred seconds of a 23-hour day, busier than most: a standard deviation of about 1 % × √(1/550) = 0.043 %.
    const std::int64_t sigma = mnq.start_price.nanos() / 100'000 * 43;
    const std::int64_t gone = std::abs((end - mnq.start_price).nanos());
    beyond_half += gone > sigma / 2;
    beyond_three += gone > 3 * sigma;
  }
  EXPECT_GE(beyond_half, 4);
  EXPECT_LE(beyond_three, 1);
}

TEST(RandomWalk, AJumpOfTheClockIsOneStepAndThenGoesOn) {
  auto feed = make_random_walk({walk_of("MNQ")}, 17, kMidMorning);
  std::vector<FeedEvent> events;
  const PaperTime later = kMidMorning + std::chrono::hours{20};
  feed->on_time(later, events);
  EXPECT_THAT(events.size(), testing::AllOf(testing::Ge(1U), testing::Le(4U)));
  EXPECT_EQ(events.front().at, later);
  ASSERT_TRUE(feed->next_deadline());
  EXPECT_GT(*feed->next_deadline(), later);
  EXPECT_LT(*feed->next_deadline(), later + seconds{10});
}

TEST(RandomWalk, GoesOnFromAPriceSomebodyElseSet) {
  auto feed = make_random_walk({walk_of("MNQ")}, 19, kMidMorning);
  feed->recentre(walk_of("MNQ").contract, 20000.25_d);
  const auto events = run(*feed, kMidMorning, seconds{1});
  ASSERT_FALSE(events.empty());
  EXPECT_LT(*events.front().price.ask, 20010_d);
  EXPECT_GT(*events.front().price.bid, 19990_d);
}

TEST(Random, WaitingTimesHaveTheMeanAndShapeOfIndependentArrivals) {
  Random random{23};
  constexpr std::int64_t mean = 1'000'000'000;
  std::int64_t sum = 0;
  int longer_than_mean = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t wait = random.waiting_time(mean);
    ASSERT_GT(wait, 0);
    sum += wait / 100'000;
    longer_than_mean += wait > mean;
  }
  EXPECT_NEAR(static_cast<double>(sum), 1e9, 0.03e9);
  EXPECT_NEAR(longer_than_mean, 36'788, 800);  // 1/e
}

}  // namespace
}  // namespace paper
