#include "paper_gateway/server/rate_limit.h"

namespace paper {

std::int64_t RateLimiter::admit(const std::string& user, RateBucket bucket, std::int64_t now_ms) {
  if (!limits_.enabled) return 0;
  const bool history = bucket == RateBucket::history;
  const auto length = history ? limits_.history_window_ms : limits_.other_window_ms;
  const auto allowed = static_cast<std::size_t>(history ? limits_.history_requests : limits_.other_requests);
  auto& window = windows_[{user, bucket}];
  if (now_ms < window.banned_until) return window.banned_until - now_ms;
  const auto oldest = limits_.fixed_window ? now_ms - now_ms % length : now_ms - length + 1;
  while (!window.admitted.empty() && window.admitted.front() < oldest) window.admitted.pop_front();
  if (window.admitted.size() < allowed) {
    window.admitted.push_back(now_ms);
    return 0;
  }
  if (limits_.ban_ms > 0) {
    window.banned_until = now_ms + limits_.ban_ms;
    return limits_.ban_ms;
  }
  if (limits_.fixed_window) return oldest + length - now_ms;
  return window.admitted.empty() ? length : window.admitted.front() + length - now_ms;
}

}  // namespace paper
