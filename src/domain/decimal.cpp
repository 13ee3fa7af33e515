#include "domain/decimal.h"

#include <algorithm>
#include <array>

#include "domain/wide.h"

namespace rm {
namespace {

constexpr int kMaxExponent = 30;  // beyond it no price or amount of money can be meant; keeps the arithmetic small

constexpr Wide kMostDigits = Wide{1} << 120;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Scanned {
  Wide digits = 0;  // all digits as one integer
  int scale = 0;    // value = digits / 10^scale
  bool negative = false;
};

std::unexpected<Error> malformed(std::string_view text) {
  return fail(ErrorCode::Malformed, "'" + std::string{text.substr(0, 40)} + "' is not a decimal number");
}

// Reads digits from text[i], appending to value; returns false if too many for 128 bits.
bool take_digits(std::string_view text, std::size_t& i, Scanned& value, bool fraction) {
  int zeros = 0;  // of a fraction, not taken in yet: behind the last digit that counts they carry nothing
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (fraction && text[i] == '0') {
      ++zeros;
      continue;
    }
    for (; zeros > 0; --zeros, ++value.scale) {
      if (value.digits > kMostDigits) return false;
      value.digits *= 10;
    }
    if (value.digits > kMostDigits) return false;
    value.digits = value.digits * 10 + (text[i] - '0');
    if (fraction) ++value.scale;
  }
  return true;
}

Result<int> take_exponent(std::string_view text, std::size_t& i) {
  ++i;
  bool negative = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  if (i >= text.size() || !is_digit(text[i])) return malformed(text);
  int exponent = 0;
  for (; i < text.size() && is_digit(text[i]); ++i)
    exponent = std::min(exponent * 10 + (text[i] - '0'), kMaxExponent + 1);
  if (exponent > kMaxExponent)
    return fail(ErrorCode::OutOfRange, "exponent of '" + std::string{text.substr(0, 40)} + "' is out of range");
  return negative ? -exponent : exponent;
}

Result<Scanned> scan(std::string_view text) {
  Scanned value;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) value.negative = text[i++] == '-';
  const std::size_t first = i;
  bool fits = take_digits(text, i, value, false);
  std::size_t digits = i - first;
  if (fits && i < text.size() && text[i] == '.') {
    const std::size_t dot = ++i;
    fits = take_digits(text, i, value, true);
    if (fits && i == dot) return malformed(text);
    digits += i - dot;
  }
  if (!fits) return fail(ErrorCode::OutOfRange, "'" + std::string{text.substr(0, 40)} + "…' has too many digits");
  if (digits == 0) return malformed(text);
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const auto exponent = take_exponent(text, i);
    if (!exponent) return std::unexpected{exponent.error()};
    value.scale -= *exponent;
  }
  if (i != text.size()) return malformed(text);
  return value;
}

}  // namespace

Result<std::int64_t> parse_nanos(std::string_view text) {
  auto scanned = scan(text);
  if (!scanned) return std::unexpected{scanned.error()};
  Wide digits = scanned->digits;
  int shift = 9 - scanned->scale;
  for (; shift < 0 && digits % 10 == 0 && digits != 0; ++shift) digits /= 10;
  if (digits == 0) return 0;
  if (shift < 0)
    return fail(ErrorCode::OutOfRange, "'" + std::string{text.substr(0, 40)} + "' has more than nine decimals");
  for (; shift > 0; --shift) {
    if (digits > Wide{1} << 90)
      return fail(ErrorCode::OutOfRange, "'" + std::string{text.substr(0, 40)} + "' is too large");
    digits *= 10;
  }
  const auto nanos = narrow(scanned->negative ? -digits : digits);
  if (!nanos) return fail(ErrorCode::OutOfRange, "'" + std::string{text.substr(0, 40)} + "' is too large");
  return *nanos;
}

std::string format_nanos(std::int64_t nanos, int min_decimals) {
  const Wide magnitude = nanos < 0 ? -Wide{nanos} : Wide{nanos};
  auto fraction = static_cast<std::int64_t>(magnitude % kNanosPerUnit);
  std::array<char, 9> decimals{};
  for (auto digit = decimals.rbegin(); digit != decimals.rend(); ++digit, fraction /= 10)
    *digit = static_cast<char>('0' + fraction % 10);
  std::size_t used = decimals.size();
  while (used > static_cast<std::size_t>(min_decimals) && decimals[used - 1] == '0') --used;
  std::string text = nanos < 0 ? "-" : "";
  text += std::to_string(static_cast<std::int64_t>(magnitude / kNanosPerUnit));
  if (used > 0) text.append(1, '.').append(decimals.data(), used);
  return text;
}

}  // namespace rm
