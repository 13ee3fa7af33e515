#include "paper_gateway/feed/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace paper {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const PaperTime kStart{1'000'000'000'000'000'000};
const Catalogue kCatalogue;

auto replay(std::string_view csv, bool loop = false, const std::string& symbol = "") {
  return make_replay(csv, "day.csv", {.default_symbol = symbol, .start = kStart, .loop = loop}, kCatalogue);
}

std::vector<std::string> played(PriceFeed& feed, Nanos until) {
  std::vector<FeedEvent> events;
  feed.on_time(kStart + until, events);
  std::vector<std::string> out;
  for (const auto& e : events) {
    out.push_back(std::to_string((e.at - kStart) / milliseconds{1}) + " " + e.price.last->text() + " x" +
                  std::to_string(e.price.volume) + " " + e.price.bid->text() + "/" + e.price.ask->text());
  }
  return out;
}

TEST(Replay, TicksKeepTheirDistance) {
  auto feed = replay(
      "time,symbol,price,size,side\n"
      "2026-09-01T14:30:00Z,MNQ,29500.25,3,buy\n"
      "2026-09-01T14:30:00.5Z,MNQ,29500,1,sell\n"
      "2026-09-01T09:30:02-05:00,MNQ,29501,2,buy\n");
  ASSERT_TRUE(feed);
  EXPECT_EQ((*feed)->next_deadline(), kStart);
  EXPECT_THAT(played(**feed, milliseconds{499}), ElementsAre("0 29500.25 x3 29500/29500.25"));
  EXPECT_THAT(played(**feed, seconds{2}), ElementsAre("500 29500 x1 29500/29500.25", "2000 29501 x2 29500.75/29501"));
  EXPECT_FALSE((*feed)->next_deadline());
}

TEST(Replay, ColumnsMayBeInAnyOrderAndTimesUnixSeconds) {
  auto feed = replay("ask , Bid, PRICE, timestamp\n# a remark\n29501,29500,29500.5,1788273000.25\n", false, "MNQ");
  ASSERT_TRUE(feed);
  EXPECT_THAT(played(**feed, seconds{0}), ElementsAre("0 29500.5 x1 29500/29501"));
}

TEST(Replay, ABarIsWalkedThroughItsExtremes) {
  auto feed = replay(
      "t,o,h,l,c,v\n"
      "2026-09-01T14:30:00Z,100,110,90,105,400\n"
      "2026-09-01T14:30:20Z,105,106,95,96,40\n",
      false, "ES");
  ASSERT_TRUE(feed);
  EXPECT_THAT(played(**feed, seconds{9}), ElementsAre("0 100 x100 99.75/100", "5000 90 x100 90/90.25"));
  EXPECT_THAT(played(**feed, seconds{19}), ElementsAre("10000 110 x100 109.75/110", "15000 105 x100 105/105.25"));
  EXPECT_THAT(played(**feed, seconds{29}), ElementsAre("20000 105 x10 104.75/105"));
  EXPECT_THAT(played(**feed, seconds{44}), ElementsAre("35000 106 x10 105.75/106"));
  EXPECT_THAT(played(**feed, seconds{59}), ElementsAre("50000 95 x10 95/95.25"));
  EXPECT_THAT(played(**feed, seconds{99}), ElementsAre("65000 96 x10 95.75/96"));
}

TEST(Replay, BeginsAgain) {
  auto feed = replay("time,price\n2026-09-01T14:30:00Z,29500\n2026-09-01T14:30:04Z,29501\n", true, "MNQ");
  ASSERT_TRUE(feed);
  EXPECT_THAT(played(**feed, seconds{9}),
              ElementsAre("0 29500 x1 29499.75/29500", "4000 29501 x1 29500.75/29501", "5000 29500 x1 29499.75/29500",
                          "9000 29501 x1 29500.75/29501"));
  EXPECT_EQ((*feed)->next_deadline(), kStart + seconds{10});
}

TEST(Replay, OfAStretchThatWasJumpedOverOnlyTheEndCounts) {
  std::string csv = "time,symbol,price\n";
  for (int i = 0; i < 60; ++i) {
    csv += std::to_string(1788273000 + i) + ",MNQ," + std::to_string(29500 + i) + "\n";
    csv += std::to_string(1788273000 + i) + ",ES," + std::to_string(7700 + i) + "\n";
  }
  auto feed = replay(csv);
  ASSERT_TRUE(feed);
  EXPECT_THAT(played(**feed, seconds{50}), ElementsAre(HasSubstr("50000 29550"), HasSubstr("50000 7750")));
  EXPECT_THAT(played(**feed, seconds{51}), ElementsAre(HasSubstr("51000 29551"), HasSubstr("51000 7751")));
}

TEST(Replay, EveryProblemIsToldWithItsLine) {
  const auto feed = replay(
      "time,symbol,price,size,side\n"
      "2026-09-01T14:30:00Z,MNQ,29500.10,1,buy\n"
      "\n"
      "yesterday,MNQ,29500,1,buy\n"
      "2026-09-01T14:30:01Z,MXQ,29500,1,buy\n"
      "2026-09-01T14:30:01Z,MNQ,-3,0,maybe\n"
      "2026-09-01T14:29:00Z,MNQ,29500,1,buy\n"
      "2026-09-01T14:31:00Z,MNQ,29500,1,buy,5,6\n");
  ASSERT_FALSE(feed);
  EXPECT_THAT(
      feed.error(),
      ElementsAre(
          "day.csv:2: price '29500.10' is between ticks", "day.csv:4: time 'yesterday' is not a date and time",
          "day.csv:5: symbol 'MXQ' is not in the catalogue", "day.csv:6: price '-3' is not a price",
          "day.csv:6: side 'maybe' is neither buy nor sell", "day.csv:6: size '0' is not a whole number above 0",
          "day.csv:7: time '2026-09-01T14:29:00Z' is before the row above", "day.csv:8: more fields than columns"));
}

TEST(Replay, AFileThatIsNoRecordingIsRefused) {
  EXPECT_THAT(replay("").error(), ElementsAre("day.csv:1: empty file"));
  EXPECT_THAT(replay("time,symbol,price\n").error(), ElementsAre("day.csv:1: no rows"));
  EXPECT_THAT(replay("a,b\n1,2\n").error(), testing::SizeIs(3));
}

}  // namespace
}  // namespace paper
