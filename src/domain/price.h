#pragma once
// Prices, sizes and the exact sums made of them.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/decimal.h"
#include "domain/wide.h"

namespace rm {

// A size in contracts; the sign is the direction (long > 0) where a type says "signed".
class Lots {
 public:
  constexpr Lots() = default;
  explicit constexpr Lots(std::int32_t count) : count_{count} {}
  [[nodiscard]] constexpr std::int32_t value() const { return count_; }
  [[nodiscard]] constexpr Lots magnitude() const { return Lots{count_ < 0 ? -count_ : count_}; }
  [[nodiscard]] constexpr bool is_zero() const { return count_ == 0; }
  friend constexpr auto operator<=>(const Lots&, const Lots&) = default;
  friend constexpr Lots operator+(Lots a, Lots b) { return Lots{a.count_ + b.count_}; }
  friend constexpr Lots operator-(Lots a, Lots b) { return Lots{a.count_ - b.count_}; }
  friend constexpr Lots operator-(Lots a) { return Lots{-a.count_}; }

 private:
  std::int32_t count_ = 0;  // bounded to 1e6 where the wire ends, so sums stay far from overflow
};

// A price in the contract's own quotation, exact to 1e-9. May lie between ticks (averages do).
class Price {
 public:
  constexpr Price() = default;
  [[nodiscard]] static constexpr Price from_nanos(std::int64_t nanos) { return Price{nanos}; }
  [[nodiscard]] static Result<Price> parse(std::string_view text) {
    const auto nanos = parse_nanos(text);
    if (!nanos) return std::unexpected{nanos.error()};
    return Price{*nanos};
  }
  [[nodiscard]] constexpr std::int64_t nanos() const { return nanos_; }
  [[nodiscard]] std::string text() const { return format_nanos(nanos_); }
  friend constexpr auto operator<=>(const Price&, const Price&) = default;

 private:
  explicit constexpr Price(std::int64_t nanos) : nanos_{nanos} {}
  std::int64_t nanos_ = 0;
};

// Sum of price x signed lots, in nano-price-lots. Sums, not averages: adding fills never rounds.
class PriceSum {
 public:
  constexpr PriceSum() = default;
  [[nodiscard]] static constexpr PriceSum of(Price price, Lots signed_lots) {
    return PriceSum{Wide{price.nanos()} * signed_lots.value()};
  }
  [[nodiscard]] static constexpr PriceSum from_raw(Wide raw) { return PriceSum{raw}; }
  [[nodiscard]] constexpr Wide raw() const { return raw_; }
  // Average price over `signed_lots` (not zero), rounded to 1e-9.
  [[nodiscard]] constexpr Price average(Lots signed_lots) const {
    const Wide lots = signed_lots.value();
    return Price::from_nanos(saturate(lots < 0 ? divide_rounded(-raw_, -lots) : divide_rounded(raw_, lots)));
  }
  friend constexpr bool operator==(const PriceSum&, const PriceSum&) = default;
  friend constexpr PriceSum operator+(PriceSum a, PriceSum b) { return PriceSum{a.raw_ + b.raw_}; }
  friend constexpr PriceSum operator-(PriceSum a, PriceSum b) { return PriceSum{a.raw_ - b.raw_}; }

 private:
  explicit constexpr PriceSum(Wide raw) : raw_{raw} {}
  Wide raw_ = 0;
};

}  // namespace rm
