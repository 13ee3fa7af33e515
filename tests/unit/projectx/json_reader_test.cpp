#include "projectx/wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

using testing::ElementsAre;

// "name=kind:text" of every member, or the error.
std::vector<std::string> members_of(std::string_view json) {
  JsonReader reader;
  WireTexts wire;
  const auto members = reader.members(wire(json));
  if (!members) return {"error"};
  std::vector<std::string> out;
  for (const auto& [name, value] : *members) {
    out.push_back(std::string{name} + "=" + std::string{"0bn\"{["[static_cast<std::size_t>(value.kind)]} +
                  std::string{value.text});
  }
  return out;
}

TEST(JsonReader, SplitsAnObjectIntoItsMembers) {
  EXPECT_THAT(
      members_of(R"( { "a" : 1 ,"b":"x","c":true,"d":null , "e":{"f":[1,2]} ,"g":[ {"h":"}"} ] , "i":-1.5e-7 } )"),
      ElementsAre("a=n1", "b=\"x", "c=btrue", "d=0null", "e={{\"f\":[1,2]}", "g=[[ {\"h\":\"}\"} ]", "i=n-1.5e-7"));
  EXPECT_THAT(members_of("{}"), ElementsAre());
}

TEST(JsonReader, ResolvesEscapesInNamesAndTexts) {
  EXPECT_THAT(members_of(R"({"a\u0062c":"x\"y\\z\n\u00e9"})"), ElementsAre("abc=\"x\"y\\z\n\xc3\xa9"));
}

TEST(JsonReader, KeepsNumbersAsWritten) {
  EXPECT_THAT(members_of(R"({"a":9007199254740993,"b":0.10000000000000000000001,"c":6335.250000000})"),
              ElementsAre("a=n9007199254740993", "b=n0.10000000000000000000001", "c=n6335.250000000"));
}

TEST(JsonReader, RefusesWhatIsNotOneObject) {
  const char* const bad[] = {"",
                             " ",
                             "1",
                             "\"a\"",
                             "[1]",
                             "null",
                             "{",
                             "}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{\"a\":1}x",
                             "{\"a\":1}{}",
                             "{\"a\":1}}",
                             "{\"a\" 1}",
                             "{a:1}",
                             "{\"a\":tru}",
                             "{\"a\":01}",
                             "{\"a\":1.}",
                             "{\"a\":.5}",
                             "{\"a\":+1}",
                             "{\"a\":-}",
                             "{\"a\":1e}",
                             "{\"a\":nan}",
                             "{\"a\":\"}",
                             "{\"a\":[1}",
                             "{\"a\":{]}",
                             "{'a':1}",
                             "{\"a\":1 2}",
                             "{\"a\":\"\x01\"}",
                             "{\"a\":\"\xff\"}",
                             "{\"a\":\"\\x\"}",
                             "{\"a\":\"\\ud800\"}"};
  for (const char* json : bad) {
    SCOPED_TRACE(json);
    EXPECT_THAT(members_of(json), ElementsAre("error"));
  }
}

TEST(JsonReader, RefusesAnObjectCutAfterAnyByte) {
  const std::string whole =
      R"({"type":1,"target":"GatewayUserOrder","arguments":[{"action":1,"data":{"id":3,"x":[1,2,"\"a"]}}]})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    SCOPED_TRACE(cut);
    EXPECT_THAT(members_of(whole.substr(0, cut)), ElementsAre("error"));
  }
  EXPECT_EQ(members_of(whole).size(), 3U);
}

TEST(JsonReader, RefusesAnObjectOfTooManyMembers) {
  std::string json = "{";
  for (int i = 0; i < 4097; ++i) json += "\"a\":1,";
  json.back() = '}';
  EXPECT_THAT(members_of(json), ElementsAre("error"));
}

TEST(JsonReader, SplitsAnArray) {
  JsonReader reader;
  WireTexts wire;
  const auto elements = reader.elements(wire(R"([1,null,"x",{"a":[]},[[2]]])"));
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 5U);
  EXPECT_EQ((*elements)[1].kind, JsonKind::Null);
  EXPECT_EQ((*elements)[3].text, R"({"a":[]})");
  EXPECT_EQ((*elements)[4].text, "[[2]]");
  EXPECT_TRUE(reader.elements(wire("[]"))->empty());
  for (const char* bad : {"", "{}", "[", "[1", "[1,", "[1,]", "[1]]", "[1] 2", "[,]", "[1 2]"}) {
    SCOPED_TRACE(bad);
    EXPECT_FALSE(reader.elements(wire(bad)));
  }
}

// A nested text is followed by the rest of the message it came from. Found by fuzzing: a comma there was taken for a
// separator.
TEST(JsonReader, TakesNothingFromBehindATextThatBreaksOff) {
  for (const char behind : {',', ']', '}', '[', '{', '"', ':', '1', ' ', '\\'}) {
    JsonReader reader;
    WireTexts wire;
    for (const char* broken : {"[[]", "[[1]", "[{}]]", "[{\"a\":[]]", "[", "[1", "[[[]]"}) {
      SCOPED_TRACE(std::string{broken} + behind);
      EXPECT_FALSE(reader.elements(wire(broken, behind)));
    }
    for (const char* broken : {"{\"a\":{}", "{\"a\":[}", "{\"a\":{\"b\":1}", "{", "{\"a\":1", "{\"a\"}"}) {
      SCOPED_TRACE(std::string{broken} + behind);
      EXPECT_FALSE(reader.members(wire(broken, behind)));
    }
  }
}

TEST(JsonReader, DeepNestingIsHandedOnOrRefusedButNeverFollowed) {
  std::string deep(200'000, '[');
  EXPECT_THAT(members_of("{\"a\":" + deep + "}"), ElementsAre("error"));
  deep += std::string(200'000, ']');
  JsonReader reader;
  WireTexts wire;
  (void)reader.elements(wire(deep));
}

}  // namespace
}  // namespace rm::projectx
