#pragma once
// A market that behaves like one: busy at the open, quiet at lunch, bursts in between, real ticks, and the same again
// for the same seed.
#include <cstdint>
#include <memory>

#include "paper_gateway/feed/feed.h"

namespace paper {

struct WalkContract {
  std::string contract;          // contract id
  Decimal tick;                  // > 0
  Decimal start_price;           // a positive multiple of `tick`
  int quotes_per_second = 40;    // in an average regular-hours minute; 1 … 1000
  int daily_move_permille = 10;  // one standard deviation of a day's change, 1/1000 of the price; 0 … 200
};

// Each contract has its own stream of random numbers, so adding one does not change the others.
std::unique_ptr<PriceFeed> make_random_walk(std::vector<WalkContract> contracts, std::uint64_t seed, PaperTime start);

}  // namespace paper
