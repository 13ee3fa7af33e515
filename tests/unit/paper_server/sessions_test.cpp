#include "paper_gateway/server/sessions.h"

#include "bench.h"

namespace paper {
namespace {

constexpr std::int64_t day = 24 * 60 * 60;
const User paper_user{UserId{7}, "paper", "paper-key", 0};

TEST(Sessions, ATokenIsGoodForItsLifetime) {
  Sessions sessions{day};
  const auto token = sessions.log_in(&paper_user, "paper-key", 1'000);
  ASSERT_TRUE(token);
  ASSERT_TRUE(sessions.authenticate(*token, 1'000 + day - 1));
  EXPECT_EQ(sessions.authenticate(*token, 1'000)->user_id, 7);
  EXPECT_EQ(sessions.authenticate(*token, 1'000 + day).error(), TokenFault::expired);
}

TEST(Sessions, RefusesWithTheLoginCodes) {
  Sessions sessions{day};
  EXPECT_EQ(sessions.log_in(nullptr, "x", 0).error(), 3);
  EXPECT_EQ(sessions.log_in(&paper_user, "PAPER-KEY", 0).error(), 3);
  const User locked{UserId{8}, "locked", "k", 9};
  EXPECT_EQ(sessions.log_in(&locked, "k", 0).error(), 9);
  EXPECT_EQ(sessions.log_in(&locked, "wrong", 0).error(), 3);
}

TEST(Sessions, EveryChangedByteMakesATokenWorthless) {
  Sessions sessions{day};
  const auto token = *sessions.log_in(&paper_user, "paper-key", 0);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sessions.authenticate(forged, 1)) << "byte " << i;
  }
  for (const auto* text : {"", ".", "..", "a.b", "a.b.c", "...."})
    EXPECT_FALSE(sessions.authenticate(text, 1)) << text;
  EXPECT_EQ(sessions.authenticate("", 1).error(), TokenFault::missing);
  EXPECT_FALSE(Sessions{day}.authenticate(token, 1)) << "another run has another secret";
}

TEST(Sessions, LoggingOutEndsThatTokenAlone) {
  Sessions sessions{day};
  const auto first = *sessions.log_in(&paper_user, "paper-key", 0);
  const auto other = *sessions.log_in(&paper_user, "paper-key", 0);
  sessions.log_out(*sessions.authenticate(first, 1));
  EXPECT_EQ(sessions.authenticate(first, 1).error(), TokenFault::logged_out);
  EXPECT_TRUE(sessions.authenticate(other, 1));
}

TEST(Jwt, HasTheClaimsOfThePlatform) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(base64url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
  const auto token = sign_token({7, "sid", "paper", 1'788'273'000}, "secret");
  EXPECT_TRUE(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
  const auto claims = verify_token(token, "secret");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->user_name, "paper");
  EXPECT_EQ(claims->expires_at, 1'788'273'000);
  EXPECT_FALSE(verify_token(token, "other"));
}

}  // namespace
}  // namespace paper
