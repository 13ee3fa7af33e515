// A position as fills make it: average cost, exact sums, reversals; and what "the broker says the same" means.
#include "book/holding.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

Price price(const char* text) {
  return Price::parse(text).value();
}
const BrokerTime kThen = BrokerTime::from_seconds(100);

struct Step {
  int lots;
  const char* at;
  int size;
  const char* average;
};

struct Case {
  const char* name;
  std::vector<Step> steps;
};

const Case kCases[] = {
    {"scale in between ticks", {{1, "100.00", 1, "100"}, {2, "100.25", 3, "100.166666667"}}},
    {"reduce keeps the average", {{4, "100.00", 4, "100"}, {2, "103.00", 6, "101"}, {-3, "90.00", 3, "101"}}},
    {"close", {{2, "100.00", 2, "100"}, {-2, "101.00", 0, ""}}},
    {"reverse starts at the fill's price",
     {{2, "100.00", 2, "100"}, {-5, "101.50", -3, "101.5"}, {4, "99.25", 1, "99.25"}}},
    {"short",
     {{-1, "0.0068345", -1, "0.0068345"},
      {-2, "0.0068350", -3, "0.006834833"},
      {1, "0.0068300", -2, "0.006834834"}}},  // its share of the sum, to the nano
    {"partial fills",
     {{1, "10", 1, "10"},
      {1, "11", 2, "10.5"},
      {1, "12", 3, "11"},
      {-1, "5", 2, "11"},
      {-1, "5", 1, "11"},
      {-1, "5", 0, ""}}},
};

TEST(Holding, FollowsTheFills) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Holding holding;
    for (const Step& step : c.steps) {
      holding.apply_fill(Lots{step.lots}, price(step.at), kThen);
      ASSERT_EQ(holding.size, Lots{step.size});
      if (step.size == 0) {
        EXPECT_EQ(holding.paid, PriceSum{});
        EXPECT_TRUE(holding.flat());
      } else {
        EXPECT_EQ(holding.paid.average(holding.size).text(), step.average);
      }
    }
  }
}

TEST(Holding, RemembersWhenItGrewLast) {
  Holding holding;
  holding.apply_fill(Lots{2}, price("1"), kThen);
  holding.apply_fill(Lots{-1}, price("1"), kThen + 1s);
  EXPECT_EQ(holding.last_increase, kThen);
  holding.apply_fill(Lots{-2}, price("1"), kThen + 2s);
  EXPECT_EQ(holding.last_increase, kThen + 2s) << "a reversal opens";
}

TEST(Holding, AgreesWithinTheRoundingOfTheAverage) {
  Holding holding;
  holding.apply_fill(Lots{1}, price("100.00"), kThen);
  holding.apply_fill(Lots{2}, price("100.25"), kThen);
  EXPECT_TRUE(holding.agrees(Lots{3}, price("100.166666667")));
  EXPECT_TRUE(holding.agrees(Lots{3}, price("100.166666666")));
  EXPECT_FALSE(holding.agrees(Lots{3}, price("100.166666669")));
  EXPECT_FALSE(holding.agrees(Lots{3}, price("100.17")));
  EXPECT_FALSE(holding.agrees(Lots{2}, price("100.166666667")));
  EXPECT_FALSE(holding.agrees(Lots{-3}, price("100.166666667")));
}

TEST(Holding, AFlatOneAgreesWhateverTheAverageSays) {
  Holding holding;
  EXPECT_TRUE(holding.agrees(Lots{}, price("29500")));
}

TEST(Holding, ALateFillThatTheBrokersFigureContainsIsExplained) {
  Holding holding;
  holding.apply_fill(Lots{1}, price("100"), kThen);
  holding.adopt(Lots{4}, price("101"), kThen + 1s, kThen + 1s);
  EXPECT_FALSE(holding.explains(Lots{-1}, kThen)) << "the other direction";
  EXPECT_FALSE(holding.explains(Lots{4}, kThen)) << "more than was missing";
  EXPECT_FALSE(holding.explains(Lots{1}, kThen + 1min)) << "stamped much later: a new fill";
  EXPECT_TRUE(holding.explains(Lots{2}, kThen));
  EXPECT_TRUE(holding.explains(Lots{1}, kThen));
  EXPECT_FALSE(holding.explains(Lots{1}, kThen)) << "used up";
}

TEST(Holding, NotFlatWhileTheBrokerSaysOtherwise) {
  Holding holding;
  holding.dispute = Dispute{Lots{1}, price("1"), kThen, {}, true, kThen};
  EXPECT_FALSE(holding.flat());
  holding.adopt(Lots{}, Price{}, kThen, kThen);
  EXPECT_TRUE(holding.flat());
}

}  // namespace
}  // namespace rm
