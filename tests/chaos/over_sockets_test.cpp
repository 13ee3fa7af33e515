// The built programs over real sockets: random trading on several accounts at once, the paper gateway's faults,
// kills. A few seeds by default; RM_CHAOS_SEEDS or RM_CHAOS_SECONDS ask for a long run.

#include <gtest/gtest.h>

#include <iostream>

#include "chaos/chaos_seeds.h"
#include "chaos/wire_story.h"

namespace rm::test {
namespace {

TEST(ChaosOverSockets, WhateverGoesWrongTheAccountsEndProtected) {
  const ChaosSeeds seeds{5, std::chrono::seconds{12}};
  std::uint64_t seed = seeds.first();
  int bad = 0, kills = 0, locks = 0, faults = 0;
  for (; seeds.goes_on(seed) && bad < 3; ++seed) {
    WireStory story{seed};
    const auto complaints = story.run();
    kills += story.kills();
    locks += story.locks();
    faults += story.faults();
    if (complaints.empty()) continue;
    ++bad;
    std::string all;
    for (const std::string& complaint : complaints) all += "  " + complaint + '\n';
    ADD_FAILURE() << "seed " << seed << ":\n"
                  << all << "again: " << ChaosSeeds::command(seed, "chaos_tests", "'ChaosOverSockets.*'") << '\n'
                  << story.told();
  }
  std::cout << seed - seeds.first() << " seeds, " << faults << " faults, " << kills << " kills, " << locks
            << " locks until the reset\n";
  EXPECT_EQ(bad, 0);
  EXPECT_GT(seed, seeds.first());
}

}  // namespace
}  // namespace rm::test
