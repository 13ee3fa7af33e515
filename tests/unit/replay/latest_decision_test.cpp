// `why` after a decision that had nothing to close: what did close is told as well.
#include <gmock/gmock.h>

#include "evidence/trace_words.h"
#include "recorded_login.h"
#include "support/temp_dir.h"

namespace rm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct LatestDecision : ::testing::Test {
  // Four contracts are reduced to three; the second entry then sets a lock for entries, which closes nothing.
  LatestDecision() {
    login.quote(21'000);
    login.fill(Side::Buy, 4, 21'000);
    login.enforced(1, 21'000, Money{});
    reduced_at = program.now;
    login.fill(Side::Sell, 3, 21'000, Money{});
    login.fill(Side::Buy, 1, 21'000);
    program.store->close();
  }
  Why because(std::optional<BrokerTime> at = {}) {
    auto told = why(dir.path(), kOne, at);
    EXPECT_TRUE(told) << told.error().message;
    return std::move(*told);
  }
  TempDir dir;
  Program program{dir.path()};
  Login login{program, 0, "", kOne,
              "rules: {max_contracts: {max_contracts: 3}, trade_frequency_limit: {per_minute: 2}}\n"};
  BrokerTime reduced_at;
};

TEST_F(LatestDecision, HadNothingToCloseAndWhatDidIsToldToo) {
  ASSERT_EQ(login.decided.size(), 2U);
  ASSERT_FALSE(login.decided[0].goal.empty());
  ASSERT_TRUE(login.decided[1].goal.empty());
  const Why told = because();
  EXPECT_EQ(told.enforced->id, login.decided[1].id);
  ASSERT_TRUE(told.acted);
  EXPECT_EQ(told.acted->id, login.decided[0].id);
  EXPECT_EQ(told.at_acted->at, login.decided[0].at);
  EXPECT_TRUE(told.acted->verified_at) << "what came of it is followed to its end";
  EXPECT_THAT(text_of(told), AllOf(HasSubstr("the latest decision, at "), HasSubstr("enforcement 2: DECIDED nothing"),
                                   HasSubstr("the latest one with something to close or cancel, at "),
                                   HasSubstr("enforcement 1: DECIDED reduce MNQU6 to 3"),
                                   HasSubstr("enforcement 1 of account 26001234, verified at the broker")));
  EXPECT_THAT(json_of(told), HasSubstr("\"latest_acting_enforcement\": {"));
}

TEST_F(LatestDecision, ThatClosedIsToldOnce) {
  const Why told = because(reduced_at);
  EXPECT_EQ(told.enforced->id, login.decided[0].id);
  EXPECT_FALSE(told.acted);
  EXPECT_THAT(text_of(told), Not(HasSubstr("the latest one")));
}

}  // namespace
}  // namespace rm::test
