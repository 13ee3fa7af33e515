// Whatever a trader, the market and the stream do, under whatever rules: what the core decides is what an independent
// opinion of the rules asks for, its money is the broker's, and its requests never contradict each other.
#include "random_days.h"

namespace rm::test {
namespace {

// Each property lives the same days and looks at what the witness noted of it.
void holds(About about, const char* what) {
  std::size_t judged = 0;
  EXPECT_TRUE(rc::check(what, [&] {
    const LivedDay day{any_day()};
    judged += day.witness->judged(about);
    const std::string complaints = day.witness->complaints(about);
    if (!complaints.empty()) RC_FAIL(complaints + day.text());
  }));
  EXPECT_GT(judged, 100U) << "hardly anything was put to the test";
}

TEST(CoreProperty, NothingIsBrokenWithoutADecision) {
  holds(About::Missed, "for each broken rule somebody acts, and every reason is named");
}

TEST(CoreProperty, NothingIsDecidedThatIsNotBroken) {
  holds(About::Unfounded, "each violation of each decision is one by the oracle's figures");
}

TEST(CoreProperty, TheResultIsTheReferenceToTheCent) {
  holds(About::Money, "realised, costs and open results at every event");
}

TEST(CoreProperty, RequestsNeverContradictEachOther) {
  holds(About::Orders, "no two closes in flight, no cut below the goal, no cancel of what has ended, no looser stop");
}

TEST(CoreProperty, ALockIsNeverShortenedAndEndsByItsOwnEndAlone) {
  holds(About::Locks, "after each event each lock is as long as before, or over");
}

TEST(CoreProperty, AfterEachEnforcementTheBrokerShowsItsGoal) {
  holds(About::Goal, "at each receipt, and at the end of the day");
}

}  // namespace
}  // namespace rm::test
