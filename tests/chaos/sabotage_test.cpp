// The chaos run is worth what it notices: the same days again, each time with one link cut outside of the code under
// test, and the judge has to complain.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chaos/story.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

// How many of the first days end in a complaint.
int days_that_fail(const std::function<void(Story&)>& cut, Reconciler::Pace pace = {}) {
  constexpr std::uint64_t kDays = 40;
  Surroundings surroundings;
  int failed = 0;
  for (std::uint64_t seed = 1; seed <= kDays; ++seed) {
    Story story{seed, surroundings, pace};
    cut(story);
    if (!story.run().empty()) ++failed;
  }
  return failed;
}

template <class Ask>
std::function<void(Story&)> pretend() {
  return [](Story& story) {
    story.world().broker.pretend = [](const BrokerRequest& request) {
      return std::holds_alternative<Ask>(request.ask);
    };
  };
}

TEST(ChaosSabotage, NothingCutNothingFails) {
  EXPECT_EQ(days_that_fail([](Story&) {}), 0);
}

TEST(ChaosSabotage, ClosesThatDoNothingAreNoticed) {
  EXPECT_GT(days_that_fail(pretend<ClosePosition>()), 0);
}

TEST(ChaosSabotage, ReductionsThatDoNothingAreNoticed) {
  EXPECT_GT(days_that_fail(pretend<ReducePosition>()), 0);
}

TEST(ChaosSabotage, OrdersThatAreNotSweptAreNoticed) {
  EXPECT_GT(days_that_fail(pretend<CancelOrder>()), 0);
}

TEST(ChaosSabotage, AReconcilerThatDoesNotLookIsNoticed) {
  EXPECT_GT(days_that_fail([](Story&) {}, {.stream_up = 10h, .stream_down = 10h, .without_stream_at_start = 10h}), 0);
}

// A close that comes again after it was refused, lost or without effect gets through to nobody.
TEST(ChaosSabotage, AnExitThatIsTriedOnlyOnceIsNoticed) {
  const auto once = [](Story& story) {
    story.world().broker.pretend = [&story](const BrokerRequest& request) {
      const auto* close = std::get_if<ClosePosition>(&request.ask);
      if (close == nullptr) return false;
      const auto same = [&](const BrokerRequest& earlier) {
        const auto* asked = std::get_if<ClosePosition>(&earlier.ask);
        return asked && asked->contract == close->contract && earlier.account == request.account;
      };
      return std::ranges::count_if(story.world().broker.sent, same) > 1;
    };
  };
  EXPECT_GT(days_that_fail(once), 0);
}

}  // namespace
}  // namespace rm::test
