#include "projectx/wire/hub_record.h"

#include <gtest/gtest.h>

#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

// A record as one line: what it is and what it carries.
std::string spoken(std::string_view record) {
  JsonReader reader;
  WireTexts wire;
  const auto read = read_hub_record(reader, wire(record));
  if (!read) return "error";
  struct Speak {
    std::string operator()(const Invocation& r) const {
      return std::string{name_of(r.target)} + std::string{text_of(r.arguments)};
    }
    std::string operator()(const Completion& r) const {
      return "completion " + std::to_string(r.invocation) + (r.error ? " " + *r.error : "");
    }
    std::string operator()(const Ping&) const { return "ping"; }
    std::string operator()(const Close& r) const {
      return "close '" + r.error + "' " + (r.allow_reconnect ? "reconnect" : "stop");
    }
    std::string operator()(const Ignored&) const { return "ignored"; }
  };
  return std::visit(Speak{}, *read);
}

TEST(HubRecord, OneTable) {
  const struct {
    const char *name, *wire, *spoken;
  } cases[] = {
      {"ping", R"({"type":6})", "ping"},
      {"order", R"({"type":1,"target":"GatewayUserOrder","arguments":[{"a":1}]})", R"(GatewayUserOrder[{"a":1}])"},
      {"lower case", R"({"type":1,"target":"gatewayuserorder","arguments":[]})", "GatewayUserOrder[]"},
      {"account", R"({"type":1,"target":"GatewayUserAccount","arguments":[1]})", "GatewayUserAccount[1]"},
      {"position", R"({"type":1,"target":"GatewayUserPosition","arguments":[1]})", "GatewayUserPosition[1]"},
      {"trade", R"({"type":1,"target":"GatewayUserTrade","arguments":[1]})", "GatewayUserTrade[1]"},
      {"quote", R"({"type":1,"target":"GatewayQuote","arguments":[1]})", "GatewayQuote[1]"},
      {"print", R"({"type":1,"target":"GatewayTrade","arguments":[1]})", "GatewayTrade[1]"},
      {"depth", R"({"type":1,"target":"GatewayDepth","arguments":[1]})", "GatewayDepth[1]"},
      {"logout", R"({"type":1,"target":"GatewayLogout","arguments":["x"]})", R"(GatewayLogout["x"])"},
      {"members in another order", R"({"arguments":[ 1 ],"headers":{"a":"b"},"target":"GatewayQuote","type":1})",
       "GatewayQuote[ 1 ]"},
      {"escaped target", R"({"type":1,"target":"Gateway\u0051uote","arguments":[]})", "GatewayQuote[]"},
      {"unknown target", R"({"type":1,"target":"GatewayWeather","arguments":[]})", "unknown[]"},
      {"no arguments", R"({"type":1,"target":"GatewayQuote"})", "error"},
      {"arguments not an array", R"({"type":1,"target":"GatewayQuote","arguments":{}})", "error"},
      {"no target", R"({"type":1,"arguments":[]})", "error"},
      {"completion", R"({"type":3,"invocationId":"12"})", "completion 12"},
      {"completion, null result", R"({"type":3,"invocationId":"12","result":null})", "completion 12"},
      {"completion, id as number", R"({"type":3,"invocationId":12})", "completion 12"},
      {"completion of somebody else", R"({"type":3,"invocationId":"abc"})", "completion 0"},
      {"completion, error", R"({"type":3,"invocationId":"2","error":"no such method"})",
       "completion 2 no such method"},
      {"close", R"({"type":7,"error":"Connection closed with an error.","allowReconnect":true})",
       "close 'Connection closed with an error.' reconnect"},
      {"bare close", R"({"type":7})", "close '' stop"},
      {"stream item", R"({"type":2,"invocationId":"1","item":5})", "ignored"},
      {"ack", R"({"type":8,"sequenceId":5})", "ignored"},
      {"type of the future", R"({"type":99})", "ignored"},
      {"no type", R"({"target":"x"})", "error"},
      {"type as text", R"({"type":"6"})", "error"},
      {"two objects", R"({"type":6}{"type":6})", "error"},
      {"empty", "", "error"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(spoken(c.wire), c.spoken);
  }
}

TEST(HubRecord, WhatWeSayReadsBackAsWhatWeMeant) {
  std::string text;
  write_invocation(text, 7, "SubscribeOrders", "[26001234]");
  EXPECT_EQ(text, "{\"type\":1,\"invocationId\":\"7\",\"target\":\"SubscribeOrders\",\"arguments\":[26001234]}\x1e");
  EXPECT_EQ(spoken(std::string_view{text}.substr(0, text.size() - 1)), "unknown[26001234]");
  EXPECT_EQ(spoken(kPingText.substr(0, kPingText.size() - 1)), "ping");
  EXPECT_TRUE(kHandshakeText.ends_with('\x1e'));
}

TEST(HubRecord, HandshakeAnswers) {
  JsonReader reader;
  WireTexts wire;
  EXPECT_TRUE(read_handshake_answer(reader, wire("{}")));
  EXPECT_TRUE(read_handshake_answer(reader, wire(R"({"minorVersion":0})")));
  const auto refused =
      read_handshake_answer(reader, wire(R"({"error":"Requested protocol 'json' is not available."})"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::Refused, "Requested protocol 'json' is not available."}));
  EXPECT_EQ(read_handshake_answer(reader, wire(R"({"type":6})")).error().code, ErrorCode::Malformed);
  EXPECT_EQ(read_handshake_answer(reader, wire("<html>")).error().code, ErrorCode::Malformed);
}

}  // namespace
}  // namespace rm::projectx
