#pragma once
// Where prices come from when nobody sets them by hand: a random walk over a trading day's shape, or a recorded file.
// Pure: no clock, thread or file handle inside; the owner asks next_deadline(), and calls on_time() when it is due.
#include <optional>
#include <string>
#include <vector>

#include "paper_gateway/exchange/requests.h"

namespace paper {

// One change of one contract's market, ready for Exchange::set_price().
struct FeedEvent {
  PaperTime at;
  PriceUpdate price;
};

class PriceFeed {
 public:
  virtual ~PriceFeed() = default;
  // Paper time of the next event; nullopt: the feed is exhausted.
  virtual std::optional<PaperTime> next_deadline() const = 0;
  // Appends every event due at or before `now`, in time order. Time that was jumped over is not generated tick by
  // tick: a gap of more than ten seconds is crossed in one step per contract.
  virtual void on_time(PaperTime now, std::vector<FeedEvent>& out) = 0;
  // Somebody else moved the price: go on from there. A recorded feed takes no notice.
  virtual void recentre(const std::string& contract, Decimal price) = 0;
};

}  // namespace paper
