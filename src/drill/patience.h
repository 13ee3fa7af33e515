#pragma once
// Waiting for other processes: looked at again and again, never slept through.

#include <chrono>
#include <thread>

namespace rm::drill {

// True as soon as `done()` is; false when it still is not after `patience`.
template <class Done>
[[nodiscard]] bool wait_until(Done done, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace rm::drill
