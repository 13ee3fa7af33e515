#include "projectx/wire/fields.h"
#include "projectx/wire/replies.h"

namespace rm::projectx {
namespace {

int base64url_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-' || c == '+') return 62;
  return c == '_' || c == '/' ? 63 : -1;
}

Result<std::string> decode_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64url_value(c);
    if (value < 0) return fail(ErrorCode::Malformed, "the token's payload is not base64url");
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffffU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xffU));
  }
  return bytes;
}

}  // namespace

Result<BrokerTime> read_token_expiry(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return fail(ErrorCode::Malformed, "the token is not of three parts");
  const auto payload = decode_base64url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::unexpected{payload.error()};
  PaddedBuffer buffer;
  JsonReader reader;
  const auto members = reader.members(buffer.assign(*payload));
  if (!members) return fail(ErrorCode::Malformed, "the token's payload is not a JSON object");
  constexpr std::int64_t kYear2200 = 7'258'118'400;
  Fields take{*members, "token"};
  const std::int64_t seconds = take.integer("exp", 0, kYear2200);
  if (!take.ok()) return take.error();
  return BrokerTime::from_seconds(seconds);
}

}  // namespace rm::projectx
