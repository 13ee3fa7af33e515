#include "paper_gateway/server/jwt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "paper_gateway/server/json.h"

namespace paper {
namespace {

constexpr std::string_view identity = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
constexpr std::string_view role = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

std::string claim(std::string_view name) {
  return std::string{identity} + std::string{name};
}

const unsigned char* bytes_of(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 is not available in this OpenSSL");
  }
  return {digest.begin(), digest.begin() + size};
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

std::optional<TokenClaims> claims_from(const Json& payload) {
  const auto* id = payload.find(claim("nameidentifier"));
  const auto* sid = payload.find(claim("sid"));
  const auto* name = payload.find(claim("name"));
  const auto* exp = payload.find("exp");
  if (id == nullptr || sid == nullptr || name == nullptr || exp == nullptr) return std::nullopt;
  if (!id->is_string() || !sid->is_string() || !name->is_string() || !exp->as_integer()) return std::nullopt;
  TokenClaims claims{0, sid->as_string(), name->as_string(), *exp->as_integer()};
  const auto& digits = id->as_string();
  if (std::from_chars(digits.data(), digits.data() + digits.size(), claims.user_id).ec != std::errc{}) {
    return std::nullopt;
  }
  return claims;
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(static_cast<unsigned char*>(static_cast<void*>(out.data())), static_cast<int>(count)) != 1) {
    throw std::runtime_error("the system gives no random bytes");
  }
  return out;
}

std::string random_uuid() {
  const auto bytes = random_bytes(16);
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 6) byte = static_cast<unsigned char>((byte & 0x0F) | 0x40);  // version 4
    if (i == 8) byte = static_cast<unsigned char>((byte & 0x3F) | 0x80);  // variant 1
    out += hex[byte >> 4];
    out += hex[byte & 0xF];
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6;) {
      count -= 6;
      out += alphabet[bits >> count & 0x3F];
    }
  }
  if (count > 0) out += alphabet[bits << (6 - count) & 0x3F];
  return out;
}

std::string sign_token(const TokenClaims& claims, std::string_view secret) {
  const auto header = Json::object().add("alg", Json::string("HS256")).add("typ", Json::string("JWT")).dump();
  const auto payload = Json::object()
                           .add(claim("nameidentifier"), Json::string(std::to_string(claims.user_id)))
                           .add(claim("sid"), Json::string(claims.session_id))
                           .add(claim("name"), Json::string(claims.user_name))
                           .add(role, Json::array({Json::string("user"), Json::string("market:tob")}))
                           .add("msd", Json::string("CMEGROUP_TOB"))
                           .add("mfa", Json::string("verified"))
                           .add("exp", Json::integer(claims.expires_at))
                           .dump();
  const auto signed_part = base64url(header) + "." + base64url(payload);
  return signed_part + "." + base64url(hmac_sha256(secret, signed_part));
}

std::optional<TokenClaims> verify_token(std::string_view token, std::string_view secret) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto expected = base64url(hmac_sha256(secret, token.substr(0, last)));
  const auto signature = token.substr(last + 1);
  if (signature.size() != expected.size() || CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) != 0) {
    return std::nullopt;
  }
  const auto text = from_base64url(token.substr(first + 1, last - first - 1));
  if (!text) return std::nullopt;
  const auto payload = Json::parse(*text);
  if (!payload) return std::nullopt;
  return claims_from(*payload);
}

}  // namespace paper
