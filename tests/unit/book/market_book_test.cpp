// The mark a position is valued at: last, mid or exit; quotes are partial; a fill is a price too.
#include "book/market_book.h"

namespace rm {
namespace {

constexpr ContractId kMnq{0}, kEs{1};
const BrokerTime kNow = BrokerTime::from_seconds(1000);

std::optional<Price> price(const char* text) {
  return text ? std::optional{Price::parse(text).value()} : std::nullopt;
}

struct Case {
  MarkKind kind;
  const char *last, *bid, *ask;
  int position;
  const char* mark;  // nullptr: none
};

TEST(MarketBook, MarksAPosition) {
  const Case cases[] = {
      {MarkKind::Last, "100", "99", "101", +1, "100"},       {MarkKind::Last, nullptr, "99", "101", +1, "100"},
      {MarkKind::Last, nullptr, "99", nullptr, +1, nullptr}, {MarkKind::Mid, "90", "99", "101.25", -1, "100.125"},
      {MarkKind::Mid, "90", nullptr, "101", -1, "90"},       {MarkKind::Exit, "100", "99", "101", +1, "99"},
      {MarkKind::Exit, "100", "99", "101", -1, "101"},       {MarkKind::Exit, "100", nullptr, "101", +1, "100"},
      {MarkKind::Exit, nullptr, "99", nullptr, -1, nullptr}, {MarkKind::Last, nullptr, nullptr, nullptr, +1, nullptr},
  };
  for (const Case& c : cases) {
    MarketBook market{c.kind};
    market.on_quote({kMnq, price(c.last), price(c.bid), price(c.ask)}, kNow);
    const auto mark = market.mark(kMnq, Lots{c.position});
    EXPECT_EQ(mark ? std::optional{mark->price} : std::nullopt, price(c.mark)) << &c - cases;
  }
}

TEST(MarketBook, APartialQuoteKeepsTheRest) {
  MarketBook market{MarkKind::Exit};
  market.on_quote({kMnq, price("100"), price("99"), price("101")}, kNow);
  market.on_quote({kMnq, std::nullopt, price("98"), std::nullopt}, kNow + Duration{5});
  EXPECT_EQ(market.mark(kMnq, Lots{1})->price, price("98"));
  EXPECT_EQ(market.mark(kMnq, Lots{-1})->price, price("101"));
  EXPECT_EQ(market.mark(kMnq, Lots{1})->at, kNow + Duration{5});
}

TEST(MarketBook, AFillIsAPriceUntilTheFirstQuote) {
  MarketBook market;
  market.on_fill(kEs, Price::parse("6300").value(), kNow);
  EXPECT_EQ(market.mark(kEs, Lots{1})->price, price("6300"));
  market.on_quote({kEs, price("6290"), std::nullopt, std::nullopt}, kNow);
  market.on_fill(kEs, Price::parse("6301").value(), kNow);
  EXPECT_EQ(market.mark(kEs, Lots{1})->price, price("6290"));
  EXPECT_FALSE(market.mark(kMnq, Lots{1}).has_value());
  EXPECT_FALSE(market.mark(ContractId{77}, Lots{1}).has_value());
}

}  // namespace
}  // namespace rm
