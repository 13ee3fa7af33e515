#include "paper_gateway/server/json.h"

#include "bench.h"

namespace paper {
namespace {

TEST(Json, KeepsTheTextOfEveryNumber) {
  for (const auto* text : {"29500.25", "0.0000005", "5e-7", "-41", "9223372036854775807", "18446744073709551615",
                           "123456789012345678901234567890", "6335.250000000", "0"}) {
    SCOPED_TRACE(text);
    const auto parsed = json(text);
    EXPECT_EQ(parsed.number_text(), text);
    EXPECT_EQ(parsed.dump(), text);
  }
}

TEST(Json, AnIntegerHasNeitherFractionNorExponentAndFits64Bits) {
  EXPECT_EQ(json("3500000001").as_integer(), 3'500'000'001);
  EXPECT_EQ(json("-5").as_integer(), -5);
  for (const auto* text : {"5.0", "5e3", "9223372036854775808", "\"5\"", "true", "null", "[5]"}) {
    EXPECT_EQ(json(text).as_integer(), std::nullopt) << text;
  }
}

TEST(Json, WritesWhatItReads) {
  const std::string text = R"({"a":[1,2.50,{"b":null}],"c":"say \"hi\" \\ \u0001","d":true,"e":{},"f":[]})";
  EXPECT_EQ(json(text).dump(), text);
}

TEST(Json, FindsMembersWithoutRegardToCaseAndTakesTheLast) {
  const auto object = json(R"({"accountId":1,"ACCOUNTID":2})");
  ASSERT_NE(object.find("AccountId"), nullptr);
  EXPECT_EQ(object.find("AccountId")->as_integer(), 2);
  EXPECT_EQ(object.find("accountI"), nullptr);
  EXPECT_EQ(json("[1]").find("a"), nullptr);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const std::string text :
       {"", " ", "{", "[1,]", "{\"a\"}", "nul", "01", "1.", "\"\\x\"", "\"\xff\"", "{} {}", "NaN", "'a'", "\x01"}) {
    EXPECT_FALSE(Json::parse(text)) << text;
  }
}

TEST(Json, RefusesNestingThatWouldExhaustTheStack) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_TRUE(Json::parse(nested(Json::max_depth)));
  EXPECT_FALSE(Json::parse(nested(Json::max_depth + 1)));
  EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace paper
