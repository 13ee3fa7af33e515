#include "drill/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::drill {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(DrillFields, KeepTheDigitsOfANumber) {
  const Fields fields = flatten(R"({"a":{"price":29499.750000000,"tick":5e-7},"big":9007199254740993})");
  EXPECT_EQ(text(fields, "a.price"), "29499.750000000");
  EXPECT_EQ(text(fields, "a.tick"), "5e-7");
  EXPECT_EQ(number(fields, "big"), 9007199254740993);
}

TEST(DrillFields, NameMembersOfMembersAndEntriesOfLists) {
  const Fields fields = flatten(R"({"x":[{"y":1,"z":[true,null]},{"y":2}],"w":"a\"b"})");
  EXPECT_EQ(text(fields, "x.1.y"), "2");
  EXPECT_EQ(text(fields, "x.0.z.0"), "true");
  EXPECT_EQ(text(fields, "x.0.z.1"), "");
  EXPECT_EQ(text(fields, "w"), "a\"b");
  EXPECT_EQ(text(fields, "absent"), "");
}

TEST(DrillFields, ElementsOfAListComeInItsOrderBeyondTheTenth) {
  std::string json = R"({"list":[)";
  for (int i = 0; i < 12; ++i) json += (i ? ",{\"n\":" : "{\"n\":") + std::to_string(i) + "}";
  const auto all = elements(flatten(json + "]}"), "list");
  ASSERT_THAT(all, SizeIs(12));
  for (int i = 0; i < 12; ++i) EXPECT_EQ(number(all[static_cast<std::size_t>(i)], "n"), i);
}

TEST(DrillFields, WhatIsNoObjectIsEmpty) {
  for (const char* json : {"", "7", "[1]", "{\"a\":", "{\"a\":1}x", "null"})
    EXPECT_THAT(flatten(json), IsEmpty()) << json;
}

TEST(DrillFields, AHalfWrittenLastLineIsLeftOut) {
  const auto all = lines("{\"a\":1}\n{\"a\":2}\n{\"a\":");
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(text(all[1], "a"), "2");
}

}  // namespace
}  // namespace rm::drill
