#pragma once

#include <chrono>
#include <concepts>

#include "net/loop.h"

namespace rm::test {

// Runs the loop until `done()`; false after 20 s, which only a bug takes.
template <std::predicate Done>
[[nodiscard]] bool run_until(net::Loop& loop, Done done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    loop.run_one_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace rm::test
