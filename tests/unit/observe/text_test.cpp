#include "observe/text.h"

#include <nlohmann/json.hpp>

namespace rm {
namespace {

std::string json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string plain(std::string_view text) {
  std::string out;
  append_plain(out, text);
  return out;
}

TEST(Text, EveryByteMakesAJsonStringThatReadsBack) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = {'a', static_cast<char>(c), 'b'};
    const auto read = nlohmann::json::parse(json(text), nullptr, false);
    ASSERT_TRUE(read.is_string()) << c;
    EXPECT_EQ(read.get<std::string>(), c < 0x80 ? text
                                                : "a\xef\xbf\xbd"
                                                  "b")
        << c;
  }
}

TEST(Text, WellFormedUtf8StaysAndEverythingElseIsReplaced) {
  for (const std::string text : {"é", "€", "日本", "\U0001F4C9"}) EXPECT_EQ(json(text), '"' + text + '"');
  for (const std::string bad :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5", "\xe2\x82", "\x80"}) {
    EXPECT_TRUE(nlohmann::json::accept(json(bad))) << bad;
    EXPECT_THAT(json(bad), ::testing::HasSubstr("\xef\xbf\xbd"));
    EXPECT_THAT(json(bad), ::testing::Not(::testing::HasSubstr(bad)));
  }
}

TEST(Text, EscapesAreTheShortOnes) {
  EXPECT_EQ(json("a\"b\\c\nd\te\rf\x01"), R"("a\"b\\c\nd\te\rf\u0001")");
}

TEST(Text, ALineStaysALine) {
  EXPECT_EQ(plain("refused\n2026-01-01 INFO all well\x1b[31m"), R"(refused\n2026-01-01 INFO all well\x1b[31m)");
}

}  // namespace
}  // namespace rm
