#pragma once
// The gateway allows 200 requests in 60 s for a login. We stay at 80 % of that, and part of it is for exits alone.
// Pure.

#include <cstdint>
#include <optional>
#include <vector>

namespace rm::projectx {

enum class Priority : std::uint8_t { Urgent, Normal };  // urgent: exits and the reads that verify them

struct BudgetSettings {
  int limit = 160;   // requests within the window
  int reserve = 60;  // of these, for urgent ones alone; 0 <= reserve < limit
  std::int64_t window_ns = 60'000'000'000;
  std::int64_t penalty_ns = 60'000'000'000;  // after HTTP 429 without a Retry-After
};

class RequestBudget {
 public:
  using Settings = BudgetSettings;
  explicit RequestBudget(Settings settings = {});

  // Takes one request if it may go now. `now_ns` is monotonic.
  [[nodiscard]] bool try_take(Priority priority, std::int64_t now_ns);
  [[nodiscard]] int remaining(Priority priority, std::int64_t now_ns) const;  // that could be taken at this instant
  // When the next request of this priority may go; `now_ns` or later.
  [[nodiscard]] std::int64_t next_chance(Priority priority, std::int64_t now_ns) const;

  // HTTP 429: everything but exits stops for `retry_after_s`, or the penalty.
  void on_rate_limited(std::int64_t now_ns, std::optional<int> retry_after_s);
  [[nodiscard]] bool stopped(std::int64_t now_ns) const { return now_ns < stopped_until_ns_; }

 private:
  [[nodiscard]] int used(std::int64_t now_ns) const;
  [[nodiscard]] int allowed(Priority priority) const {
    return priority == Priority::Urgent ? settings_.limit : settings_.limit - settings_.reserve;
  }

  Settings settings_;
  std::vector<std::int64_t> taken_;  // ring of the last `limit` times
  std::size_t head_ = 0;             // where the next goes
  std::size_t count_ = 0;
  std::int64_t stopped_until_ns_ = INT64_MIN;
};

}  // namespace rm::projectx
