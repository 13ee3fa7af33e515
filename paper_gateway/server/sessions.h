// Tokens: who is given one, whether one is still good, which were ended.
#pragma once
#include <cstdint>
#include <expected>
#include <set>
#include <string>
#include <string_view>

#include "paper_gateway/exchange/entities.h"
#include "paper_gateway/server/jwt.h"

namespace paper {

enum class TokenFault { missing, malformed, expired, logged_out };

// Times are Unix seconds of paper time. Logging in again leaves earlier tokens valid.
class Sessions {
 public:
  explicit Sessions(
      std::int64_t token_lifetime_s);  // signs with a fresh secret: tokens of an earlier run are worthless
  void set_token_lifetime(std::int64_t seconds) { lifetime_s_ = seconds; }  // of tokens issued from here on

  // The token, or the LoginErrorCode that refuses it. `user` is null for an unknown name.
  std::expected<std::string, int> log_in(const User* user, std::string_view api_key, std::int64_t now_s);
  std::expected<TokenClaims, TokenFault> authenticate(std::string_view token, std::int64_t now_s) const;
  std::string renew(const TokenClaims& claims, std::int64_t now_s);
  void expire_all();  // tokens there are; those given from here on live as long as ever
  bool expired(const TokenClaims& claims, std::int64_t now_s) const;
  void log_out(const TokenClaims& claims) { ended_.insert(claims.session_id); }

 private:
  std::string issue(std::int64_t user_id, const std::string& user_name, std::int64_t now_s);
  std::string secret_;
  std::int64_t lifetime_s_;
  std::set<std::string> live_;     // session ids of tokens given since expire_all()
  std::set<std::string> expired_;  // and before it
  std::set<std::string> ended_;    // session ids of tokens that were logged out
};

}  // namespace paper
