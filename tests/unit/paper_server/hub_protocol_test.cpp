#include "paper_gateway/server/hub_protocol.h"

#include "bench.h"

namespace paper {
namespace {

using ::testing::ElementsAre;

TEST(HubProtocol, WritesTheRecordsOfTheContract) {
  EXPECT_EQ(handshake_record(std::nullopt), "{}\x1e");
  EXPECT_EQ(handshake_record("no"), "{\"error\":\"no\"}\x1e");
  EXPECT_EQ(completion_record("1", std::nullopt), "{\"type\":3,\"invocationId\":\"1\"}\x1e");
  EXPECT_EQ(completion_record("2", "bad"), "{\"type\":3,\"invocationId\":\"2\",\"error\":\"bad\"}\x1e");
  EXPECT_EQ(ping_record(), "{\"type\":6}\x1e");
  EXPECT_EQ(close_record("Connection closed with an error.", true),
            "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\x1e");
  EXPECT_EQ(close_record(std::nullopt, false), "{\"type\":7}\x1e");
  EXPECT_EQ(invocation_record("GatewayLogout", {Json::string("why")}),
            "{\"type\":1,\"target\":\"GatewayLogout\",\"arguments\":[\"why\"]}\x1e");
}

TEST(HubProtocol, ReadsWhatClientsSend) {
  const auto call = parse_hub_message(
      R"({"arguments":[26001234],"x":1,"invocationId":"7","target":"SubscribeOrders","type":1,"headers":{}})");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->type, 1);
  EXPECT_EQ(call->invocation_id, "7");
  EXPECT_EQ(call->target, "SubscribeOrders");
  ASSERT_EQ(call->arguments.size(), 1U);
  EXPECT_EQ(call->arguments[0].as_integer(), 26001234);
  const auto silent = parse_hub_message(R"({"type":1,"target":"SubscribeAccounts","arguments":[]})");
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->invocation_id, std::nullopt);
  EXPECT_EQ(parse_hub_message(R"({"type":6})")->type, 6);
  EXPECT_EQ(parse_hub_message(R"({"type":4711})")->type, 0);
}

TEST(HubProtocol, RefusesBrokenRecords) {
  for (const auto* record :
       {"", "{", "[]", "1", "{}", R"({"type":"1"})", R"({"type":1})", R"({"type":1,"target":5,"arguments":[]})",
        R"({"type":1,"target":"A"})", R"({"type":1,"target":"A","arguments":{}})",
        R"({"type":1,"invocationId":1,"target":"A","arguments":[]})"}) {
    EXPECT_FALSE(parse_hub_message(record)) << record;
  }
}

TEST(HubProtocol, AcceptsOnlyTheJsonProtocolVersionOne) {
  EXPECT_EQ(handshake_problem(R"({"version":1,"protocol":"json"})"), std::nullopt);
  EXPECT_EQ(handshake_problem(R"({"protocol":"messagepack","version":1})"),
            "The protocol 'messagepack' is not supported.");
  EXPECT_EQ(handshake_problem(R"({"protocol":"json","version":2})"),
            "The server does not support version 2 of the 'json' protocol.");
  for (const auto* record : {"", "{}", "[]", "hello", R"({"protocol":"json"})", R"({"version":1})",
                             R"({"protocol":1,"version":1})", R"({"protocol":"json","version":"1"})"}) {
    EXPECT_NE(handshake_problem(record), std::nullopt) << record;
  }
}

TEST(RecordSplitter, GivesTheSameRecordsHoweverTheBytesAreCut) {
  const std::string bytes = "{\"a\":1}\x1e{}\x1e{\"b\":2}\x1e";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    RecordSplitter splitter;
    std::vector<std::string> records;
    EXPECT_TRUE(splitter.feed(std::string_view{bytes}.substr(0, cut), records));
    EXPECT_TRUE(splitter.feed(std::string_view{bytes}.substr(cut), records));
    EXPECT_THAT(records, ElementsAre(R"({"a":1})", "{}", R"({"b":2})"));
  }
}

TEST(RecordSplitter, RefusesARecordBeyond32KiB) {
  const std::string longest(max_client_record, 'x');
  std::vector<std::string> records;
  EXPECT_TRUE(RecordSplitter{}.feed(longest + record_end, records));
  EXPECT_EQ(records.size(), 1U);
  EXPECT_FALSE(RecordSplitter{}.feed(longest + "x", records));
  RecordSplitter slow;
  EXPECT_TRUE(slow.feed(longest, records));
  EXPECT_FALSE(slow.feed("x", records));
}

}  // namespace
}  // namespace paper
