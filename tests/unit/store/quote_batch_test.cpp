#include "store/quote_batch.h"

#include <limits>
#include <random>

#include "samples.h"

namespace rm {
namespace {

using ::testing::AllOf;
using ::testing::Gt;
using ::testing::Lt;

constexpr std::size_t kContracts = 100;

bool same(const RiskEvent& a, const RiskEvent& b) {
  const auto &x = std::get<QuoteUpdated>(a.body), &y = std::get<QuoteUpdated>(b.body);
  return x.contract == y.contract && x.last == y.last && x.bid == y.bid && x.ask == y.ask && a.at == b.at &&
         a.received_ns == b.received_ns && a.sequence == b.sequence;
}

// As the store does: a full batch is read back, and the quote goes into the next one.
std::vector<RiskEvent> written_and_read(const std::vector<RiskEvent>& quotes, std::size_t* bytes = nullptr) {
  QuoteBatch batch;
  QuotePrices prices;
  std::vector<RiskEvent> back;
  const auto read = [&] {
    if (bytes) *bytes += batch.bytes().size();
    EXPECT_TRUE(read_quotes(batch.bytes(), kContracts, prices, back));
    batch.clear();
  };
  for (const RiskEvent& quote : quotes) {
    if (batch.add(quote)) continue;
    read();
    EXPECT_TRUE(batch.add(quote));
  }
  if (!batch.empty()) read();
  return back;
}

void expect_same(const std::vector<RiskEvent>& a, const std::vector<RiskEvent>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(same(a[i], b[i])) << i;
}

std::vector<RiskEvent> busy_market() {
  std::vector<RiskEvent> quotes;
  std::mt19937 random{7};
  for (int i = 0; i < 10'000; ++i) {
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    const auto price = [&] { return Price::from_nanos(21'000'000'000'000 + std::int64_t{250'000'000} * below(40)); };
    QuoteUpdated quote{ContractId{below(5)}, price(), price(), price()};
    if (below(4) == 0) quote.last.reset();
    const auto at = static_cast<std::int64_t>(i) * 2'000'123;
    quotes.push_back({quote, BrokerTime::from_nanos(1'790'000'000'000'000'000 + at), 5'000'000'000 + at,
                      static_cast<std::uint64_t>(i) + 1});
  }
  return quotes;
}

TEST(QuoteBatch, EveryFieldComesBackInAFewBytes) {
  const auto quotes = busy_market();
  std::size_t bytes = 0;
  expect_same(written_and_read(quotes, &bytes), quotes);
  EXPECT_THAT(bytes / quotes.size(), AllOf(Gt(4U), Lt(16U)));
}

TEST(QuoteBatch, TheLargestAndSmallestFiguresComeBack) {
  using Limits = std::numeric_limits<std::int64_t>;
  std::vector<RiskEvent> quotes;
  for (const std::int64_t a : {Limits::min(), Limits::max(), std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}}) {
    for (const std::int64_t b : {Limits::max(), Limits::min(), std::int64_t{7}}) {
      quotes.push_back({QuoteUpdated{ContractId{99}, Price::from_nanos(a), std::nullopt, Price::from_nanos(b)},
                        BrokerTime::from_nanos(b), a, static_cast<std::uint64_t>(a ^ b)});
    }
  }
  quotes.push_back({QuoteUpdated{}, {}, 0, 0});
  expect_same(written_and_read(quotes), quotes);
}

TEST(QuoteBatch, HostileBytesAreRefusedAndNeverReadBeyondTheEnd) {
  QuoteBatch batch;
  for (const RiskEvent& quote : busy_market()) {
    if (!batch.add(quote)) break;
  }
  const std::vector<std::byte> whole{batch.bytes().begin(), batch.bytes().end()};
  std::mt19937 random{3};
  QuotePrices prices;
  std::vector<RiskEvent> out;
  for (std::size_t size = 0; size <= 24; ++size)
    EXPECT_FALSE(read_quotes(std::span{whole}.first(size), kContracts, prices, out)) << size;
  for (int i = 0; i < 2'000; ++i) {
    auto bytes = whole;
    bytes.resize(25 + random() % (bytes.size() - 25));
    for (int n = 0; n < 4; ++n) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    out.clear();
    (void)read_quotes(bytes, kContracts, prices, out);
    for (const RiskEvent& event : out) EXPECT_LT(std::get<QuoteUpdated>(event.body).contract.value(), kContracts);
  }
}

TEST(QuoteBatch, AContractThatWasNotToldOfIsRefused) {
  QuoteBatch batch;
  ASSERT_TRUE(batch.add({QuoteUpdated{ContractId{5}, Price::from_nanos(1), {}, {}}, {}, 0, 1}));
  QuotePrices prices;
  std::vector<RiskEvent> out;
  EXPECT_FALSE(read_quotes(batch.bytes(), 5, prices, out));
  EXPECT_TRUE(read_quotes(batch.bytes(), 6, prices, out));
}

}  // namespace
}  // namespace rm
