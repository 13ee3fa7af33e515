#pragma once
// Notices a market feed that is frozen while its connection looks healthy: pings go on, prices do not, and only a new
// connection brings them back. Pure: the caller asks now and then.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace rm::projectx {

class FeedWatch {
 public:
  // `patience` > 0: how long no data is still no sign.
  explicit FeedWatch(std::chrono::nanoseconds patience) : first_patience_{patience}, patience_{patience} {}

  void on_connected(std::int64_t now_ns) { quiet_since_ns_ = now_ns; }
  void on_lost() { quiet_since_ns_ = kNever; }
  void on_data(std::int64_t now_ns) {
    quiet_since_ns_ = now_ns;
    patience_ = first_patience_;
  }

  // True: reconnect now. `expected`: the market is open and prices of something are subscribed; while it is not, the
  // silence is nobody's fault and does not count. A reconnect that brings nothing doubles the patience, up to five
  // minutes: a market may be that quiet.
  [[nodiscard]] bool frozen(bool expected, std::int64_t now_ns) {
    if (quiet_since_ns_ == kNever) return false;
    if (!expected) {
      quiet_since_ns_ = now_ns;
      return false;
    }
    if (now_ns - quiet_since_ns_ < patience_.count()) return false;
    patience_ = std::max(patience_, std::min(patience_ * 2, kMostPatience));
    quiet_since_ns_ = now_ns;
    return true;
  }

 private:
  static constexpr std::chrono::nanoseconds kMostPatience = std::chrono::minutes{5};
  static constexpr std::int64_t kNever = -1;
  std::int64_t quiet_since_ns_ = kNever;
  std::chrono::nanoseconds first_patience_, patience_;
};

}  // namespace rm::projectx
