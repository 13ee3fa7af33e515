// Whatever a trader does, and whatever the rules are: the journal of it replays identically, and the same
// configuration, taken as another one, changes nothing.
#include <cstdlib>

namespace {
// Each day takes a store of its own: fewer of them than a property has elsewhere, and said before those say theirs.
const bool kFewerDays = ::setenv("RC_PARAMS", "max_success=25 max_size=60 seed=20260901", 0) == 0;
}  // namespace

#include "config/load.h"
#include "recorded_day.h"
#include "replay/comparison.h"
#include "replay/what_if.h"
#include "support/temp_dir.h"
#include "unit/properties/random_days.h"

namespace rm::test {
namespace {

TEST(ReplayProperty, TheJournalOfAnyDayReplaysIdentically) {
  std::size_t decisions = 0, quotes = 0;
  EXPECT_TRUE(rc::check("every decision, byte for byte", [&] {
    const LivedDay day{any_day()};
    const TempDir dir{quick_folder()};
    const std::size_t taken = record_day(day, dir.path());
    const auto replay = Replay::open(dir.path());
    RC_ASSERT(replay.has_value());
    const auto result = compare(**replay);
    RC_ASSERT(result.has_value());
    RC_ASSERT(!result->first.has_value());
    RC_ASSERT(result->decisions == taken);
    RC_ASSERT(result->cut_off == 0U);
    decisions += taken;
    quotes += (*replay)->events();
  }));
  EXPECT_GT(decisions, 20U);
  EXPECT_GT(quotes, 500U);
}

TEST(ReplayProperty, TheSameConfigurationAsAnotherOneChangesNothing) {
  std::size_t same = 0;
  EXPECT_TRUE(rc::check("nothing falls away, is new, earlier, later or changed", [&] {
    const LivedDay day{any_day()};
    const TempDir dir{quick_folder()};
    const std::size_t taken = record_day(day, dir.path());
    const auto config = load_config_text(config_of(day), "other", {}, rule_registry(), day.options.begin);
    const auto result = what_if(dir.path(), config.value());
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->same.size() == taken);
    RC_ASSERT(result->fallen_away.empty() && result->added.empty() && result->moved.empty() &&
              result->changed.empty());
    same += taken;
  }));
  EXPECT_GT(same, 20U);
}

}  // namespace
}  // namespace rm::test
