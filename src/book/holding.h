#pragma once
// One contract's position as fills made it, next to what the broker's position messages say.

#include <optional>

#include "domain/position.h"

namespace rm {

// Fills and position messages of the same trade arrive some milliseconds apart. Valuing between the two by the
// position message would count a closing loss twice (realised already, position still open), so fills move the
// holding at once and a position message that disagrees opens a dispute, which is settled for the broker if the fills
// do not catch up in time.
struct Dispute {
  Lots size;
  Price average_price;
  BrokerTime since;      // when the broker first said so
  BrokerTime last_read;  // newest read that said the same; zero when only the stream did
  bool by_stream = false;
  BrokerTime last_word;  // newest position message that said so; zero when only reads did
};

struct Holding {
  ContractId contract;
  Lots size;      // signed
  PriceSum paid;  // sum of price x lots of what is open
  BrokerTime last_increase;
  BrokerTime changed_at;   // last time a stream message changed or confirmed it
  Lots ahead;              // signed: by how much the broker's figure, when it was taken over, was ahead of the fills
  BrokerTime ahead_until;  // a fill stamped before may be one of those
  std::optional<Dispute> dispute;

  // Moves the holding by a fill. A reduction takes its share of the sum at average cost; a reversal starts at the
  // fill's price.
  void apply_fill(Lots signed_fill, Price price, BrokerTime at);
  // Takes the broker's figures over: what it said at `said_at`.
  void adopt(Lots broker_size, Price average_price, BrokerTime said_at, BrokerTime now);
  // Whether this late fill is one that the broker's figure, taken over before, contains already. Then it is used up
  // and moves nothing.
  [[nodiscard]] bool explains(Lots signed_fill, BrokerTime stamped);
  // Whether the broker's figures are the same, the average within the rounding of its nine decimals.
  [[nodiscard]] bool agrees(Lots broker_size, Price average_price) const;
  [[nodiscard]] bool flat() const { return size.is_zero() && !dispute; }
};

// A stop of any kind on the side that closes the position, working, however small.
[[nodiscard]] constexpr bool is_stop_of(const Order& order, const Holding& holding) {
  const bool stop =
      order.type == OrderType::Stop || order.type == OrderType::StopLimit || order.type == OrderType::TrailingStop;
  return stop && order.working() && order.contract == holding.contract && !holding.size.is_zero() &&
         (order.side == Side::Sell) == (holding.size > Lots{});
}

}  // namespace rm
