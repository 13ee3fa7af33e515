#include "bench.h"

namespace paper {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view buy_one =
    R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})";

TEST(UserHub, SendsOnlyWhatWasSubscribed) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.connect_hub("user");
  client->call("SubscribeTrades", "[26001234]");
  bench.answer("/api/Order/place", buy_one);
  bench.pass(60);
  EXPECT_THAT(client->events("GatewayUserOrder"), IsEmpty());
  EXPECT_THAT(client->events("GatewayUserPosition"), IsEmpty());
  EXPECT_THAT(client->events("GatewayUserAccount"), IsEmpty());
  EXPECT_EQ(client->events("GatewayUserTrade").size(), 1U);
  client->take();
  client->call("UnsubscribeTrades", "[26001234]");
  bench.answer("/api/Order/place", buy_one);
  bench.pass(60);
  EXPECT_THAT(client->events("GatewayUserTrade"), IsEmpty());
}

TEST(UserHub, KeepsAccountsAndUsersApart) {
  Bench bench;
  bench.price(mnq, "29500");
  auto mine = bench.watch_all();
  bench.token = bench.log_in("other", "other-key");
  auto theirs = bench.connect_hub("user");
  theirs->call("SubscribeAccounts", "[]");
  theirs->take();
  bench.control("/paper/trade", R"({"accountId":26009999,"symbol":"MNQ","side":"buy","size":1})");
  bench.pass(60);
  EXPECT_THAT(mine->records, IsEmpty());
  EXPECT_FALSE(theirs->events("GatewayUserAccount").empty());
}

TEST(UserHub, TellsEveryVisibleAccountAfterSubscribing) {
  Bench bench;
  bench.control("/paper/account", R"({"accountId":26001235,"isVisible":false})");
  auto client = bench.connect_hub("user");
  client->say(R"({"type":1,"invocationId":"1","target":"SubscribeAccounts","arguments":[]})");
  EXPECT_THAT(client->take(),
              ElementsAre(R"({"type":3,"invocationId":"1"})",
                          R"({"type":1,"target":"GatewayUserAccount","arguments":[{"action":1,"data":{"id":26001234,)"
                          R"("name":"PRAC-V2-600001-26001234","balance":150000,"canTrade":true,"isVisible":true,)"
                          R"("simulated":true}}]})"));
}

TEST(UserHub, TellsChangesOfAnAccount) {
  Bench bench;
  auto client = bench.watch_all();
  bench.control("/paper/account", R"({"accountId":26001234,"canTrade":false,"balance":149000.5})");
  bench.pass(100);
  const auto events = client->events("GatewayUserAccount");
  ASSERT_FALSE(events.empty());
  const auto& data = *events[0].items()[0].find("data");
  EXPECT_FALSE(data.find("canTrade")->as_bool());
  EXPECT_EQ(data.find("balance")->number_text(), "149000.5");
}

TEST(UserHub, TellsTheProgramThatSomebodyWatchesOrdersNow) {
  Bench bench;
  auto client = bench.connect_hub("user");
  client->call("SubscribeAccounts", "[]");
  EXPECT_THAT(bench.subscribed_users, IsEmpty());
  client->call("SubscribeOrders", "[26009999]");
  EXPECT_THAT(bench.subscribed_users, IsEmpty()) << "a refused subscription is none";
  client->call("SubscribeOrders", "[26001234]");
  EXPECT_EQ(bench.subscribed_users.size(), 1U);
}

TEST(UserHub, ASecondConnectionOfTheUserLogsTheFirstOneOut) {
  Bench bench;
  auto first = bench.connect_hub("user");
  auto market = bench.connect_hub("market");
  auto second_one = bench.connect_hub("user");
  EXPECT_EQ(first->events("GatewayLogout").size(), 1U);
  EXPECT_TRUE(first->closed);
  EXPECT_FALSE(market->closed) << "the limit counts each hub by itself";
  EXPECT_FALSE(second_one->closed);
  first->leave();
  bench.token = bench.log_in("other", "other-key");
  bench.connect_hub("user");
  EXPECT_FALSE(second_one->closed) << "another user is another matter";
}

TEST(UserHub, NothingReachesAConnectionThatIsGone) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  client->leave();
  bench.answer("/api/Order/place", buy_one);
  bench.pass(60);
  EXPECT_THAT(client->records, IsEmpty());
  EXPECT_THAT(bench.view("/paper/subscriptions").find("connections")->items(), IsEmpty());
}

TEST(UserHub, SubscriptionsDieWithTheirConnection) {
  Bench bench;
  bench.watch_all()->leave();
  auto again = bench.connect_hub("user");
  bench.price(mnq, "29500");
  bench.answer("/api/Order/place", buy_one);
  bench.pass(60);
  EXPECT_THAT(again->records, IsEmpty());
}

std::variant<std::shared_ptr<SocketHandler>, HttpResponse> upgrade(Bench& bench, const std::string& target,
                                                                   Pairs headers = {}) {
  return bench.gateway.on_upgrade({"GET", target, std::move(headers), ""});
}

int refused(Bench& bench, const std::string& target) {
  const auto answer = upgrade(bench, target);
  const auto* response = std::get_if<HttpResponse>(&answer);
  return response == nullptr ? 101 : response->status;
}

TEST(HubConnect, NegotiationLeadsToOneConnection) {
  Bench bench;
  const auto answer = bench.answer("/hubs/user/negotiate?negotiateVersion=1", "");
  EXPECT_EQ(answer.find("negotiateVersion")->as_integer(), 1);
  EXPECT_EQ(answer.find("useStatefulReconnect"), nullptr);
  EXPECT_EQ(answer.find("availableTransports")->dump(),
            R"([{"transport":"WebSockets","transferFormats":["Text","Binary"]}])");
  const auto id = answer.find("connectionToken")->as_string();
  EXPECT_NE(id, answer.find("connectionId")->as_string());
  const auto target = "/hubs/user?id=" + id + "&access_token=" + bench.token;
  EXPECT_EQ(refused(bench, "/hubs/market?id=" + id + "&access_token=" + bench.token), 404) << "the other hub's";
  EXPECT_EQ(refused(bench, target), 101);
  EXPECT_EQ(refused(bench, target), 409);
}

TEST(HubConnect, OldNegotiationUsesTheConnectionId) {
  Bench bench;
  const auto answer = bench.answer("/hubs/user/negotiate", "");
  EXPECT_EQ(answer.find("negotiateVersion")->as_integer(), 0);
  EXPECT_EQ(answer.find("connectionToken"), nullptr);
  EXPECT_EQ(
      refused(bench, "/hubs/user?id=" + answer.find("connectionId")->as_string() + "&access_token=" + bench.token),
      101);
}

TEST(HubConnect, TokensComeInTheQueryOrTheHeader) {
  Bench bench;
  EXPECT_EQ(refused(bench, "/hubs/user"), 401);
  EXPECT_EQ(refused(bench, "/hubs/user?access_token="), 401);
  EXPECT_EQ(refused(bench, "/hubs/user?access_token=wrong"), 401);
  EXPECT_EQ(refused(bench, "/hubs/user?id=unknown&access_token=wrong"), 401);
  EXPECT_EQ(refused(bench, "/hubs/user?id=unknown&access_token=" + bench.token), 404);
  EXPECT_EQ(refused(bench, "/hubs/nothing?access_token=" + bench.token), 404);
  const auto by_header = upgrade(bench, "/hubs/market", {{"Authorization", "Bearer " + bench.token}});
  EXPECT_TRUE(std::holds_alternative<std::shared_ptr<SocketHandler>>(by_header));
  EXPECT_EQ(bench.request("POST", "/hubs/user/negotiate?negotiateVersion=1").status, 401);
  EXPECT_EQ(bench.request("GET", "/hubs/user/negotiate").status, 405);
}

TEST(HubConnect, CanBeRefusedForATime) {
  Bench bench;
  bench.control("/paper/hub/refuse", R"({"hub":"user","seconds":2.5})");
  EXPECT_EQ(refused(bench, "/hubs/user?access_token=" + bench.token), 503);
  EXPECT_EQ(bench.post("/hubs/user/negotiate", "").status, 503);
  EXPECT_EQ(refused(bench, "/hubs/market?access_token=" + bench.token), 101);
  bench.mono_ns += 2'500'000'000;
  EXPECT_EQ(refused(bench, "/hubs/user?access_token=" + bench.token), 101);
}

}  // namespace
}  // namespace paper
