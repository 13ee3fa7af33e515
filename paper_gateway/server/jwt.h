// Bearer tokens as the platform makes them: HS256 JWTs whose claims are the .NET identity claims and `exp`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paper {

struct TokenClaims {
  std::int64_t user_id = 0;
  std::string session_id;  // UUID, new for every token
  std::string user_name;
  std::int64_t expires_at = 0;  // Unix seconds
};

std::string random_bytes(std::size_t count);  // from the system's generator
std::string random_uuid();
std::string base64url(std::string_view bytes);  // without padding

std::string sign_token(const TokenClaims& claims, std::string_view secret);
// Nothing unless the text is a token that was signed with the secret. Says nothing about expiry.
std::optional<TokenClaims> verify_token(std::string_view token, std::string_view secret);

}  // namespace paper
