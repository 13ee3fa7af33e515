// Whatever the rules are: the self-test proves every one of them.
#include <rapidcheck.h>

#include "proof.h"
#include "support/random_rules.h"

namespace rm::test {
namespace {

TEST(RandomRules, AreAllProven) {
  const bool passed = rc::check("random rules are proven", [] {
    const auto numbers = *rc::gen::container<std::vector<int>>(40, rc::gen::inRange(0, 1'000'000));
    const RandomRules rules = random_rules(numbers);
    if (rules.yaml.empty()) return;
    const BrokerTime now = chicago("00:00:00") + *rc::gen::inRange(0, 86'400) * Duration{std::chrono::seconds{1}};
    const auto why = not_proven(rules.yaml, now);
    if (!why.empty()) RC_FAIL(rules.yaml + ": " + why);
  });
  EXPECT_TRUE(passed);
}

}  // namespace
}  // namespace rm::test
