// The chaos run is worth what it notices: the same days again, each time with one link cut outside of the code under
// test, and the judge has to complain.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chaos/story.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

// The first of these days that ends in a complaint; 0: none does.
std::uint64_t day_that_fails(const std::function<void(Story&)>& cut, Reconciler::Pace pace = {},
                             std::uint64_t days = 40) {
  Surroundings surroundings;
  for (std::uint64_t seed = 1; seed <= days; ++seed) {
    Story story{seed, surroundings, pace};
    cut(story);
    if (!story.run().empty()) return seed;
  }
  return 0;
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
  EXPECT_EQ(day_that_fails([](Story&) {}), 0U);
}

TEST(ChaosSabotage, ClosesThatDoNothingAreNoticed) {
  EXPECT_GT(day_that_fails(pretend<ClosePosition>()), 0U);
}

TEST(ChaosSabotage, ReductionsThatDoNothingAreNoticed) {
  EXPECT_GT(day_that_fails(pretend<ReducePosition>()), 0U);
}

TEST(ChaosSabotage, OrdersThatAreNotSweptAreNoticed) {
  EXPECT_GT(day_that_fails(pretend<CancelOrder>()), 0U);
}

TEST(ChaosSabotage, AReconcilerThatDoesNotLookIsNoticed) {
  EXPECT_GT(
      day_that_fails([](Story&) {}, {.stream_up = 10h, .stream_down = 10h, .without_stream_at_start = 10h}, 300), 0U);
}

TEST(ChaosSabotage, EnforcementsThatAStartForgetsAreNoticed) {
  EXPECT_GT(day_that_fails([](Story& story) { story.world().forgets_enforcements = true; }, {}, 150), 0U);
}

TEST(ChaosSabotage, AFailedReadThatCountsAsProofIsNoticed) {
  const auto nothing_is_there = [](Story& story) {
    GuardedWorld& world = story.world();
    world.forged = [&world](BrokerReply& reply) {
      const auto asked = std::ranges::find(world.broker.sent, reply.id, &BrokerRequest::id);
      if (reply.outcome == Outcome::Accepted || asked == world.broker.sent.end()) return;
      if (std::holds_alternative<ReadPositions>(asked->ask)) reply.payload = std::vector<Position>{};
      if (std::holds_alternative<ReadWorkingOrders>(asked->ask)) reply.payload = std::vector<Order>{};
      if (reply.payload.index() != 0) reply.outcome = Outcome::Accepted;
    };
  };
  EXPECT_GT(day_that_fails(nothing_is_there), 0U);
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
  EXPECT_GT(day_that_fails(once), 0U);
}

}  // namespace
}  // namespace rm::test
