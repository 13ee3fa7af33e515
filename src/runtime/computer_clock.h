#pragma once
// The computer's own clock: until the broker's time is known, and where a record has to say what it showed.

#include <chrono>

#include "domain/time.h"

namespace rm {

[[nodiscard]] inline BrokerTime computer_clock() {
  return BrokerTime::from_nanos(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count());
}

}  // namespace rm
