#include "loopback.h"

namespace paper {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int continuation = 0;
constexpr int text = 1;
constexpr int close_frame = 8;
constexpr int ping = 9;
constexpr int pong = 10;
constexpr std::string_view handshake = "{\"protocol\":\"json\",\"version\":1}\x1e";
constexpr std::string_view subscribe =
    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"SubscribeOrders\",\"arguments\":[26001234]}\x1e";
constexpr std::string_view completion = "{\"type\":3,\"invocationId\":\"1\"}\x1e";

std::string target(const Loopback& loopback, std::string_view hub = "user") {
  return "/hubs/" + std::string{hub} + "?access_token=" + loopback.token();
}

void shake_hands(Loopback& loopback, RawClient& client, std::string_view hub = "user") {
  ASSERT_THAT(client.upgrade(target(loopback, hub)), StartsWith("HTTP/1.1 101 "));
  client.send_frame(text, handshake);
  ASSERT_EQ(client.read_frame(), std::pair(text, std::string{"{}\x1e"}));
}

// Records until one holds the words.
std::string read_until_record(RawClient& client, std::string_view words) {
  for (;;) {
    const auto [opcode, payload] = client.read_frame();
    if (opcode == -1 || payload.find(words) != std::string::npos) return payload;
  }
}

TEST(LoopbackWs, UpgradesWithTheKeyOfTheProtocol) {
  Loopback loopback;
  RawClient client{loopback.port()};
  const auto answer = client.upgrade(target(loopback));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(answer, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

TEST(LoopbackWs, RefusesBeforeUpgrading) {
  Loopback loopback;
  EXPECT_THAT(RawClient{loopback.port()}.upgrade("/hubs/user"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(RawClient{loopback.port()}.upgrade(target(loopback) + "&id=unknown"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(RawClient{loopback.port()}.upgrade("/api/Order/place"), StartsWith("HTTP/1.1 404 "));
  loopback.in_loop([](Bench& bench) { bench.control("/paper/hub/refuse", R"({"hub":"user","seconds":60})"); });
  EXPECT_THAT(RawClient{loopback.port()}.upgrade(target(loopback)), StartsWith("HTTP/1.1 503 "));
}

TEST(LoopbackWs, RefusesUpgradesWithTheStatusThatWasAskedFor) {
  Loopback loopback;
  loopback.in_loop([](Bench& bench) {
    bench.control("/paper/hub/refuse", R"({"hub":"user","seconds":60,"status":502})");
    bench.control("/paper/fault", R"({"path":"/hubs/market","action":"drop"})");
  });
  EXPECT_THAT(RawClient{loopback.port()}.upgrade(target(loopback)), StartsWith("HTTP/1.1 502 "));
  EXPECT_EQ(RawClient{loopback.port()}.upgrade(target(loopback, "market")), "") << "cut without an answer";
}

TEST(LoopbackWs, AStreamIsCutBetweenACallAndItsCompletion) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  loopback.in_loop(
      [](Bench& bench) { bench.control("/paper/fault", R"({"path":"SubscribeOrders","action":"close"})"); });
  client.send_frame(text, subscribe);
  EXPECT_THAT(client.read_frame().second, StartsWith(R"({"type":7,)"));
  EXPECT_EQ(client.read_frame().first, close_frame);
}

TEST(LoopbackWs, AFrozenStreamGoesOnByItself) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  loopback.in_loop([](Bench& bench) { bench.control("/paper/hub/freeze", R"({"hub":"user","seconds":0.3})"); });
  const auto before = monotonic_ns();
  client.send_frame(text, subscribe);
  EXPECT_EQ(client.read_frame().second, completion);
  EXPECT_GT(monotonic_ns() - before, 200'000'000) << "the loop wakes up for it, not for something else";
}

TEST(LoopbackWs, AStormClosesByItself) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  loopback.in_loop([](Bench& bench) { bench.control("/paper/hub/storm", R"({"hub":"user","mean_seconds":0.1})"); });
  EXPECT_THAT(read_until_record(client, "\"type\":7"), HasSubstr("Connection closed with an error."));
}

TEST(LoopbackWs, AGetWithoutUpgradeIsNoHub) {
  Loopback loopback;
  RawClient client{loopback.port()};
  EXPECT_THAT(client.ask("GET " + target(loopback) + " HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(LoopbackWs, ARecordMayComeInManyFrames) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  for (std::size_t i = 0; i < subscribe.size(); ++i) {
    client.send_frame(i == 0 ? text : continuation, subscribe.substr(i, 1), i + 1 == subscribe.size());
  }
  EXPECT_EQ(client.read_frame().second, completion);
}

TEST(LoopbackWs, AFrameMayHoldManyRecords) {
  Loopback loopback;
  RawClient client{loopback.port()};
  client.upgrade(target(loopback));
  client.send_frame(text, std::string{handshake} + std::string{subscribe} + std::string{subscribe});
  EXPECT_EQ(client.read_frame().second, "{}\x1e");
  EXPECT_EQ(client.read_frame().second, completion);
  EXPECT_EQ(client.read_frame().second, completion);
}

TEST(LoopbackWs, AnswersControlFrames) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  client.send_frame(ping, "are you there");
  EXPECT_EQ(client.read_frame(), std::pair(pong, std::string{"are you there"}));
  client.send_frame(close_frame, "\x03\xe8");
  EXPECT_EQ(client.read_frame().first, close_frame);
  EXPECT_TRUE(client.ended());
}

TEST(LoopbackWs, EventsOfBothHubsArrive) {
  Loopback loopback;
  RawClient user{loopback.port()};
  RawClient market{loopback.port()};
  shake_hands(loopback, user);
  shake_hands(loopback, market, "market");
  user.send_frame(text,
                  "{\"type\":1,\"invocationId\":\"1\",\"target\":\"SubscribeTrades\",\"arguments\":[26001234]}\x1e");
  EXPECT_EQ(user.read_frame().second, completion);
  market.send_frame(text,
                    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"SubscribeContractQuotes\",\"arguments\":[\"CON."
                    "F.US.MNQ.U26\"]}\x1e");
  EXPECT_EQ(market.read_frame().second, completion);
  RawClient control{loopback.port()};
  control.ask(RawClient::post("/paper/price", R"({"symbol":"MNQ","last":29500})"));
  control.ask(RawClient::post("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})"));
  EXPECT_THAT(read_until_record(market, "lastPrice"),
              HasSubstr(R"("GatewayQuote","arguments":["CON.F.US.MNQ.U26",{)"));
  EXPECT_THAT(read_until_record(user, "GatewayUserTrade"), HasSubstr(R"("price":29500,)"));
}

TEST(LoopbackWs, AnOversizeRecordEndsInCloseAndNothingMore) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  client.send_frame(text, std::string(100'000, 'x'));
  EXPECT_EQ(client.read_frame().second, "{\"type\":7,\"error\":\"Connection closed with an error.\"}\x1e");
  EXPECT_EQ(client.read_frame().first, close_frame);
  client.send_frame(close_frame, "\x03\xe8");
  EXPECT_TRUE(client.ended());
}

TEST(LoopbackWs, BrokenFramesEndOnlyTheirOwnConnection) {
  Loopback loopback;
  RawClient good{loopback.port()};
  shake_hands(loopback, good);
  RawClient bad{loopback.port()};
  loopback.in_loop([](Bench& bench) { bench.control("/paper/settings", R"({"streamsPerUser":0})"); });
  shake_hands(loopback, bad);
  bad.send(std::string(64, '\xff'));
  EXPECT_TRUE(bad.ended());
  good.send_frame(text, subscribe);
  EXPECT_EQ(good.read_frame().second, completion);
}

TEST(LoopbackWs, ClosingAHubSaysSoAndDropsTheSocket) {
  Loopback loopback;
  RawClient client{loopback.port()};
  shake_hands(loopback, client);
  RawClient control{loopback.port()};
  control.ask(RawClient::post("/paper/hub/close", R"({"hub":"user","error":"Connection closed with an error."})"));
  EXPECT_EQ(client.read_frame().second,
            "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\x1e");
  EXPECT_EQ(client.read_frame().first, close_frame);
  client.send_frame(close_frame, "\x03\xe8");
  EXPECT_TRUE(client.ended());
}

TEST(LoopbackWs, AGoneClientLeavesNoSubscription) {
  Loopback loopback;
  {
    RawClient client{loopback.port()};
    shake_hands(loopback, client);
    client.send_frame(text, subscribe);
    EXPECT_EQ(client.read_frame().second, completion);
  }
  RawClient control{loopback.port()};
  std::string view;
  do {
    view = control.ask("GET /paper/subscriptions HTTP/1.1\r\nHost: x\r\n\r\n");
  } while (view.find("SubscribeOrders") != std::string::npos || view.find("\"hub\"") != std::string::npos);
  EXPECT_THAT(view, HasSubstr("\"connections\":[]"));
}

TEST(LoopbackWs, AClientThatDoesNotReadHoldsNobodyUp) {
  Loopback loopback;
  RawClient lazy{loopback.port()};
  shake_hands(loopback, lazy, "market");
  lazy.send_frame(text,
                  "{\"type\":1,\"invocationId\":\"1\",\"target\":\"SubscribeContractQuotes\",\"arguments\":[\"CON.F."
                  "US.MNQ.U26\"]}\x1e");
  EXPECT_EQ(lazy.read_frame().second, completion);
  const std::string filler(900'000, 'x');
  const auto body = Json::object().add("hub", Json::string("market")).add("text", Json::string(filler)).dump();
  RawClient control{loopback.port()};
  for (int i = 0; i < 24; ++i) {  // more than the system buffers and more than is kept for anyone
    ASSERT_THAT(control.ask(RawClient::post("/paper/raw", body)), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_THAT(control.ask("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("pong"));
  std::string view;
  do {
    view = control.ask("GET /paper/subscriptions HTTP/1.1\r\nHost: x\r\n\r\n");
  } while (view.find("\"hub\"") != std::string::npos);
  EXPECT_THAT(view, HasSubstr("\"connections\":[]")) << "it was dropped";
}

}  // namespace
}  // namespace paper
