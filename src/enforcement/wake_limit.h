#pragma once
// How often prices may bring a refused close forward: ten times at once, then every two seconds, for all accounts of
// a login together. Trading may be halted while prices go on, and the request budget is for exits that can succeed.

#include <algorithm>
#include <chrono>

#include "domain/time.h"

namespace rm {

class WakeLimit {
 public:
  [[nodiscard]] bool try_take(BrokerTime now) {
    // What was taken is given back with time: the limit is the lead over now.
    const BrokerTime paid_until = std::max(paid_until_, now) + kEvery;
    if (paid_until - now > kEvery * kAtOnce) return false;
    paid_until_ = paid_until;
    return true;
  }

 private:
  static constexpr int kAtOnce = 10;
  static constexpr Duration kEvery = std::chrono::seconds{2};
  BrokerTime paid_until_;
};

}  // namespace rm
