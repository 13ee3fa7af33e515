#include "projectx/rest/token_keeper.h"

#include <gtest/gtest.h>

namespace rm::projectx {
namespace {

using Action = TokenKeeper::Action;
using std::chrono::minutes;
using std::chrono::seconds;

// exp = 1788825600, 2026-09-08T00:00:00Z
const char* const kToken = "h.eyJleHAiOjE3ODg4MjU2MDB9.s";
const BrokerTime kExpiry = BrokerTime::from_seconds(1788825600);
const BrokerTime kStart = kExpiry - std::chrono::hours{24};

TokenKeeper logged_in() {
  TokenKeeper keeper;
  EXPECT_EQ(keeper.start(kStart), Action::Login);
  keeper.on_token(kToken, kStart);
  return keeper;
}

TEST(TokenKeeper, LogsInOnceAndValidates45MinutesBeforeTheEnd) {
  TokenKeeper keeper;
  EXPECT_FALSE(keeper.usable(kStart));
  EXPECT_EQ(keeper.start(kStart), Action::Login);
  EXPECT_EQ(keeper.start(kStart), Action::None);
  keeper.on_token(kToken, kStart);
  EXPECT_TRUE(keeper.usable(kStart));
  EXPECT_EQ(keeper.expires(), kExpiry);
  const BrokerTime due = kExpiry - minutes{45};
  EXPECT_EQ(keeper.next_deadline(), due);
  EXPECT_EQ(keeper.on_deadline(due - seconds{1}), Action::None);
  EXPECT_EQ(keeper.on_deadline(due), Action::Validate);
  EXPECT_EQ(keeper.on_deadline(due), Action::None) << "one at a time";
  EXPECT_EQ(keeper.next_deadline(), std::nullopt);
  EXPECT_TRUE(keeper.usable(kExpiry - seconds{1}));
  EXPECT_FALSE(keeper.usable(kExpiry));
}

TEST(TokenKeeper, AValidationWithoutANewTokenKeepsTheOld) {
  TokenKeeper keeper = logged_in();
  const BrokerTime due = kExpiry - minutes{45};
  EXPECT_EQ(keeper.on_deadline(due), Action::Validate);
  keeper.on_token("", due);
  EXPECT_EQ(keeper.token(), kToken);
  EXPECT_EQ(keeper.generation(), 1U);
  EXPECT_EQ(keeper.next_deadline(), due + seconds{60}) << "asked again, not in a busy loop";
}

TEST(TokenKeeper, AFailedValidationIsFollowedByALogin) {
  TokenKeeper keeper = logged_in();
  const BrokerTime due = kExpiry - minutes{45};
  EXPECT_EQ(keeper.on_deadline(due), Action::Validate);
  keeper.on_failure(true, due);
  EXPECT_FALSE(keeper.refused()) << "the login itself was not refused";
  EXPECT_EQ(keeper.on_deadline(*keeper.next_deadline()), Action::Login);
}

TEST(TokenKeeper, FailuresAreTriedAgainEverSlower) {
  TokenKeeper keeper;
  EXPECT_EQ(keeper.start(kStart), Action::Login);
  BrokerTime now = kStart;
  for (const int wait : {2, 4, 8, 16, 32, 60, 60}) {
    keeper.on_failure(false, now);
    EXPECT_EQ(keeper.next_deadline(), now + seconds{wait});
    now = *keeper.next_deadline();
    EXPECT_EQ(keeper.on_deadline(now), Action::Login);
  }
}

TEST(TokenKeeper, ARefusedLoginIsSaidAndNotHammered) {
  TokenKeeper keeper;
  (void)keeper.start(kStart);
  keeper.on_failure(true, kStart);
  EXPECT_TRUE(keeper.refused());
  EXPECT_EQ(keeper.next_deadline(), kStart + seconds{60});
  EXPECT_EQ(keeper.on_deadline(kStart + seconds{60}), Action::Login);
  keeper.on_token(kToken, kStart + seconds{61});
  EXPECT_FALSE(keeper.refused());
}

TEST(TokenKeeper, ManyUnauthorisedAnswersAreOneLogin) {
  TokenKeeper keeper = logged_in();
  EXPECT_EQ(keeper.on_unauthorised(1, kStart), Action::Login);
  EXPECT_EQ(keeper.on_unauthorised(1, kStart), Action::None);
  keeper.on_failure(false, kStart);
  EXPECT_EQ(keeper.on_unauthorised(1, kStart), Action::None) << "the next try has its time";
  EXPECT_EQ(keeper.on_deadline(*keeper.next_deadline()), Action::Login);
  keeper.on_token(kToken, kStart);
  EXPECT_EQ(keeper.on_unauthorised(1, kStart), Action::None) << "that was the old token";
  EXPECT_EQ(keeper.on_unauthorised(2, kStart), Action::Login);
}

TEST(TokenKeeper, AnUnreadableExpiryIsTakenForTwentyFourHours) {
  TokenKeeper keeper;
  (void)keeper.start(kStart);
  keeper.on_token("opaque", kStart);
  EXPECT_EQ(keeper.expires(), kStart + std::chrono::hours{24});
}

}  // namespace
}  // namespace rm::projectx
