#include "bench.h"

namespace paper {
namespace {

using ::testing::IsEmpty;

// Payloads of the events with that name, the contract id checked.
std::vector<Json> payloads(HubClient& client, std::string_view target, std::string_view contract = mnq) {
  std::vector<Json> found;
  for (const auto& arguments : client.events(target)) {
    EXPECT_EQ(arguments.items().size(), 2U);
    EXPECT_EQ(arguments.items()[0].as_string(), contract);
    found.push_back(arguments.items()[1]);
  }
  client.take();
  return found;
}

std::shared_ptr<HubClient> watch(Bench& bench, std::string_view method) {
  auto client = bench.connect_hub("market");
  client->call(method, R"(["CON.F.US.MNQ.U26"])");
  return client;
}

TEST(MarketHub, TheFirstQuoteIsCompleteAndLaterOnesCarryChanges) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = watch(bench, "SubscribeContractQuotes");
  const auto full = payloads(*client, "GatewayQuote");
  ASSERT_EQ(full.size(), 1U);
  for (const auto* name : {"symbol", "contract", "lastPrice", "bestBid", "bestAsk", "open", "high", "low", "volume",
                           "lastUpdated", "timestamp"}) {
    EXPECT_NE(full[0].find(name), nullptr) << name;
  }
  bench.pass(1);
  bench.control("/paper/price", R"({"symbol":"MNQ","bid":29498.75,"ask":29500.5})");
  const auto touch = payloads(*client, "GatewayQuote");
  ASSERT_EQ(touch.size(), 1U);
  EXPECT_EQ(
      touch[0].dump(),
      R"({"symbol":"F.US.MNQ","bestBid":29498.75,"bestAsk":29500.5,"lastUpdated":"2026-09-01T14:30:00.001+00:00",)"
      R"("timestamp":"2026-09-01T14:30:00.001+00:00","contract":"CON.F.US.MNQ.U26"})");
}

TEST(MarketHub, AContractWithoutPriceBeginsWithItsFirstQuote) {
  Bench bench;
  auto client = watch(bench, "SubscribeContractQuotes");
  EXPECT_THAT(payloads(*client, "GatewayQuote"), IsEmpty());
  bench.price(mnq, "29500");
  const auto quotes = payloads(*client, "GatewayQuote");
  ASSERT_FALSE(quotes.empty());
  EXPECT_EQ(quotes[0].find("lastPrice")->number_text(), "29500");
  EXPECT_NE(quotes[0].find("open"), nullptr);
}

TEST(MarketHub, ChangePercentIsOfTheDaysOpen) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = watch(bench, "SubscribeContractQuotes");
  client->take();
  bench.price(mnq, "29546.25");
  const auto quotes = payloads(*client, "GatewayQuote");
  ASSERT_FALSE(quotes.empty());
  EXPECT_EQ(quotes[0].find("change")->number_text(), "46.25");
  EXPECT_EQ(quotes[0].find("changePercent")->number_text(), "0.16");
}

TEST(MarketHub, PrintsOfOneTurnComeInOneArray) {
  Bench bench;
  auto client = watch(bench, "SubscribeContractTrades");
  client->take();
  for (const std::int64_t price : {29500, 29501, 29502}) {
    PriceUpdate update;
    update.contract = mnq;
    update.last = Decimal::from_units(price);
    ASSERT_TRUE(bench.exchange.set_price(update, bench.clock.now(bench.mono_ns)));
  }
  bench.gateway.on_time();
  const auto prints = payloads(*client, "GatewayTrade");
  ASSERT_EQ(prints.size(), 1U);
  ASSERT_EQ(prints[0].items().size(), 3U);
  EXPECT_EQ(prints[0].items()[2].find("price")->number_text(), "29502");
}

TEST(MarketHub, DepthBeginsWithAResetAndHoldsANullNowAndThen) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = watch(bench, "SubscribeContractMarketDepth");
  const auto snapshot = payloads(*client, "GatewayDepth");
  ASSERT_EQ(snapshot.size(), 1U);
  EXPECT_EQ(snapshot[0].items().at(0).find("type")->as_integer(), 6);
  EXPECT_GT(snapshot[0].items().size(), 10U);
  int nulls = 0;
  for (int i = 0; i < 40; ++i) {
    bench.price(mnq, i % 2 == 0 ? "29501" : "29500");
    bench.pass(1);
    for (const auto& rows : payloads(*client, "GatewayDepth")) {
      for (const auto& row : rows.items()) nulls += row.is_null() ? 1 : 0;
    }
  }
  EXPECT_GT(nulls, 0);
}

TEST(MarketHub, UnsubscribedContractsAreSilent) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = watch(bench, "SubscribeContractQuotes");
  client->call("UnsubscribeContractQuotes", R"(["CON.F.US.MNQ.U26"])");
  client->take();
  bench.price(mnq, "29501");
  bench.price(mes, "7700");
  EXPECT_THAT(client->records, IsEmpty());
}

TEST(MarketHub, ContractsNobodyTradesCanBeSubscribedInVain) {
  Bench bench;
  auto client = bench.connect_hub("market");
  EXPECT_EQ(client->call("SubscribeContractQuotes", R"(["nonsense"])"), R"({"type":3,"invocationId":"1"})");
}

TEST(MarketHub, AConnectionHasAThousandSubscriptionsAtMost) {
  Bench bench;
  auto client = bench.connect_hub("market");
  const auto subscribe = [&](int i) {
    return client->call("SubscribeContractQuotes", "[\"" + std::to_string(i) + "\"]");
  };
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(subscribe(i).find("error"), std::string::npos) << i;
  EXPECT_NE(subscribe(1'000).find("error"), std::string::npos);
}

}  // namespace
}  // namespace paper
