#include "projectx/rest/request_budget.h"

#include <algorithm>

namespace rm::projectx {

RequestBudget::RequestBudget(Settings settings)
    : settings_{settings}, taken_(static_cast<std::size_t>(settings.limit)) {}

int RequestBudget::used(std::int64_t now_ns) const {
  // Times only grow: walk back from the newest until one is outside the window.
  int used = 0;
  for (std::size_t i = 1; i <= count_; ++i, ++used) {
    const std::int64_t at = taken_[(head_ + taken_.size() - i) % taken_.size()];
    if (now_ns - at >= settings_.window_ns) break;
  }
  return used;
}

bool RequestBudget::try_take(Priority priority, std::int64_t now_ns) {
  if (remaining(priority, now_ns) == 0) return false;
  taken_[head_] = now_ns;
  head_ = (head_ + 1) % taken_.size();
  count_ = std::min(count_ + 1, taken_.size());
  return true;
}

int RequestBudget::remaining(Priority priority, std::int64_t now_ns) const {
  if (priority == Priority::Normal && stopped(now_ns)) return 0;
  return std::max(0, allowed(priority) - used(now_ns));
}

std::int64_t RequestBudget::next_chance(Priority priority, std::int64_t now_ns) const {
  const std::int64_t start = priority == Priority::Normal ? std::max(now_ns, stopped_until_ns_) : now_ns;
  const int over = used(start) - allowed(priority);
  if (over < 0) return start;
  // The request that has to leave the window: the allowed-th newest.
  const auto back = static_cast<std::size_t>(allowed(priority));
  return std::max(start, taken_[(head_ + taken_.size() - back) % taken_.size()] + settings_.window_ns);
}

void RequestBudget::on_rate_limited(std::int64_t now_ns, std::optional<int> retry_after_s) {
  const std::int64_t wait =
      retry_after_s ? std::clamp(*retry_after_s, 1, 600) * std::int64_t{1'000'000'000} : settings_.penalty_ns;
  stopped_until_ns_ = std::max(stopped_until_ns_, now_ns + wait);
}

}  // namespace rm::projectx
