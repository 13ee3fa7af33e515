#pragma once
// Repeatable random numbers: the same seed gives the same day on every machine and standard library.
#include <cstdint>

namespace paper {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {  // SplitMix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

  // 0 … bound − 1; `bound` > 0.
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }

  // True `parts` times out of a million.
  bool chance(std::int64_t parts_per_million) { return below(1'000'000) < parts_per_million; }

  // Waiting time with the given mean, as between independent arrivals; > 0. Made from integers only.
  std::int64_t waiting_time(std::int64_t mean);

 private:
  std::uint64_t state_;
};

}  // namespace paper
