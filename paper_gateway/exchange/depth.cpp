// A made-up but consistent order book: a ladder of ten levels either side of the touch, sizes fixed by the price.
#include <algorithm>

#include "paper_gateway/exchange/core.h"

namespace paper {
namespace {

constexpr int kLevels = 10;

// The same price always shows the same size, so a book kept up to date by changes equals a new snapshot.
int resting_size(Decimal price, const Contract& contract) {
  const auto hash = static_cast<std::uint64_t>(contract.ticks(price)) * 0x9E3779B97F4A7C15ULL;
  return static_cast<int>(5 + (hash >> 40) % 60);
}

// One side of the book, best price first.
std::vector<Decimal> ladder(const std::optional<Decimal>& best, Side side, const Contract& contract) {
  std::vector<Decimal> prices;
  for (int level = 0; best && level < kLevels; ++level) {
    const Decimal price = *best - contract.ticks_to_price(level) * sign(side);
    if (price > Decimal{}) prices.push_back(price);
  }
  return prices;
}

class Rows {
 public:
  Rows(const Contract& contract, PaperTime time) : contract_{contract}, time_{time} {}

  // Best* rows carry the resting size in `volume` and leave `currentVolume` at 0.
  void best(Side side, Decimal price) {
    const DomType type = side == Side::Buy ? DomType::BestBid : DomType::BestAsk;
    list.push_back({time_, type, price, resting_size(price, contract_), 0});
  }
  void level(Side side, Decimal price, int size) {
    list.push_back({time_, side == Side::Buy ? DomType::Bid : DomType::Ask, price, size, size});
  }
  // The levels that come and those that go when a side's best price moves.
  void move(Side side, const std::optional<Decimal>& from, const std::optional<Decimal>& to) {
    const std::vector<Decimal> old_prices = ladder(from, side, contract_);
    const std::vector<Decimal> new_prices = ladder(to, side, contract_);
    for (const Decimal price : old_prices) {
      if (std::ranges::find(new_prices, price) == new_prices.end()) level(side, price, 0);
    }
    for (const Decimal price : new_prices) {
      if (std::ranges::find(old_prices, price) == old_prices.end())
        level(side, price, resting_size(price, contract_));
    }
  }

  std::vector<DepthRow> list;

 private:
  const Contract& contract_;
  PaperTime time_;
};

}  // namespace

void Exchange::Core::tell_depth(const MarketState& m, const Quote& before) const {
  if (listeners.empty()) return;
  Rows rows{m.contract, m.quote.updated};
  if (m.quote.bid && m.quote.bid != before.bid) rows.best(Side::Buy, *m.quote.bid);
  if (m.quote.ask && m.quote.ask != before.ask) rows.best(Side::Sell, *m.quote.ask);
  rows.move(Side::Buy, before.bid, m.quote.bid);
  rows.move(Side::Sell, before.ask, m.quote.ask);
  for (ExchangeListener* listener : listeners) listener->on_depth(m.quote.contract, rows.list);
}

std::vector<DepthRow> Exchange::Core::depth_snapshot(std::string_view contract, PaperTime time) const {
  const MarketState* m = market(contract);
  if (m == nullptr) return {};
  Rows rows{m->contract, time};
  rows.list.push_back({time, DomType::Reset, Decimal{}, 0, 0});
  if (m->quote.bid) rows.best(Side::Buy, *m->quote.bid);
  if (m->quote.ask) rows.best(Side::Sell, *m->quote.ask);
  rows.move(Side::Buy, std::nullopt, m->quote.bid);
  rows.move(Side::Sell, std::nullopt, m->quote.ask);
  return std::move(rows.list);
}

}  // namespace paper
