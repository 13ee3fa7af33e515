// Money saturates and never wraps; sums of price x lots are exact; one rounding rule.
#include <limits>
#include <type_traits>

#include "domain/money.h"
#include "domain/order.h"
#include "domain/price.h"

namespace rm {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

// No way in or out through binary floating point.
static_assert(!std::is_constructible_v<Money, double> && !std::is_convertible_v<Money, double>);
static_assert(!std::is_constructible_v<Price, double> && !std::is_convertible_v<Price, double>);
static_assert(!std::is_convertible_v<int, Money> && !std::is_convertible_v<int, Lots>);

TEST(Money, MakesAndShowsDollars) {
  EXPECT_EQ(Money::from_cents(-100'050).text(), "-1000.50");
  EXPECT_EQ(Money::from_units(7).text(), "7.00");
  EXPECT_EQ(Money::parse("-1000.00").value(), Money::from_units(-1000));
  EXPECT_EQ(Money::parse("7.8125")->nanos(), 7'812'500'000);
  EXPECT_FALSE(Money::parse("ten").has_value());
}

TEST(Money, SumsAreExact) {
  Money sum;
  for (int i = 0; i < 1000; ++i) sum += Money::parse("0.1").value();
  EXPECT_EQ(sum, Money::from_units(100));
  EXPECT_EQ(Money::from_cents(36) + Money::from_cents(25), Money::from_cents(61));
  EXPECT_EQ(-Money::from_cents(5) - Money::from_cents(5), Money::from_cents(-10));
}

TEST(Money, AHugeLossStaysALoss) {
  const Money worst = Money::from_nanos(kMin);
  EXPECT_EQ((worst - Money::from_units(1)).nanos(), kMin);
  EXPECT_EQ((Money::from_nanos(kMax) + Money::from_units(1)).nanos(), kMax);
  EXPECT_EQ((-worst).nanos(), kMax);
  EXPECT_EQ(Money::from_units(kMax).nanos(), kMax);
  EXPECT_EQ(Money::from_cents(kMin).nanos(), kMin);
}

TEST(Money, PercentOfALimitIsRoundedDown) {
  const auto percent = [](const char* value, const char* limit) {
    return percent_of(Money::parse(value).value(), Money::parse(limit).value());
  };
  EXPECT_EQ(percent("-499.99", "-1000"), 49);
  EXPECT_EQ(percent("-500", "-1000"), 50);
  EXPECT_EQ(percent("-999.999999999", "-1000"), 99);
  EXPECT_EQ(percent("-1000", "-1000"), 100);
  EXPECT_EQ(percent("-2500", "-1000"), 250);
  EXPECT_EQ(percent("500", "-1000"), 0) << "a profit uses nothing of a loss limit";
  EXPECT_EQ(percent("0", "-1000"), 0);
  EXPECT_EQ(percent("750", "1000"), 75);
  EXPECT_EQ(percent_of(Money::from_nanos(kMin), Money::from_nanos(-1)), kMax);
}

TEST(Wide, RoundsHalfAwayFromZero) {
  EXPECT_EQ(static_cast<int>(divide_rounded(5, 2)), 3);
  EXPECT_EQ(static_cast<int>(divide_rounded(-5, 2)), -3);
  EXPECT_EQ(static_cast<int>(divide_rounded(4, 3)), 1);
  EXPECT_EQ(static_cast<int>(divide_rounded(-4, 3)), -1);
  EXPECT_EQ(static_cast<int>(divide_rounded(7, 7)), 1);
  EXPECT_FALSE(narrow(Wide{kMax} + 1).has_value());
  EXPECT_FALSE(narrow(Wide{kMin} - 1).has_value());
  EXPECT_EQ(narrow(Wide{kMin}).value(), kMin);
  EXPECT_EQ(saturate(Wide{kMax} * 2), kMax);
  EXPECT_EQ(saturate(Wide{kMin} * 2), kMin);
}

TEST(Price, KeepsNineDecimalsAndPricesBetweenTicks) {
  EXPECT_EQ(Price::parse("28446.375")->text(), "28446.375");
  EXPECT_EQ(Price::parse("6.8e-3")->text(), "0.0068");
  EXPECT_EQ(Price::parse("-37.63")->nanos(), -37'630'000'000) << "oil has traded below zero";
}

TEST(PriceSum, AveragesWithoutLosingTheSum) {
  const auto price = [](const char* text) { return Price::parse(text).value(); };
  const PriceSum three = PriceSum::of(price("100.00"), Lots{1}) + PriceSum::of(price("100.25"), Lots{2});
  EXPECT_EQ(three.average(Lots{3}).text(), "100.166666667");
  EXPECT_EQ((three - PriceSum::of(price("100.25"), Lots{2})).average(Lots{1}).text(), "100");
  const PriceSum shorts = PriceSum::of(price("0.0068345"), Lots{-3});
  EXPECT_EQ(shorts.average(Lots{-3}).text(), "0.0068345");
  EXPECT_EQ((PriceSum::of(price("100"), Lots{-1}) + PriceSum::of(price("101"), Lots{-2})).average(Lots{-3}).text(),
            "100.666666667");
}

TEST(Lots, SignsAndMagnitudes) {
  EXPECT_EQ(Lots{-3}.magnitude(), Lots{3});
  EXPECT_EQ(-Lots{4}, Lots{-4});
  EXPECT_EQ(Lots{2} + Lots{-5}, Lots{-3});
  EXPECT_TRUE((Lots{2} - Lots{2}).is_zero());
}

TEST(Order, WorkingIsWhatCanStillFill) {
  const std::pair<OrderStatus, bool> table[] = {
      {OrderStatus::None, false},    {OrderStatus::Open, true},
      {OrderStatus::Filled, false},  {OrderStatus::Cancelled, false},
      {OrderStatus::Expired, false}, {OrderStatus::Rejected, false},
      {OrderStatus::Pending, true},  {OrderStatus::PendingCancellation, true},
      {OrderStatus::Suspended, true}};
  for (const auto& [status, working] : table) EXPECT_EQ(is_working(status), working) << static_cast<int>(status);
  Order order;
  order.size = Lots{5};
  order.filled = Lots{2};
  order.side = Side::Sell;
  EXPECT_EQ(order.remaining(), Lots{3});
  EXPECT_EQ(order.signed_remaining(), Lots{-3});
}

}  // namespace
}  // namespace rm
