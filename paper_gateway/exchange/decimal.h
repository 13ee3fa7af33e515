#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace paper {

// An exact decimal with nine fractional digits in 64 bits: prices, money and tick sizes (about ±9.2 thousand
// million).
class Decimal {
 public:
  constexpr Decimal() = default;
  static constexpr Decimal from_nanos(std::int64_t nanos) {
    Decimal d;
    d.nanos_ = nanos;
    return d;
  }
  static constexpr Decimal from_units(std::int64_t units) { return from_nanos(units * 1'000'000'000); }

  // JSON number text ("-41", "0.25", "5e-7", also "+1.50"). Error: a sentence (not a number, too many digits, too
  // large).
  static std::expected<Decimal, std::string> parse(std::string_view text);

  constexpr std::int64_t nanos() const { return nanos_; }
  constexpr bool is_zero() const { return nanos_ == 0; }
  std::string text() const;   // minimal form: "29500", "30199.25", "-0.0000005"
  std::string fixed() const;  // nine fractional digits: "6335.250000000"

  friend constexpr auto operator<=>(Decimal, Decimal) = default;
  // Sums and products stop at the largest representable value instead of wrapping.
  friend constexpr Decimal operator+(Decimal a, Decimal b) {
    std::int64_t sum = 0;
    const bool over = __builtin_add_overflow(a.nanos_, b.nanos_, &sum);
    return from_nanos(over ? limit(a.nanos_ > 0) : sum);
  }
  friend constexpr Decimal operator-(Decimal a) {
    return from_nanos(a.nanos_ == limit(false) ? limit(true) : -a.nanos_);
  }
  friend constexpr Decimal operator-(Decimal a, Decimal b) { return a + -b; }
  friend constexpr Decimal operator*(Decimal a, std::int64_t n) {
    std::int64_t product = 0;
    const bool over = __builtin_mul_overflow(a.nanos_, n, &product);
    return from_nanos(over ? limit((a.nanos_ > 0) == (n > 0)) : product);
  }
  Decimal& operator+=(Decimal other) { return *this = *this + other; }
  Decimal& operator-=(Decimal other) { return *this = *this - other; }

 private:
  static constexpr std::int64_t limit(bool positive) { return positive ? INT64_MAX : INT64_MIN; }
  std::int64_t nanos_ = 0;
};

namespace literals {
// 29500.25_d, 0.0000005_d: exact, from the digits as written; a wrong literal does not compile.
consteval Decimal operator""_d(const char* text) {
  std::int64_t nanos = 0;
  int fraction = -1;
  for (const char* c = text; *c != '\0'; ++c) {
    if (*c == '\'') continue;
    if (*c == '.') {
      fraction = 0;
      continue;
    }
    if (*c < '0' || *c > '9' || fraction >= 9) throw "not an exact decimal";
    nanos = nanos * 10 + (*c - '0');
    if (fraction >= 0) ++fraction;
  }
  for (int i = fraction < 0 ? 0 : fraction; i < 9; ++i) nanos *= 10;
  return Decimal::from_nanos(nanos);
}
}  // namespace literals

}  // namespace paper
