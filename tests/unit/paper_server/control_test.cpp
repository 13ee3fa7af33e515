#include "bench.h"

namespace paper {
namespace {

using ::testing::HasSubstr;

std::string error_of(Bench& bench, std::string_view path, std::string_view body, int status = 400) {
  const auto response = bench.request("POST", path, body);
  EXPECT_EQ(response.status, status) << path << " " << body;
  const auto answer = json(response.body);
  const auto* error = answer.find("error");
  return error == nullptr ? "" : error->as_string();
}

TEST(Control, ListsItsPathsWhenAskedForAnotherOne) {
  Bench bench;
  const auto response = bench.request("GET", "/paper/");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("POST /paper/trade"));
  EXPECT_EQ(bench.request("GET", "/paper/trade").status, 404);
}

TEST(Control, PricesFillRestingOrders) {
  Bench bench;
  bench.price(mnq, "29500");
  bench.control("/paper/trade",
                R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1,"type":"limit","limitPrice":29490})");
  bench.pass(50);
  EXPECT_EQ(bench.view("/paper/state?accountId=26001234").find("workingOrders")->items().size(), 1U);
  bench.price(mnq, "29489.75");
  bench.pass(50);
  const auto state = bench.view("/paper/state?accountId=26001234");
  EXPECT_TRUE(state.find("workingOrders")->items().empty());
  EXPECT_EQ(state.find("positions")->items().size(), 1U);
  EXPECT_EQ(state.find("trades")->items().size(), 1U);
  EXPECT_EQ(state.find("balance")->number_text(), "149999.39");
}

TEST(Control, TheTradersOrdersHaveNoTag) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  const auto answer = bench.control(
      "/paper/trade", R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","side":"sell","size":3})");
  EXPECT_TRUE(answer.find("success")->as_bool());
  const auto events = client->events("GatewayUserOrder");
  ASSERT_FALSE(events.empty());
  const auto& data = *events[0].items()[0].find("data");
  EXPECT_EQ(data.find("customTag"), nullptr);
  EXPECT_EQ(data.find("side")->as_integer(), 1);
  EXPECT_EQ(data.find("size")->as_integer(), 3);
}

TEST(Control, CancelsAndClosesAsThePersonWould) {
  Bench bench;
  bench.price(mnq, "29500");
  const auto id =
      bench
          .control("/paper/trade",
                   R"({"accountId":26001234,"symbol":"MNQ","side":"sell","size":1,"type":"stop","stopPrice":29400})")
          .find("orderId")
          ->number_text();
  bench.pass(50);
  EXPECT_TRUE(
      bench.control("/paper/cancel", R"({"accountId":26001234,"orderId":)" + id + "}").find("success")->as_bool());
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":2})");
  bench.pass(50);
  EXPECT_TRUE(bench.control("/paper/close", R"({"accountId":26001234,"symbol":"MNQ"})").find("success")->as_bool());
  bench.pass(50);
  const auto state = bench.view("/paper/state?accountId=26001234");
  EXPECT_TRUE(state.find("positions")->items().empty());
  EXPECT_TRUE(state.find("workingOrders")->items().empty());
}

TEST(Control, StateShowsSuspendedChildrenAndEveryAccount) {
  Bench bench;
  bench.price(mnq, "29500");
  bench.answer(
      "/api/Order/place",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":1,"side":0,"size":1,"limitPrice":29400,)"
      R"("stopLossBracket":{"ticks":-40,"type":4}})");
  bench.pass(50);
  EXPECT_EQ(bench.view("/paper/state?accountId=26001234").find("workingOrders")->items().size(), 2U);
  EXPECT_EQ(bench.view("/paper/state").find("accounts")->items().size(), 3U);
  EXPECT_EQ(bench.request("GET", "/paper/state?accountId=1").status, 404);
}

TEST(Control, TimeGoesForwardOnly) {
  Bench bench;
  EXPECT_EQ(bench.gateway.http_date(), "Tue, 01 Sep 2026 14:30:00 GMT");
  bench.control("/paper/time", R"({"advance_seconds":90.5})");
  EXPECT_EQ(bench.gateway.http_date(), "Tue, 01 Sep 2026 14:31:30 GMT");
  EXPECT_EQ(bench.view("/paper/time").find("paperTime")->as_string(), "2026-09-01T14:31:30.5+00:00");
  EXPECT_THAT(error_of(bench, "/paper/time", R"({"advance_seconds":-1})"), HasSubstr("advance_seconds"));
  EXPECT_THAT(error_of(bench, "/paper/time", "{}"), HasSubstr("advance_seconds"));
}

TEST(Control, ContractsShowWhatIsTradedAndAtWhatPrice) {
  Bench bench;
  bench.control("/paper/price", R"({"symbol":"MNQ","last":29500.25})");
  const auto view = bench.view("/paper/contracts");
  for (const auto& row : view.find("contracts")->items()) {
    if (row.find("symbol")->as_string() != "MNQ") continue;
    EXPECT_EQ(row.find("id")->as_string(), "CON.F.US.MNQ.U26");
    EXPECT_EQ(row.find("tickSize")->dump(), "0.25");
    EXPECT_EQ(row.find("last")->dump(), "29500.25");
    EXPECT_EQ(row.find("bid")->dump(), "29500");
    return;
  }
  FAIL() << "MNQ is not there";
}

TEST(Control, SubscriptionsShowWhoSeesWhat) {
  Bench bench;
  auto user = bench.connect_hub("user");
  user->call("SubscribePositions", "[26001234]");
  auto market = bench.connect_hub("market");
  market->call("SubscribeContractQuotes", R"(["CON.F.US.MNQ.U26"])");
  const auto view = bench.view("/paper/subscriptions");
  const auto& rows = view.find("connections")->items();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].dump(), R"({"hub":"user","connection":1,"user":"paper","ready":true,)"
                            R"("subscriptions":[{"topic":"Positions","key":"26001234"}]})");
  EXPECT_EQ(rows[1].find("subscriptions")->dump(), R"([{"topic":"ContractQuotes","key":"CON.F.US.MNQ.U26"}])");
}

TEST(Control, ClosesOneHubAndSparesTheOther) {
  Bench bench;
  auto user = bench.connect_hub("user");
  auto market = bench.connect_hub("market");
  bench.control("/paper/hub/close", R"({"hub":"market","allow_reconnect":false})");
  EXPECT_EQ(market->take(), std::vector<std::string>{R"({"type":7})"});
  EXPECT_TRUE(market->closed);
  EXPECT_FALSE(user->closed);
}

TEST(Control, SendsRawTextToSubscribersOnly) {
  Bench bench;
  auto idle = bench.connect_hub("market");
  auto client = bench.watch_all();
  bench.control("/paper/raw", R"({"hub":"user","text":"{\"type\":1,\u001e"})");
  EXPECT_EQ(client->take(), std::vector<std::string>{R"({"type":1,)"});
  bench.control("/paper/raw", R"({"hub":"market","text":"x\u001e"})");
  EXPECT_TRUE(idle->records.empty());
}

TEST(Control, HaltsTradingForAWhileAndLetsItGoOn) {
  constexpr std::string_view order =
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})";
  constexpr std::string_view text =
      "Trading is currently unavailable. The instrument is not in an active trading status.";
  Bench bench;
  bench.price(mnq, "29500");
  for (const auto* kind : {"closed", "velocity", "outage"}) {
    bench.control("/paper/halt", R"({"seconds":5,"symbol":"MNQ","kind":")" + std::string{kind} + "\"}");
    const auto refused = bench.answer("/api/Order/place", order);
    EXPECT_EQ(refused.find("errorCode")->as_integer(), 2);
    EXPECT_EQ(refused.find("errorMessage")->as_string(), text);
    bench.pass(5'000);
    EXPECT_TRUE(bench.answer("/api/Order/place", order).find("success")->as_bool());
  }
  bench.control("/paper/halt", R"({"seconds":36000,"kind":"outage"})");
  EXPECT_FALSE(bench.answer("/api/Order/place", order).find("success")->as_bool());
  bench.control("/paper/halt", R"({"seconds":0})");
  EXPECT_TRUE(bench.answer("/api/Order/place", order).find("success")->as_bool());
}

TEST(Control, TheKindOfAHaltDecidesAboutPricesAndOrdersOnTheirWay) {
  struct Case {
    std::string_view kind;
    bool quoted;
    std::size_t cancelled;
  };
  for (const auto& c : {Case{"closed", true, 0}, Case{"outage", false, 0}, Case{"velocity", false, 1}}) {
    Bench bench;
    bench.price(mnq, "29500");
    bench.control("/paper/settings", R"({"latencyMs":100})");
    bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
    bench.control("/paper/halt", R"({"seconds":5,"kind":")" + std::string{c.kind} + "\"}");
    bench.price(mnq, "29510");
    EXPECT_EQ(bench.exchange.quote(mnq)->last == Decimal::from_units(29510), c.quoted) << c.kind;
    EXPECT_EQ(bench.exchange.working_orders(AccountId{guarded}).size(), 1 - c.cancelled) << c.kind;
  }
}

TEST(Control, TakesATradeBackAndTellsTheHub) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":2})");
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  client->take();
  EXPECT_EQ(bench.control("/paper/void", R"({"accountId":26001234})").find("tradeId")->as_integer(), 3'100'000'002);
  const auto told = client->events("GatewayUserTrade");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].items()[0].find("data")->find("voided")->as_bool());
  EXPECT_EQ(told[0].items()[0].find("data")->find("id")->as_integer(), 3'100'000'002);
  bench.control("/paper/void", R"({"accountId":26001234,"tradeId":3100000001})");
  const auto state = bench.view("/paper/state?accountId=26001234");
  EXPECT_TRUE(state.find("positions")->items().empty());
  EXPECT_EQ(state.find("balance")->number_text(), "150000");
  EXPECT_FALSE(bench.control("/paper/void", R"({"accountId":26001234})").find("success")->as_bool())
      << "none is left";
}

TEST(Control, SaysWhatIsWrongWithARequest) {
  Bench bench;
  EXPECT_THAT(error_of(bench, "/paper/price", "{"), HasSubstr("parse error"));
  EXPECT_THAT(error_of(bench, "/paper/price", "[]"), HasSubstr("object"));
  EXPECT_THAT(error_of(bench, "/paper/price", R"({"last":5})"), HasSubstr("symbol or contractId"));
  EXPECT_THAT(error_of(bench, "/paper/price", R"({"symbol":"XX","last":5})"), HasSubstr("'XX'"));
  EXPECT_THAT(error_of(bench, "/paper/price", R"({"symbol":"MNQ"})"), HasSubstr("last"));
  EXPECT_NE(error_of(bench, "/paper/price", R"({"symbol":"MNQ","last":29500.1})"), "");
  EXPECT_THAT(error_of(bench, "/paper/trade", R"({"accountId":1,"symbol":"MNQ","side":"buy","size":1})"),
              HasSubstr("accountId"));
  EXPECT_THAT(error_of(bench, "/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"hold","size":1})"),
              HasSubstr("side"));
  EXPECT_THAT(error_of(bench, "/paper/trade",
                       R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1,"type":"magic"})"),
              HasSubstr("type"));
  EXPECT_THAT(error_of(bench, "/paper/account", R"({"accountId":26001234,"bracketMode":"x"})"),
              HasSubstr("bracketMode"));
  EXPECT_THAT(error_of(bench, "/paper/hub/close", R"({"hub":"x"})"), HasSubstr("hub"));
  EXPECT_THAT(error_of(bench, "/paper/hub/refuse", R"({"hub":"user"})"), HasSubstr("seconds"));
  EXPECT_THAT(error_of(bench, "/paper/raw", R"({"hub":"user"})"), HasSubstr("text"));
  EXPECT_THAT(error_of(bench, "/paper/halt", "{}"), HasSubstr("seconds"));
  EXPECT_THAT(error_of(bench, "/paper/halt", R"({"seconds":5,"kind":"lunch"})"), HasSubstr("velocity"));
  EXPECT_THAT(error_of(bench, "/paper/halt", R"({"seconds":5,"symbol":"XX"})"), HasSubstr("'XX'"));
  EXPECT_THAT(error_of(bench, "/paper/halt", R"({"seconds":5,"contractId":"CON.X"})"), HasSubstr("CON.X"));
  EXPECT_THAT(error_of(bench, "/paper/halt", R"({"secs":5,"seconds":5})"), HasSubstr("secs"));
  EXPECT_THAT(error_of(bench, "/paper/void", R"({"accountId":1})"), HasSubstr("accountId"));
  EXPECT_THAT(error_of(bench, "/paper/void", R"({"accountId":26001234,"tradeId":"x"})"), HasSubstr("tradeId"));
}

}  // namespace
}  // namespace paper
