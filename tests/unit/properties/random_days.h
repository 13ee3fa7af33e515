#pragma once
// Days for a property. A few of the same ones each time, so that the suite is quick and a failure is seen again;
// RC_PARAMS="max_success=20000 seed=7" takes as many others as wanted. A failing day is shortened and printed.
#include <rapidcheck.h>

#include <cstdlib>

#include "support/random_day.h"

namespace rm::test {

inline const bool kFewDays = ::setenv("RC_PARAMS", "max_success=100 max_size=60 seed=20260901", 0) == 0;

inline RandomDay any_day() {
  const auto number = rc::gen::inRange(0, 10'000);
  RandomDay day;
  day.rules = *rc::gen::container<std::vector<int>>(24, rc::gen::noShrink(number)).as("rules");
  day.world = *rc::gen::container<std::vector<int>>(5, rc::gen::noShrink(number)).as("world");
  day.steps = *rc::gen::container<std::vector<std::array<int, 4>>>(rc::gen::container<std::array<int, 4>>(number))
                   .as("steps");
  return day;
}

}  // namespace rm::test
