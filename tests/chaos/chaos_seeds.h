#pragma once
// Which seeds a chaos run tries. RM_CHAOS_SEEDS: how many; RM_CHAOS_FIRST: from which on; RM_CHAOS_SECONDS: no new
// one is begun after that long.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace rm::test {

class ChaosSeeds {
 public:
  ChaosSeeds(std::uint64_t usual, std::chrono::seconds usual_time)
      : first_{number("RM_CHAOS_FIRST", 1)},
        end_{first_ + number("RM_CHAOS_SEEDS", usual)},
        until_{std::chrono::steady_clock::now() +
               std::chrono::seconds{number("RM_CHAOS_SECONDS", static_cast<std::uint64_t>(usual_time.count()))}} {}

  // Asked for a number of seeds and no time: all of them, however long they take.
  [[nodiscard]] bool goes_on(std::uint64_t seed) const {
    const bool counted = std::getenv("RM_CHAOS_SEEDS") != nullptr && std::getenv("RM_CHAOS_SECONDS") == nullptr;
    const bool timed = std::getenv("RM_CHAOS_SECONDS") != nullptr && std::getenv("RM_CHAOS_SEEDS") == nullptr;
    const bool in_time = std::chrono::steady_clock::now() < until_;
    return (timed || seed < end_) && (counted || in_time);
  }
  [[nodiscard]] std::uint64_t first() const { return first_; }

  [[nodiscard]] static std::string command(std::uint64_t seed, const std::string& program, const std::string& test) {
    return "RM_CHAOS_FIRST=" + std::to_string(seed) + " RM_CHAOS_SEEDS=1 build/release/tests/" + program +
           " --gtest_filter=" + test;
  }

 private:
  static std::uint64_t number(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
  }
  std::uint64_t first_, end_;
  std::chrono::steady_clock::time_point until_;
};

}  // namespace rm::test
