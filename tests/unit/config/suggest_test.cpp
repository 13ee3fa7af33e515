#include "config/suggest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::test {
namespace {

TEST(Suggest, CountsChangesOfOneCharacter) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("max_loss", "max_los"), 1U);
  EXPECT_EQ(edit_distance("max_loss", "mxa_loss"), 1U);
  EXPECT_EQ(edit_distance("max_loss", "MAX_LOSS"), 0U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, TakesTheNearestAndOnlyWhatIsNear) {
  EXPECT_EQ(did_you_mean("max_los", {"min_loss", "max_loss"}), ", did you mean 'max_loss'?");
  EXPECT_EQ(did_you_mean("daily_unrealised_loss", {"daily_loss", "daily_unrealized_loss"}),
            ", did you mean 'daily_unrealized_loss'?");
  EXPECT_EQ(did_you_mean("colour", {"max_loss"}), "");
  EXPECT_EQ(did_you_mean("abc", {"xyz"}), "");
  EXPECT_EQ(did_you_mean("", {"a"}), "");
  EXPECT_EQ(did_you_mean(std::string(100'000, 'a'), {"a"}), "");
  EXPECT_EQ(did_you_mean("abcdef", {"abcdeg", "abcdeh", "abcdei"}, 3),
            ", did you mean 'abcdeg', 'abcdeh' or 'abcdei'?");
}

}  // namespace
}  // namespace rm::test
