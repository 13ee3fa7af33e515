#include "desk.h"

namespace paper {
namespace {

TEST(Decimal, ReadsAndPrintsExactly) {
  const struct {
    const char* in;
    const char* minimal;
    const char* fixed;
  } cases[] = {{"0", "0", "0.000000000"},
               {"29500.25", "29500.25", "29500.250000000"},
               {"-41", "-41", "-41.000000000"},
               {"5e-7", "0.0000005", "0.000000500"},
               {"5E-7", "0.0000005", "0.000000500"},
               {"1.25e+2", "125", "125.000000000"},
               {"-0.5", "-0.5", "-0.500000000"},
               {"6335.250000000", "6335.25", "6335.250000000"},
               {"6335.2500000000000000000000", "6335.25", "6335.250000000"},
               {"0.00390625", "0.00390625", "0.003906250"},
               {"0e999999999", "0", "0.000000000"},
               {"-9223372036.854775807", "-9223372036.854775807", "-9223372036.854775807"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.in);
    const auto read = Decimal::parse(c.in);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->text(), c.minimal);
    EXPECT_EQ(read->fixed(), c.fixed);
  }
}

TEST(Decimal, RefusesWhatItCannotHoldExactly) {
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "abc", "1.2.3", "1 ", " 1", "0x10", "NaN", "1e10",
                           "9223372036.854775808", "99999999999999999999", "0.0000000001", "1e-10", "1e999999999"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(Decimal, SumsStopAtTheEnds) {
  const Decimal most = Decimal::from_nanos(INT64_MAX);
  EXPECT_EQ(most + 1_d, most);
  EXPECT_EQ(-most - 100_d, Decimal::from_nanos(INT64_MIN));
  EXPECT_EQ(most * -3, Decimal::from_nanos(INT64_MIN));
  EXPECT_EQ(Decimal::from_nanos(INT64_MIN).text(), "-9223372036.854775808");
}

TEST(Decimal, LiteralsAreTheDigitsAsWritten) {
  EXPECT_EQ(0.1_d + 0.2_d, 0.3_d);
  EXPECT_EQ((0.0000005_d).nanos(), 500);
}

}  // namespace
}  // namespace paper
