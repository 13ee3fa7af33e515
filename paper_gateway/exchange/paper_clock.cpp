#include "paper_gateway/exchange/paper_clock.h"

#include <algorithm>
#include <cmath>

namespace paper {

PaperClock::PaperClock(PaperTime start, std::int64_t monotonic_ns, double speed)
    : start_{start}, monotonic_start_{monotonic_ns}, speed_{speed > 0 ? speed : 1.0} {}

PaperTime PaperClock::now(std::int64_t monotonic_ns) const {
  const std::int64_t elapsed = std::max<std::int64_t>(0, monotonic_ns - monotonic_start_);
  if (speed_ == 1.0) return start_ + Nanos{elapsed};
  return start_ + Nanos{std::llround(static_cast<double>(elapsed) * speed_)};
}

void PaperClock::advance(Nanos jump) {
  if (jump > Nanos{0}) start_ = start_ + jump;
}

std::int64_t PaperClock::monotonic_at(PaperTime when) const {
  const std::int64_t ahead = (when - start_).count();
  if (ahead <= 0) return monotonic_start_;
  if (speed_ == 1.0) return monotonic_start_ + ahead;
  // Rounded up: at that reading now() has reached `when`, so a timer does not fire just too early.
  return monotonic_start_ + static_cast<std::int64_t>(std::ceil(static_cast<double>(ahead) / speed_)) + 1;
}

}  // namespace paper
