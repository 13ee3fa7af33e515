#include "paper_gateway/server/rate_limit.h"

#include "bench.h"

namespace paper {
namespace {

TEST(RateLimiter, SlidesItsWindow) {
  RateLimiter limiter{{.other_requests = 2, .other_window_ms = 1'000}};
  const auto admit = [&](std::int64_t now) { return limiter.admit("u", RateBucket::everything_else, now); };
  EXPECT_EQ(admit(0), 0);
  EXPECT_EQ(admit(400), 0);
  EXPECT_EQ(admit(999), 1) << "until the first one leaves the window";
  EXPECT_EQ(admit(1'000), 0);
  EXPECT_EQ(admit(1'001), 399);
}

TEST(RateLimiter, MayCountFromOneFullWindowToTheNext) {
  RateLimiter limiter{{.other_requests = 2, .other_window_ms = 1'000, .fixed_window = true}};
  const auto admit = [&](std::int64_t now) { return limiter.admit("u", RateBucket::everything_else, now); };
  EXPECT_EQ(admit(900), 0);
  EXPECT_EQ(admit(950), 0);
  EXPECT_EQ(admit(999), 1);
  EXPECT_EQ(admit(1'000), 0) << "a sliding window would refuse until 1900";
  EXPECT_EQ(admit(1'001), 0);
  EXPECT_EQ(admit(1'002), 998);
}

TEST(RateLimiter, CountsUsersAndBucketsApart) {
  RateLimiter limiter{{.history_requests = 1, .other_requests = 1}};
  EXPECT_EQ(limiter.admit("a", RateBucket::everything_else, 0), 0);
  EXPECT_EQ(limiter.admit("b", RateBucket::everything_else, 0), 0);
  EXPECT_EQ(limiter.admit("a", RateBucket::history, 0), 0);
  EXPECT_NE(limiter.admit("a", RateBucket::history, 0), 0);
}

TEST(RateLimiter, BansForALongerTimeWhereAsked) {
  RateLimiter limiter{{.other_requests = 1, .other_window_ms = 10, .ban_ms = 1'000}};
  EXPECT_EQ(limiter.admit("a", RateBucket::everything_else, 0), 0);
  EXPECT_EQ(limiter.admit("a", RateBucket::everything_else, 5), 1'000);
  EXPECT_EQ(limiter.admit("a", RateBucket::everything_else, 905), 100);
  EXPECT_EQ(limiter.admit("a", RateBucket::everything_else, 1'005), 0);
}

TEST(RateLimiter, TheGatewayAnswers429AfterTwoHundredRequestsAMinute) {
  Bench bench;  // its login was the first of the two hundred
  const std::string body = R"({"onlyActiveAccounts":true})";
  for (int i = 0; i < 199; ++i) ASSERT_EQ(bench.post("/api/Account/search", body).status, 200) << i;
  const auto refused = bench.post("/api/Account/search", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.body.empty());
  EXPECT_TRUE(refused.headers.empty());
  bench.mono_ns += 60'000'000'000;
  EXPECT_EQ(bench.post("/api/Account/search", body).status, 200);
}

TEST(RateLimiter, HistoryHasItsOwnBucketOfFiftyInThirtySeconds) {
  Bench bench;
  bench.control("/paper/settings", R"({"retryAfter":true})");
  const std::string body =
      R"({"contractId":"CON.F.US.MNQ.U26","live":false,"startTime":"2026-09-01T00:00:00Z",)"
      R"("endTime":"2026-09-02T00:00:00Z","unit":2,"unitNumber":1,"limit":10,"includePartialBar":true})";
  for (int i = 0; i < 50; ++i) ASSERT_EQ(bench.post("/api/History/retrieveBars", body).status, 200) << i;
  const auto refused = bench.post("/api/History/retrieveBars", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers, (Pairs{{"Retry-After", "30"}}));
  EXPECT_EQ(bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").status, 200);
}

}  // namespace
}  // namespace paper
