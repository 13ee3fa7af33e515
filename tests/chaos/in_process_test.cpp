// A thousand random days in virtual time: whatever fails on the way, once the faults are over the broker shows what
// the rules demand, and the book is the broker's.

#include <gtest/gtest.h>

#include <iostream>

#include "chaos/chaos_seeds.h"
#include "chaos/story.h"

namespace rm::test {
namespace {

// In four parts, so that several processors can share them.
class ChaosInProcess : public testing::TestWithParam<std::uint64_t> {};

constexpr std::uint64_t kParts = 4;

TEST_P(ChaosInProcess, AThousandRandomDaysEndProtected) {
  Surroundings surroundings;
  const ChaosSeeds seeds{1000, std::chrono::seconds{120}};
  std::uint64_t seed = seeds.first();
  int bad = 0, kills = 0, locks = 0, faults = 0;
  std::size_t requests = 0;
  int days = 0;
  for (; seeds.goes_on(seed) && bad < 5; ++seed) {
    if (seed % kParts != GetParam()) continue;
    ++days;
    Story story{seed, surroundings};
    const auto complaints = story.run();
    kills += story.kills();
    locks += story.locks();
    faults += story.faults();
    requests += story.world().broker.sent.size();
    if (complaints.empty()) continue;
    ++bad;
    std::string all;
    for (const std::string& complaint : complaints) all += "  " + complaint + '\n';
    ADD_FAILURE() << "seed " << seed << ":\n"
                  << all << "again: " << ChaosSeeds::command(seed, "chaos_tests", "'*ChaosInProcess*'") << '\n'
                  << story.told();
  }
  std::cout << days << " days, " << faults << " faults, " << kills << " kills, " << requests << " requests, " << locks
            << " locks until the reset\n";
  EXPECT_EQ(bad, 0);
  EXPECT_GT(days, 0);
}

TEST(ChaosRepeats, TheSameSeedTellsTheSameStory) {
  Surroundings surroundings;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Story once{seed, surroundings}, again{seed, surroundings};
    EXPECT_EQ(once.run(), again.run());
    EXPECT_EQ(once.told(), again.told());
    EXPECT_EQ(once.world().broker.sent.size(), again.world().broker.sent.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Part, ChaosInProcess, testing::Range<std::uint64_t>(0, kParts));

}  // namespace
}  // namespace rm::test
