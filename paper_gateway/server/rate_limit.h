// Requests allowed in a stretch of time, counted per user and bucket over a sliding window.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace paper {

enum class RateBucket { history, everything_else };

struct RateLimits {
  bool enabled = true;
  int history_requests = 50;
  std::int64_t history_window_ms = 30'000;
  int other_requests = 200;
  std::int64_t other_window_ms = 60'000;
  bool fixed_window = false;        // count from one full window to the next instead of back from now
  bool retry_after_header = false;  // say Retry-After with a 429
  std::int64_t ban_ms = 0;  // after the first refusal refuse everything for this long; 0: only the window counts
};

class RateLimiter {
 public:
  explicit RateLimiter(RateLimits limits) : limits_{limits} {}
  const RateLimits& limits() const { return limits_; }
  void set_limits(RateLimits limits) { limits_ = limits; }

  // Counts one request at `now_ms`, a time that never goes back. 0: allowed. Otherwise refused, and the milliseconds
  // until one would be allowed; a refused request does not count.
  std::int64_t admit(const std::string& user, RateBucket bucket, std::int64_t now_ms);

 private:
  struct Window {
    std::deque<std::int64_t> admitted;
    std::int64_t banned_until = 0;
  };
  RateLimits limits_;
  std::map<std::pair<std::string, RateBucket>, Window> windows_;
};

}  // namespace paper
