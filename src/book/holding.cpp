#include "book/holding.h"

namespace rm {
namespace {

// Our idea of the broker's time may trail the stamps on its messages by this much.
constexpr Duration kClockError = std::chrono::seconds{2};

}  // namespace

void Holding::apply_fill(Lots signed_fill, Price price, BrokerTime at) {
  const bool same_direction = size.is_zero() || (size > Lots{}) == (signed_fill > Lots{});
  if (same_direction) {
    paid = paid + PriceSum::of(price, signed_fill);
    size = size + signed_fill;
    last_increase = at;
    return;
  }
  const Lots left = size + signed_fill;
  const bool reversed = !left.is_zero() && (left > Lots{}) != (size > Lots{});
  if (left.is_zero()) {
    paid = PriceSum{};
  } else if (reversed) {
    paid = PriceSum::of(price, left);
    last_increase = at;
  } else {
    paid = PriceSum::from_raw(divide_rounded(paid.raw() * left.magnitude().value(), size.magnitude().value()));
  }
  size = left;
}

void Holding::adopt(Lots broker_size, Price average_price, BrokerTime said_at, BrokerTime now) {
  if (broker_size.magnitude() > size.magnitude()) last_increase = now;
  ahead = ahead + (broker_size - size);
  ahead_until = said_at + kClockError;
  size = broker_size;
  paid = PriceSum::of(average_price, broker_size);
  dispute.reset();
}

bool Holding::explains(Lots signed_fill, BrokerTime stamped) {
  const bool same_sign = (signed_fill > Lots{}) == (ahead > Lots{});
  if (ahead.is_zero() || !same_sign || signed_fill.magnitude() > ahead.magnitude() || stamped >= ahead_until)
    return false;
  ahead = ahead - signed_fill;
  return true;
}

bool Holding::agrees(Lots broker_size, Price average_price) const {
  if (broker_size != size) return false;
  const Wide difference = PriceSum::of(average_price, broker_size).raw() - paid.raw();
  const Wide tolerance = size.magnitude().value();
  return difference <= tolerance && difference >= -tolerance;
}

}  // namespace rm
