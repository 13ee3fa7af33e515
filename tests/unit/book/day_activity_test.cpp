// Entries and round trips of the day: what counts as one, what does not, and that late fills, voids, a restart and
// the reset leave the counts right.
#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct DayActivityTest : BookFixture {
  // A fill of this order, a second after the one before.
  Trade of(std::int64_t order, ContractId contract, int lots, std::optional<std::string_view> profit = {}) {
    now = now + 1s;
    Trade made = trade(++last_id, contract, lots, "21000", profit);
    made.order = OrderId{order};
    return made;
  }
  Trade trade_now(std::int64_t order, ContractId contract, int lots, std::optional<std::string_view> profit = {}) {
    const Trade made = of(order, contract, lots, profit);
    EXPECT_TRUE(publish(TradeExecuted{made}));
    return made;
  }
  std::vector<std::int64_t> orders() const {
    std::vector<std::int64_t> list;
    for (const Entry& entry : account.activity().entries()) list.push_back(entry.order.value());
    return list;
  }
  std::vector<std::string> trips() const { return results(account.activity().round_trips()); }
  std::vector<std::string> closings() const { return results(account.activity().closing_fills()); }
  static std::vector<std::string> results(std::span<const Outturn> outturns) {
    std::vector<std::string> list;
    for (const Outturn& one : outturns) list.push_back(one.result.text());
    return list;
  }
  std::int64_t last_id = 0;
};

TEST_F(DayActivityTest, AnEntryOpensOrIncreasesOrTurnsAround) {
  synchronise();
  for (const int side : {+1, -1}) {
    const auto first = trade_now(100 + side, mnq, 2 * side);
    trade_now(200 + side, mnq, 1 * side);
    trade_now(300 + side, mnq, -1 * side, "5");   // reduces
    trade_now(400 + side, mnq, -2 * side, "10");  // closes
    trade_now(500 + side, mnq, 1 * side);
    const auto turned = trade_now(600 + side, mnq, -3 * side, "-1");  // long 1 to short 2
    trade_now(700 + side, mnq, 2 * side, "-2");
    const auto entries = account.activity().entries();
    ASSERT_GE(entries.size(), 4U);
    EXPECT_EQ(entries[entries.size() - 4].at, first.time);
    EXPECT_EQ(entries.back().at, turned.time);
  }
  EXPECT_THAT(orders(), ElementsAre(101, 201, 501, 601, 99, 199, 499, 599));
}

TEST_F(DayActivityTest, AllFillsOfAnOrderAreOneEntryFromItsFirst) {
  synchronise();
  const auto first = trade_now(7, mnq, 1);
  trade_now(7, mnq, 1);
  trade_now(8, mnq, 1);
  trade_now(7, mnq, 2);  // another order in between
  EXPECT_THAT(orders(), ElementsAre(7, 8));
  EXPECT_EQ(account.activity().entries().front().at, first.time);
}

TEST_F(DayActivityTest, AnOrderThatFirstClosesAndThenOpensCountsWhenItOpens) {
  synchronise();
  trade_now(7, mnq, 2);
  trade_now(8, mnq, -2, "4");
  EXPECT_THAT(orders(), ElementsAre(7));
  const auto opening = trade_now(8, mnq, -1);
  EXPECT_THAT(orders(), ElementsAre(7, 8));
  EXPECT_EQ(account.activity().entries().back().at, opening.time);
}

TEST_F(DayActivityTest, FillsOfUnknownOrdersAreNotTakenForOne) {
  synchronise();
  trade_now(0, mnq, 1);
  trade_now(0, mnq, 1);
  EXPECT_THAT(orders(), ElementsAre(0, 0));
}

TEST_F(DayActivityTest, ARoundTripIsFromFlatToFlatInItsContract) {
  synchronise();
  trade_now(1, mnq, 3);
  trade_now(2, es, -1);
  trade_now(3, mnq, -1, "-40.50");
  trade_now(4, mnq, 2);
  EXPECT_EQ(account.activity().latest_trip(), money("-40.50")) << "not over yet";
  trade_now(5, es, 1, "100");
  EXPECT_THAT(trips(), ElementsAre("100.00"));
  const auto last = trade_now(6, mnq, -4, "-60");
  EXPECT_THAT(trips(), ElementsAre("100.00", "-100.50"));
  EXPECT_EQ(account.activity().round_trips().back(), (Outturn{last.time, mnq, money("-100.50")}));
  EXPECT_THAT(closings(), ElementsAre("-40.50", "100.00", "-60.00"));
  trade_now(7, mnq, 1);
  EXPECT_EQ(account.activity().latest_trip(), Money{}) << "the next one begins with nothing";
}

TEST_F(DayActivityTest, AReversalEndsOneTripAndBeginsTheNext) {
  synchronise();
  trade_now(1, mnq, 2);
  trade_now(2, mnq, -5, "-20");
  EXPECT_THAT(trips(), ElementsAre("-20.00"));
  trade_now(3, mnq, 3, "7");
  EXPECT_THAT(trips(), ElementsAre("-20.00", "7.00"));
}

TEST_F(DayActivityTest, TheOpeningFillSentAgainOnCloseCountsNothing) {
  synchronise();
  const Trade opening = trade_now(1, mnq, 2);
  trade_now(2, mnq, -2, "-20");
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  EXPECT_THAT(orders(), ElementsAre(1));
  EXPECT_THAT(trips(), ElementsAre("-20.00"));
}

TEST_F(DayActivityTest, AFillThatComesLateTakesItsPlace) {
  synchronise();
  const Trade opening = of(1, mnq, 2);
  const Trade closing = of(2, mnq, -2, "-20");
  ASSERT_TRUE(publish(TradeExecuted{closing}));
  ASSERT_TRUE(publish(TradeExecuted{opening}));
  EXPECT_THAT(orders(), ElementsAre(1));
  EXPECT_THAT(trips(), ElementsAre("-20.00"));
}

TEST_F(DayActivityTest, AVoidedFillWasNone) {
  synchronise();
  trade_now(1, mnq, 1);
  Trade wrong = trade_now(2, mnq, 1);
  trade_now(3, mnq, -1, "-200");
  wrong.voided = true;
  ASSERT_TRUE(publish(TradeExecuted{wrong}));
  says(mnq, 0, "0");
  pass(600ms);
  EXPECT_THAT(orders(), ElementsAre(1));
  EXPECT_THAT(trips(), ElementsAre("-200.00"));
}

TEST_F(DayActivityTest, AResultThatIsCorrectedLaterIsTakenOver) {
  synchronise();
  trade_now(1, mnq, 1);
  Trade closing = trade_now(2, mnq, -1, "-90");
  closing.profit_and_loss = money("-110");
  ASSERT_TRUE(publish(TradeExecuted{closing}));
  EXPECT_THAT(trips(), ElementsAre("-110.00"));
}

TEST_F(DayActivityTest, ARestartCountsTheSameFromTheHistory) {
  const std::vector<Trade> history{of(1, mnq, 2), of(2, mnq, -1, "-30"), of(3, es, 1), of(4, mnq, -1, "-80"),
                                   of(5, mnq, 1)};
  now = now + 60s;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  snapshot({position(mnq, 1, "21000"), position(es, 1, "6300")}, {}, {history.rbegin(), history.rend()});
  EXPECT_THAT(orders(), ElementsAre(1, 3, 5));
  EXPECT_THAT(trips(), ElementsAre("-110.00"));
}

TEST_F(DayActivityTest, APositionOfBeforeTheDayIsNoEntryOfTheDay) {
  // Three were open before; the day sold one, and the history has that alone.
  const std::vector<Trade> history{of(1, mnq, -1, "-30")};
  now = now + 60s;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  snapshot({position(mnq, 2, "21000")}, {}, history);
  EXPECT_THAT(orders(), IsEmpty());
  EXPECT_THAT(closings(), ElementsAre("-30.00"));
  now = now + 10s;
  trade_now(2, mnq, -2, "-50");
  EXPECT_THAT(orders(), IsEmpty()) << "closing it opens nothing";
  EXPECT_THAT(trips(), ElementsAre("-80.00"));
  trade_now(3, mnq, -1);
  EXPECT_THAT(orders(), ElementsAre(3));
}

TEST_F(DayActivityTest, AFillThatOnlyThePositionMessageTellsOfIsCountedWhenItIsFound) {
  synchronise();
  trade_now(1, mnq, 1);
  const Trade lost = of(2, mnq, 1);
  says(mnq, 2, "21000");
  pass(600ms);
  EXPECT_THAT(orders(), ElementsAre(1)) << "nothing is known of it but its size";
  ASSERT_TRUE(publish(TradeExecuted{lost, true}));
  EXPECT_THAT(orders(), ElementsAre(1, 2));
  EXPECT_EQ(held(mnq), 2);
}

TEST_F(DayActivityTest, AFillThatTheSnapshotHadAlreadyStaysAnEntry) {
  const Trade early = of(1, mnq, 1);
  now = now + 1s;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  snapshot({position(mnq, 1, "21000")});  // its history lags behind its positions
  EXPECT_THAT(orders(), IsEmpty());
  ASSERT_TRUE(publish(TradeExecuted{early}));
  EXPECT_EQ(held(mnq), 1);
  EXPECT_THAT(orders(), ElementsAre(1));
}

TEST_F(DayActivityTest, AFillThatWasTakenForOneOfTheSnapshotIsAnEntryWhenAReadShowsItWasNot) {
  const Trade early = of(1, mnq, 1);
  now = now + 1s;
  ASSERT_TRUE(publish(StreamChanged{kAccount, true, Generation{1}}));
  snapshot({});
  ASSERT_TRUE(publish(TradeExecuted{early}));
  EXPECT_EQ(held(mnq), 0);
  EXPECT_THAT(orders(), IsEmpty()) << "it would have closed something";
  now = now + 10s;
  read({position(mnq, 1, "21000")}, true, now);
  EXPECT_EQ(held(mnq), 1);
  EXPECT_THAT(orders(), ElementsAre(1));
}

TEST_F(DayActivityTest, TheResetBeginsANewDayAndKeepsWhatIsOpenOutOfIt) {
  synchronise();
  trade_now(1, mnq, 2);
  trade_now(2, es, 1);
  trade_now(3, es, -1, "-500");
  now = second(86'400);
  pass(0s);
  EXPECT_THAT(orders(), IsEmpty());
  EXPECT_THAT(trips(), IsEmpty());
  EXPECT_EQ(account.activity().latest_trip(), Money{});
  trade_now(4, mnq, -2, "-15");
  EXPECT_THAT(orders(), IsEmpty());
  EXPECT_THAT(trips(), ElementsAre("-15.00"));
}

TEST_F(DayActivityTest, MoreOrdersThanExpectedAreStillToldApart) {
  synchronise();
  for (int i = 1; i <= 3000; ++i) trade_now(3'400'000'000 + i, mnq, i % 2 != 0 ? 1 : -1);
  EXPECT_THAT(account.activity().entries(), SizeIs(1500));
  for (int i = 3000; i >= 1; --i) trade_now(3'400'000'000 + i, mnq, 1);
  EXPECT_THAT(account.activity().entries(), SizeIs(3000))
      << "those that closed before count now, the others not again";
}

}  // namespace
}  // namespace rm::test
