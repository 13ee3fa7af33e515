#include "paper_gateway/exchange/decimal.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "paper_gateway/exchange/wide.h"

namespace paper {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The digits of a number as one integer, and where its decimal point stands. Zeros that change nothing are not kept,
// so "0.5000000000000" is fine and a number that needs more than 19 digits is not.
struct Digits {
  std::uint64_t value = 0;
  int fraction = 0;  // how many of the digits stand behind the point
  bool any = false;
  bool too_long = false;

  void add(char c, bool behind_point) {
    any = true;
    if (c == '0' && behind_point) {
      ++pending_zeros_;
      return;
    }
    if (behind_point) {
      for (; pending_zeros_ > 0; --pending_zeros_) append(0, true);
    }
    append(c - '0', behind_point);
  }

 private:
  void append(int digit, bool behind_point) {
    if (value > (std::numeric_limits<std::uint64_t>::max() - 9) / 10) {
      too_long = true;
      return;
    }
    value = value * 10 + static_cast<unsigned>(digit);
    if (behind_point) ++fraction;
  }
  int pending_zeros_ = 0;
};

std::unexpected<std::string> bad(std::string_view text, const char* what) {
  return std::unexpected(fmt::format("'{}' {}", text.substr(0, 40), what));
}

}  // namespace

std::expected<Decimal, std::string> Decimal::parse(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;

  Digits digits;
  bool behind_point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !behind_point) {
      behind_point = true;
    } else if (is_digit(text[at])) {
      digits.add(text[at], behind_point);
    } else {
      break;
    }
  }
  if (!digits.any) return bad(text, "is not a number");
  if (digits.too_long) return bad(text, "has too many digits");

  int exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool minus = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t first = at;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (exponent < 1000) exponent = exponent * 10 + (text[at] - '0');
    }
    if (at == first) return bad(text, "is not a number");
    if (minus) exponent = -exponent;
  }
  if (at != text.size()) return bad(text, "is not a number");

  Wide nanos = digits.value;
  const int shift = nanos == 0 ? 0 : 9 + exponent - digits.fraction;
  for (int i = 0; i < shift; ++i) {
    nanos *= 10;
    if (nanos > std::numeric_limits<std::int64_t>::max()) return bad(text, "is too large");
  }
  for (int i = shift; i < 0; ++i) {
    if (nanos % 10 != 0) return bad(text, "has more than nine fractional digits");
    nanos /= 10;
  }
  if (nanos > std::numeric_limits<std::int64_t>::max()) return bad(text, "is too large");
  return from_nanos(static_cast<std::int64_t>(negative ? -nanos : nanos));
}

std::string Decimal::fixed() const {
  // The magnitude as unsigned: the smallest int64 has no positive counterpart.
  const std::uint64_t magnitude =
      nanos_ < 0 ? 0 - static_cast<std::uint64_t>(nanos_) : static_cast<std::uint64_t>(nanos_);
  return fmt::format("{}{}.{:09}", nanos_ < 0 ? "-" : "", magnitude / kNanos, magnitude % kNanos);
}

std::string Decimal::text() const {
  std::string out = fixed();
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::int64_t saturate(Wide value) {
  constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(value > kMax ? kMax : value < -kMax ? -kMax : value);
}

Wide divide_rounded(Wide a, Wide d) {
  const Wide half = d / 2;
  return a >= 0 ? (a + half) / d : -((-a + half) / d);
}

}  // namespace paper
