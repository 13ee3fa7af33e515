#include "paper_gateway/server/sessions.h"

namespace paper {

Sessions::Sessions(std::int64_t token_lifetime_s) : secret_{random_bytes(32)}, lifetime_s_{token_lifetime_s} {}

std::expected<std::string, int> Sessions::log_in(const User* user, std::string_view api_key, std::int64_t now_s) {
  constexpr int invalid_credentials = 3;
  if (user == nullptr || user->api_key != api_key) return std::unexpected(invalid_credentials);
  if (user->login_refusal != 0) return std::unexpected(user->login_refusal);
  return issue(user->id.value, user->name, now_s);
}

std::expected<TokenClaims, TokenFault> Sessions::authenticate(std::string_view token, std::int64_t now_s) const {
  if (token.empty()) return std::unexpected(TokenFault::missing);
  const auto claims = verify_token(token, secret_);
  if (!claims) return std::unexpected(TokenFault::malformed);
  if (ended_.contains(claims->session_id)) return std::unexpected(TokenFault::logged_out);
  if (expired(*claims, now_s)) return std::unexpected(TokenFault::expired);
  return *claims;
}

std::string Sessions::renew(const TokenClaims& claims, std::int64_t now_s) {
  return issue(claims.user_id, claims.user_name, now_s);
}

std::string Sessions::issue(std::int64_t user_id, const std::string& user_name, std::int64_t now_s) {
  const auto session = random_uuid();
  live_.insert(session);
  return sign_token({user_id, session, user_name, now_s + lifetime_s_}, secret_);
}

void Sessions::expire_all() {
  expired_.merge(live_);
}

bool Sessions::expired(const TokenClaims& claims, std::int64_t now_s) const {
  return claims.expires_at <= now_s || expired_.contains(claims.session_id);
}

}  // namespace paper
