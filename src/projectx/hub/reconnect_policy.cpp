#include "projectx/hub/reconnect_policy.h"

#include <algorithm>

namespace rm::projectx {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr nanoseconds kLongest = seconds{15};

// splitmix64: a step of a fixed sequence, not a source of secrets.
std::uint64_t step(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

nanoseconds ReconnectPolicy::shortened(nanoseconds delay) {
  const auto permille = static_cast<std::int64_t>(step(random_) % 251);
  return delay - delay / 1000 * permille;
}

nanoseconds ReconnectPolicy::on_lost(HubLoss loss, std::int64_t now_ns) {
  if (connected_since_ns_ >= 0) {
    const std::int64_t lasted = now_ns - connected_since_ns_;
    if (lasted >= 30 * kSecond) attempts_ = 0;
    if (lasted >= 120 * kSecond) logouts_ = 0;
  }
  connected_since_ns_ = -1;
  if (loss == HubLoss::LoggedOut) {
    logout_times_[logouts_ever_++ % logout_times_.size()] = now_ns;
    return std::min<nanoseconds>(seconds{2} * ++logouts_, kLongest);
  }
  const int attempt = attempts_++;
  if (attempt == 0) return nanoseconds{0};
  return shortened(std::min<nanoseconds>(milliseconds{500} * (1 << std::min(attempt - 1, 5)), kLongest));
}

bool ReconnectPolicy::pushed_out(std::int64_t now_ns) const {
  if (logouts_ever_ < logout_times_.size()) return false;
  return now_ns - *std::ranges::min_element(logout_times_) <= 120 * kSecond;
}

}  // namespace rm::projectx
