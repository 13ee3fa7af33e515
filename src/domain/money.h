#pragma once
// US dollars, exact to 1e-9. Sums saturate at +-9.2e9 dollars (inputs are bounded where the wire ends, so a sum never
// gets there); saturation keeps a huge loss a loss. No conversion from or to binary floating point.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/decimal.h"
#include "domain/wide.h"

namespace rm {

class Money {
 public:
  constexpr Money() = default;
  [[nodiscard]] static constexpr Money from_nanos(std::int64_t nanos) { return Money{nanos}; }
  [[nodiscard]] static constexpr Money from_cents(std::int64_t cents) {
    return Money{saturate(Wide{cents} * 10'000'000)};
  }
  [[nodiscard]] static constexpr Money from_units(std::int64_t dollars) {
    return Money{saturate(Wide{dollars} * kNanosPerUnit)};
  }
  [[nodiscard]] static Result<Money> parse(std::string_view text) {
    const auto nanos = parse_nanos(text);
    if (!nanos) return std::unexpected{nanos.error()};
    return Money{*nanos};
  }

  [[nodiscard]] constexpr std::int64_t nanos() const { return nanos_; }
  [[nodiscard]] std::string text() const { return format_nanos(nanos_, 2); }  // "-1000.50"

  friend constexpr auto operator<=>(const Money&, const Money&) = default;
  friend constexpr Money operator+(Money a, Money b) { return Money{saturate(Wide{a.nanos_} + b.nanos_)}; }
  friend constexpr Money operator-(Money a, Money b) { return Money{saturate(Wide{a.nanos_} - b.nanos_)}; }
  friend constexpr Money operator-(Money a) { return Money{saturate(-Wide{a.nanos_})}; }
  constexpr Money& operator+=(Money b) { return *this = *this + b; }
  constexpr Money& operator-=(Money b) { return *this = *this - b; }

 private:
  explicit constexpr Money(std::int64_t nanos) : nanos_{nanos} {}
  std::int64_t nanos_ = 0;
};

// How much of `limit` is used by `value`, in whole percent, rounded down; 0 when they have opposite signs. limit !=
// 0.
[[nodiscard]] constexpr std::int64_t percent_of(Money value, Money limit) {
  if (limit.nanos() == 0 || (value.nanos() < 0) != (limit.nanos() < 0)) return 0;
  constexpr std::int64_t kShort = std::int64_t{1} << 56;  // 72 million dollars: a hundred times that fits 64 bits
  if (value.nanos() > -kShort && value.nanos() < kShort) return value.nanos() * 100 / limit.nanos();
  return saturate(Wide{value.nanos()} * 100 / limit.nanos());
}

}  // namespace rm
