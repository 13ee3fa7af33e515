#pragma once
// What is random in a test, the same for the same seed on every machine.

#include <cstddef>
#include <cstdint>
#include <random>

namespace rm::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_{seed} {}

  // 0 … n - 1
  [[nodiscard]] int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  [[nodiscard]] int between(int low, int high) { return low + below(high - low + 1); }
  [[nodiscard]] bool percent(int chance) { return below(100) < chance; }
  template <class List>
  [[nodiscard]] auto& one_of(List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(std::size(list))))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace rm::test
