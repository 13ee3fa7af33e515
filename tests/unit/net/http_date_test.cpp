#include "net/http_date.h"

#include <gtest/gtest.h>

namespace rm::net {
namespace {

TEST(HttpDate, ReadsTheFormServersHaveToSend) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(parse_http_date("Tue, 29 Feb 2028 23:59:59 GMT"), 1835481599);
}

TEST(HttpDate, NothingElseIsADate) {
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 08:4 :37 GMT"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

TEST(RetryAfter, IsSecondsOrADateCountedFromTheAnswer) {
  EXPECT_EQ(parse_retry_after("5", {}), 5);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111777 - 12), 12);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111777 + 12), 0);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", {}), std::nullopt);
  EXPECT_EQ(parse_retry_after("", {}), std::nullopt);
  EXPECT_EQ(parse_retry_after("-5", {}), std::nullopt);
  EXPECT_EQ(parse_retry_after("99999999999", {}), std::nullopt);
  EXPECT_EQ(parse_retry_after("1.5", {}), std::nullopt);
}

}  // namespace
}  // namespace rm::net
