// The exchange of messages around one bracketed entry and its stop-out, as a client sees it.
#include "bench.h"

namespace paper {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;

// "6 3500000001": what matters of an event, in a form that reads well when a test fails.
std::string text_of(const Json& entity, std::initializer_list<std::string_view> names) {
  std::string out;
  for (const auto name : names) {
    const auto* member = entity.find(name);
    out += (out.empty() ? "" : " ") + (member == nullptr ? "-" : member->dump());
  }
  return out;
}

struct Seen {
  std::string target;
  std::int64_t action = 0;
  Json data;
};

std::vector<Seen> seen(HubClient& client) {
  std::vector<Seen> found;
  for (const auto& record : client.take()) {
    const auto message = json(record);
    if (message.find("target") == nullptr) continue;
    const auto& envelope = message.find("arguments")->items().at(0);
    found.push_back(
        {message.find("target")->as_string(), *envelope.find("action")->as_integer(), *envelope.find("data")});
  }
  return found;
}

std::vector<std::string> lines(const std::vector<Seen>& events) {
  std::vector<std::string> out;
  for (const auto& [target, action, data] : events) {
    const auto what = target.substr(std::string_view{"GatewayUser"}.size()) + " " + std::to_string(action) + ": ";
    if (target == "GatewayUserOrder") out.push_back(what + text_of(data, {"id", "status", "filledPrice"}));
    if (target == "GatewayUserTrade")
      out.push_back(what + text_of(data, {"id", "price", "profitAndLoss", "orderId"}));
    if (target == "GatewayUserPosition") out.push_back(what + text_of(data, {"type", "size", "averagePrice"}));
    if (target == "GatewayUserAccount") out.push_back(what + text_of(data, {"balance"}));
  }
  return out;
}

const Json& first(const std::vector<Seen>& events, std::string_view target, std::string_view id) {
  for (const auto& event : events) {
    if (event.target == target && event.data.find("id")->dump() == id) return event.data;
  }
  static const Json none = Json::object();
  ADD_FAILURE() << "no " << target << " with id " << id;
  return none;
}

TEST(Golden, ABracketedEntryAndItsStopOut) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  const auto response = bench.post(
      "/api/Order/place", R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":2,)"
                          R"("customTag":"t-17","stopLossBracket":{"ticks":-40,"type":4},)"
                          R"("takeProfitBracket":{"ticks":80,"type":1}})");
  EXPECT_EQ(response.body, R"({"orderId":3500000001,"success":true,"errorCode":0,"errorMessage":null})");
  bench.pass(60);
  const auto entry = seen(*client);
  EXPECT_THAT(lines(entry), AllOf(Contains("Order 1: 3500000002 8 -"), Contains("Order 1: 3500000001 6 -"),
                                  Contains("Order 1: 3500000003 8 -"), Contains("Order 1: 3500000001 2 29500"),
                                  Contains("Position 1: 1 2 29500"), Contains("Order 1: 3500000003 1 -"),
                                  Contains("Order 1: 3500000002 1 -")));
  const auto& stop = first(entry, "GatewayUserOrder", "3500000002");
  EXPECT_EQ(text_of(stop, {"type", "side", "size", "fillVolume", "customTag", "parentOrderId", "linkedOrderId",
                           "trailDistance", "trailPrice", "symbolId", "limitPrice", "stopPrice"}),
            R"(4 1 2 0 "t-17-SL" 3500000001 - -40 -10 "F.US.MNQ" - -)");
  const auto& target = first(entry, "GatewayUserOrder", "3500000003");
  EXPECT_EQ(
      text_of(target, {"type", "side", "customTag", "parentOrderId", "linkedOrderId", "trailDistance", "trailPrice"}),
      R"(1 1 "t-17-TP" 3500000001 3500000002 80 20)");
  const auto& trade = first(entry, "GatewayUserTrade", "3100000001");
  EXPECT_EQ(text_of(trade, {"price", "profitAndLoss", "fees", "commissions", "side", "size", "voided", "orderId"}),
            "29500 - 0.72 0.5 0 2 false 3500000001");
  std::vector<std::string> balances;
  for (const auto& event : entry) {
    if (event.target == "GatewayUserAccount") balances.push_back(event.data.find("balance")->number_text());
  }
  EXPECT_THAT(balances, ElementsAre("149998.78", "149998.78"));

  bench.price(mnq, "29490");  // the bid is a tick below
  bench.pass(60);
  const auto exit = seen(*client);
  EXPECT_THAT(lines(exit), AllOf(Contains("Trade 0: 3100000002 29489.75 -41 3500000002"),
                                 Contains("Trade 1: 3100000001 29500 - 3500000001"),
                                 Contains("Order 1: 3500000002 2 29489.75"), Contains("Position 2: 0 0 29500"),
                                 Contains("Account 1: 149956.56"), Contains("Order 1: 3500000003 3 -")));
}

TEST(Golden, EventsComeBeforeTheAnswerOfTheirRequest) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  std::size_t events_before_answer = 0;
  bench.gateway.on_request({"POST",
                            "/api/Order/place",
                            {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + bench.token}},
                            R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})"},
                           [&](const HttpResponse&) { events_before_answer = client->records.size(); });
  EXPECT_GE(events_before_answer, 1U);
}

TEST(Golden, AHubConversation) {
  Bench bench;
  auto client = bench.connect("/hubs/user?access_token=" + bench.token);
  client->say(R"({"protocol":"json","version":1})");
  client->say(R"({"type":1,"invocationId":"1","target":"SubscribeOrders","arguments":[26001234]})");
  client->say(R"({"type":6})");
  EXPECT_THAT(client->take(), ElementsAre("{}", R"({"type":3,"invocationId":"1"})"));
  bench.control("/paper/hub/close", R"({"hub":"user","error":"Connection closed with an error."})");
  EXPECT_THAT(client->take(),
              ElementsAre(R"({"type":7,"error":"Connection closed with an error.","allowReconnect":true})"));
  EXPECT_TRUE(client->closed);
}

TEST(Golden, APrintOnTheMarketHub) {
  Bench bench;
  auto client = bench.connect_hub("market");
  client->call("SubscribeContractTrades", R"(["CON.F.US.MES.U26"])");
  client->take();
  bench.mono_ns += 52'000'000;
  bench.price(mes, "7730.5");
  ASSERT_EQ(client->records.size(), 1U);
  const auto message = json(client->records[0]);
  EXPECT_EQ(message.find("arguments")->items()[0].as_string(), mes);
  EXPECT_EQ(text_of(message.find("arguments")->items()[1].items()[0],
                    {"symbolId", "price", "timestamp", "volume", "contractId"}),
            R"("F.US.MES" 7730.5 "2026-09-01T14:30:00.052+00:00" 1 "CON.F.US.MES.U26")");
}

}  // namespace
}  // namespace paper
