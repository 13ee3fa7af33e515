#include "paper_gateway/server/hub_session.h"

#include "bench.h"

namespace paper {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view handshake = R"({"protocol":"json","version":1})";
constexpr auto close_with_error = R"({"type":7,"error":"Connection closed with an error."})";

std::shared_ptr<HubClient> connected(Bench& bench) {
  auto client = bench.connect("/hubs/user?access_token=" + bench.token);
  EXPECT_NE(client, nullptr);
  return client;
}

TEST(HubSession, AnswersTheHandshakeBeforeAnythingElse) {
  Bench bench;
  auto client = connected(bench);
  EXPECT_THAT(client->records, IsEmpty());
  client->say(handshake);
  EXPECT_THAT(client->take(), ElementsAre("{}"));
}

TEST(HubSession, RecordsMayFollowTheHandshakeInTheSamePiece) {
  Bench bench;
  auto client = connected(bench);
  client->say(std::string{handshake} + "\x1e" +
              R"({"type":1,"invocationId":"1","target":"SubscribeOrders","arguments":[26001234]})");
  EXPECT_THAT(client->take(), ElementsAre("{}", R"({"type":3,"invocationId":"1"})"));
}

TEST(HubSession, RefusesOtherProtocolsAndCloses) {
  Bench bench;
  auto client = connected(bench);
  client->say(R"({"protocol":"messagepack","version":1})");
  EXPECT_THAT(client->take(), ElementsAre(R"({"error":"The protocol 'messagepack' is not supported."})"));
  EXPECT_TRUE(client->closed);
}

TEST(HubSession, GivesUpAHandshakeAfterFifteenSeconds) {
  Bench bench;
  auto client = connected(bench);
  bench.pass(14'999);
  EXPECT_FALSE(client->closed);
  bench.pass(1);
  EXPECT_TRUE(client->closed);
}

TEST(HubSession, PingsAfterFifteenSecondsOfSilenceOnly) {
  Bench bench;
  auto client = bench.connect_hub("user");
  bench.pass(14'999);
  EXPECT_THAT(client->take(), IsEmpty());
  bench.pass(1);
  EXPECT_THAT(client->take(), ElementsAre(R"({"type":6})"));
}

TEST(HubSession, DropsAClientThatIsSilentForThirtySeconds) {
  Bench bench;
  auto client = bench.connect_hub("user");
  bench.pass(20'000);
  client->say(R"({"type":6})");
  bench.pass(29'999);
  EXPECT_FALSE(client->closed);
  bench.pass(1);
  EXPECT_TRUE(client->closed);
  EXPECT_EQ(client->records.back(), R"({"type":7,"error":"Connection closed with an error.","allowReconnect":true})");
}

TEST(HubSession, AnswersEachCallWithOneCompletionAndSilentCallsWithNone) {
  Bench bench;
  auto client = bench.connect_hub("user");
  client->say(R"({"type":1,"target":"SubscribeOrders","arguments":[26001234]})");
  client->say(R"({"type":1,"target":"NoSuchMethod","arguments":[]})");
  EXPECT_THAT(client->take(), IsEmpty());
  client->say(R"({"type":1,"invocationId":"a","target":"subscribeorders","arguments":[26001234]})");
  EXPECT_THAT(client->take(), ElementsAre(R"({"type":3,"invocationId":"a"})"));
}

TEST(HubSession, SaysWhyACallFailed) {
  Bench bench;
  auto user = bench.connect_hub("user");
  auto market = bench.connect_hub("market");
  const std::string plain = R"(due to an error on the server."})";
  EXPECT_EQ(market->call("SubscribeContractDepth", R"(["CON.F.US.MNQ.U26"])"),
            R"({"type":3,"invocationId":"1","error":"Failed to invoke 'SubscribeContractDepth' )"
            R"(due to an error on the server. HubException: Method does not exist."})");
  for (const auto* arguments : {R"(["26001234"])", "[]", "[26001234,1]", "[26001234.5]", "[null]", "[{}]", "[true]",
                                "[99999999999]", "[26009999]", "[1]"}) {
    EXPECT_TRUE(user->call("SubscribeOrders", arguments).ends_with("'SubscribeOrders' " + plain)) << arguments;
  }
  EXPECT_TRUE(user->call("SubscribeAccounts", "[1]").ends_with("'SubscribeAccounts' " + plain));
  EXPECT_TRUE(market->call("SubscribeContractQuotes", "[5]").ends_with("'SubscribeContractQuotes' " + plain));
}

TEST(HubSession, RefusesStreamsAndIgnoresWhatItHasNoUseFor) {
  Bench bench;
  auto client = bench.connect_hub("user");
  client->say(R"({"type":4,"invocationId":"s","target":"SubscribeOrders","arguments":[26001234]})");
  EXPECT_THAT(client->take(),
              ElementsAre(R"({"type":3,"invocationId":"s","error":"The client attempted to invoke the )"
                          R"(non-streaming 'SubscribeOrders' method with a streaming invocation."})"));
  for (const auto* record : {R"({"type":2,"invocationId":"1","item":1})", R"({"type":3,"invocationId":"1"})",
                             R"({"type":5,"invocationId":"1"})", R"({"type":8,"sequenceId":1})", R"({"type":99})"}) {
    client->say(record);
  }
  EXPECT_THAT(client->take(), IsEmpty());
  EXPECT_FALSE(client->closed);
}

TEST(HubSession, ClosesOnGarbageAndOversizeRecords) {
  for (const std::string& record : {std::string{"garbage"}, std::string{"{}"}, std::string(40'000, 'x'),
                                    std::string{R"({"type":1,"target":"A"})"}, std::string(5'000, '[')}) {
    Bench bench;
    auto client = bench.connect_hub("user");
    client->say(record);
    EXPECT_THAT(client->take(), ElementsAre(close_with_error)) << record.substr(0, 40);
    EXPECT_TRUE(client->closed);
    client->say(R"({"type":1,"invocationId":"1","target":"SubscribeOrders","arguments":[26001234]})");
    EXPECT_THAT(client->take(), IsEmpty()) << "nothing is heard after the close";
  }
}

TEST(HubSession, EndsWhenTheClientSaysSo) {
  Bench bench;
  auto client = bench.connect_hub("user");
  client->say(R"({"type":7})");
  EXPECT_TRUE(client->closed);
  EXPECT_THAT(client->take(), IsEmpty());
}

}  // namespace
}  // namespace paper
