// Decimal text <-> nanos: one table, both directions; hostile text; limits.
#include <limits>
#include <random>

#include "domain/decimal.h"

namespace rm {
namespace {

struct Case {
  const char* text;
  std::int64_t nanos;
  const char* shortest;
  const char* money;
};

constexpr Case kCases[] = {
    {"0", 0, "0", "0.00"},
    {"-0", 0, "0", "0.00"},
    {"1", 1'000'000'000, "1", "1.00"},
    {"-12.5", -12'500'000'000, "-12.5", "-12.50"},
    {"6335.250000000", 6'335'250'000'000, "6335.25", "6335.25"},
    {"5e-7", 500, "0.0000005", "0.0000005"},
    {"0.0000005", 500, "0.0000005", "0.0000005"},
    {"7.8125", 7'812'500'000, "7.8125", "7.8125"},
    {"1E3", 1'000'000'000'000, "1000", "1000.00"},
    {"1.5e+2", 150'000'000'000, "150", "150.00"},
    {"25e-1", 2'500'000'000, "2.5", "2.50"},
    {"0.000000001", 1, "0.000000001", "0.000000001"},
    {"-0.000000001", -1, "-0.000000001", "-0.000000001"},
    {"28446.333333333", 28'446'333'333'333, "28446.333333333", "28446.333333333"},
    {"9223372036.854775807", std::numeric_limits<std::int64_t>::max(), "9223372036.854775807",
     "9223372036.854775807"},
    {"-9223372036.854775808", std::numeric_limits<std::int64_t>::min(), "-9223372036.854775808",
     "-9223372036.854775808"},
};

TEST(Decimal, TextAndNanosBothWays) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    ASSERT_TRUE(parse_nanos(c.text).has_value());
    EXPECT_EQ(*parse_nanos(c.text), c.nanos);
    EXPECT_EQ(format_nanos(c.nanos), c.shortest);
    EXPECT_EQ(format_nanos(c.nanos, 2), c.money);
    EXPECT_EQ(parse_nanos(c.shortest).value(), c.nanos);
  }
}

TEST(Decimal, ZerosBehindTheNinthDecimalCarryNothing) {
  EXPECT_EQ(parse_nanos("1.0000000000").value(), 1'000'000'000);
  EXPECT_EQ(parse_nanos("0.5" + std::string(400, '0')).value(), 500'000'000);
  EXPECT_EQ(parse_nanos("0." + std::string(400, '0')).value(), 0);
  EXPECT_EQ(parse_nanos("5000e-10").value(), 500);
}

TEST(Decimal, ATenthDecimalIsRefusedNotRounded) {
  for (const char* text : {"0.0000000001", "1.0000000005", "5e-10", "1e-30"}) {
    SCOPED_TRACE(text);
    ASSERT_FALSE(parse_nanos(text).has_value());
    EXPECT_EQ(parse_nanos(text).error().code, ErrorCode::OutOfRange);
  }
}

TEST(Decimal, WhatIsNotANumberIsMalformed) {
  for (const char* text :
       {"",    "-",  "+",  ".",    "1.",  "-.",  "e5",       "1e",   "1e+",   "1e-",  "abc",   "1,5", "1.2.3",
        "--1", "1 ", " 1", "0x10", "NaN", "inf", "Infinity", "1e5x", "1_000", "null", "\"5\"", "5\n", "٣"}) {
    SCOPED_TRACE(text);
    ASSERT_FALSE(parse_nanos(text).has_value());
    EXPECT_EQ(parse_nanos(text).error().code, ErrorCode::Malformed);
  }
  EXPECT_FALSE(parse_nanos(std::string_view{"5\0", 2}).has_value());
}

TEST(Decimal, TooLargeIsOutOfRangeNeverWrappedAround) {
  const std::string many(200, '9');
  for (const std::string& text :
       {std::string{"9223372036.854775808"}, std::string{"-9223372036.854775809"}, std::string{"1e10"},
        std::string{"1e30"}, std::string{"1e999999999999"}, std::string{"1e-999999999999"}, many, "-" + many,
        "0." + many, "1" + std::string(60, '0')}) {
    SCOPED_TRACE(text);
    ASSERT_FALSE(parse_nanos(text).has_value());
    EXPECT_EQ(parse_nanos(text).error().code, ErrorCode::OutOfRange);
  }
}

TEST(Decimal, ErrorsShowABoundedPieceOfTheText) {
  const auto result = parse_nanos(std::string(10'000, 'x'));
  ASSERT_FALSE(result.has_value());
  EXPECT_LT(result.error().message.size(), 100U);
}

TEST(Decimal, EveryValueSurvivesTextAndBack) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 5'000; ++i) {
    const auto nanos = static_cast<std::int64_t>(random()) >> (random() % 60);
    ASSERT_EQ(parse_nanos(format_nanos(nanos)).value(), nanos);
    ASSERT_EQ(parse_nanos(format_nanos(nanos, 2)).value(), nanos);
  }
}

}  // namespace
}  // namespace rm
