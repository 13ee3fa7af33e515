#pragma once
// The trading day: from one reset to the next. The instants come from outside (time zones are not the book's
// business).

#include <algorithm>
#include <vector>

#include "domain/time.h"

namespace rm {

class TradingCalendar {
 public:
  TradingCalendar() = default;
  // `resets` ascending, covering well before and after the time the program runs.
  explicit TradingCalendar(std::vector<BrokerTime> resets) : resets_{std::move(resets)} {}

  // The reset at or before `t`: the begin of its trading day. The first reset when `t` lies before all of them.
  [[nodiscard]] BrokerTime day_of(BrokerTime t) const {
    const auto after = std::upper_bound(resets_.begin(), resets_.end(), t);
    if (after == resets_.begin()) return resets_.empty() ? BrokerTime{} : resets_.front();
    return *std::prev(after);
  }
  // The first reset after `t`; one day later when the table ends before that (a missing table never ends a lock
  // early).
  [[nodiscard]] BrokerTime next_reset(BrokerTime t) const {
    const auto after = std::upper_bound(resets_.begin(), resets_.end(), t);
    return after == resets_.end() ? t + std::chrono::hours{24} : *after;
  }

 private:
  std::vector<BrokerTime> resets_;
};

}  // namespace rm
