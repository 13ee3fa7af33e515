#pragma once
// Waiting for a condition instead of for a time. The deadline is generous: it only ends a test that fails anyway.

#include <chrono>
#include <thread>

namespace rm::test {

inline constexpr std::chrono::seconds kGenerous{45};

// True as soon as `condition()` is; false when it was not within `deadline`.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds deadline = kGenerous) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{15});
  }
  return true;
}

}  // namespace rm::test
