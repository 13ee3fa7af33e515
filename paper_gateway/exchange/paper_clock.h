#pragma once

#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// Paper time as a function of the monotonic clock: start + (monotonic − then) × speed + jumps. Never goes back.
// Holds no clock itself: the monotonic reading (ns) is an argument.
class PaperClock {
 public:
  PaperClock(PaperTime start, std::int64_t monotonic_ns, double speed = 1.0);  // speed > 0
  PaperTime now(std::int64_t monotonic_ns) const;
  void advance(Nanos jump);                         // forward only; a negative jump is ignored
  std::int64_t monotonic_at(PaperTime when) const;  // the reading at which now() reaches `when`: for timers
  double speed() const { return speed_; }

 private:
  PaperTime start_;
  std::int64_t monotonic_start_;
  double speed_;
};

}  // namespace paper
