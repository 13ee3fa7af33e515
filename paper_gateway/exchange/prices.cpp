#include <fmt/format.h>

#include <algorithm>

#include "paper_gateway/exchange/calendar.h"
#include "paper_gateway/exchange/core.h"
#include "paper_gateway/exchange/limits.h"

namespace paper {
namespace {

struct Touch {
  std::optional<Decimal> bid, ask;
};

// A lone last price is a trade at the ask; a lone bid or ask pushes the other side out of its way.
Touch new_touch(const PriceUpdate& update, const Quote& quote, Decimal tick) {
  if (update.last && !update.bid && !update.ask) return {*update.last - tick, update.last};
  Touch touch{update.bid ? update.bid : quote.bid, update.ask ? update.ask : quote.ask};
  if (!touch.bid || !touch.ask || *touch.bid < *touch.ask) return touch;
  if (!update.ask) touch.ask = *touch.bid + tick;
  if (!update.bid) touch.bid = *touch.ask - tick;
  return touch;
}

std::optional<std::string> problem(const PriceUpdate& update, const Touch& touch, const Contract& contract) {
  if (!update.last && !update.bid && !update.ask) return "needs at least one of last, bid, ask";
  for (const auto& price : {update.last, touch.bid, touch.ask}) {
    if (!price) continue;
    if (!possible_price(*price)) return fmt::format("price {} is not above zero and within reason", price->text());
    if (!contract.on_tick(*price)) {
      return fmt::format("price {} is not a multiple of the tick size {}", price->text(), contract.tick_size.text());
    }
  }
  if (touch.bid && touch.ask && *touch.bid >= *touch.ask) {
    return fmt::format("bid {} is not below ask {}", touch.bid->text(), touch.ask->text());
  }
  if (update.volume < 0 || update.volume > 1'000'000) return "volume must be 0 – 1000000";
  return std::nullopt;
}

Side aggressor_of(const PriceUpdate& update, const Quote& before) {
  if (update.aggressor) return *update.aggressor;
  if (before.last && *update.last != *before.last) return *update.last > *before.last ? Side::Buy : Side::Sell;
  return update.bid && *update.last <= *update.bid ? Side::Sell : Side::Buy;
}

template <class T>
bool assign(T& member, const T& value) {
  if (member == value) return false;
  member = value;
  return true;
}

void add_trade_to_day(Quote& quote, QuoteChange& change, Decimal last, int volume) {
  change.last = assign(quote.last, std::optional{last});
  change.open = !quote.open;
  if (change.open) quote.open = last;
  change.high = assign(quote.high, std::optional{quote.high ? std::max(*quote.high, last) : last});
  change.low = assign(quote.low, std::optional{quote.low ? std::min(*quote.low, last) : last});
  change.change = assign(quote.change, std::optional{last - *quote.open});
  change.volume = volume > 0;
  quote.volume += volume;
}

}  // namespace

std::expected<void, std::string> Exchange::Core::set_price(const PriceUpdate& update) {
  const auto contract = catalogue.by_id(update.contract);
  if (!contract) return std::unexpected(fmt::format("no contract '{}'", update.contract));
  static const Quote kNone;
  const MarketState* known = market(update.contract);
  const bool still = prices_stand_still(contract->id);
  Quote basis = known != nullptr ? known->quote : kNone;
  if (const auto waiting = held_back.find(contract->id); still && waiting != held_back.end()) {
    basis.bid = waiting->second.bid;
    basis.ask = waiting->second.ask;
  }
  const Touch touch = new_touch(update, basis, contract->tick_size);
  if (auto text = problem(update, touch, *contract))
    return std::unexpected(fmt::format("{}: {}", contract->name, *text));

  if (still) {
    PriceUpdate& waiting = held_back[contract->id];
    waiting.contract = contract->id;
    waiting.bid = touch.bid;
    waiting.ask = touch.ask;
    if (update.last) waiting.last = update.last, waiting.volume = update.volume;
    return {};
  }
  MarketState& m = markets[contract->id];
  m.contract = *contract;
  m.quote.contract = contract->id;
  m.quote.symbol_id = contract->symbol_id;
  if (assign(m.session, trade_date(now))) {
    m.quote.open = m.quote.high = m.quote.low = m.quote.change = std::nullopt;
    m.quote.volume = 0;
  }
  const Quote before = m.quote;
  QuoteChange change;
  change.bid = assign(m.quote.bid, touch.bid);
  change.ask = assign(m.quote.ask, touch.ask);
  if (update.last) add_trade_to_day(m.quote, change, *update.last, update.volume);
  m.quote.updated = stamp();

  for (ExchangeListener* listener : listeners) listener->on_quote(m.quote, change);
  if (update.last && update.volume > 0) {
    const Print print{contract->id,    contract->symbol_id,          *update.last,
                      m.quote.updated, aggressor_of(update, before), update.volume};
    m.bars.add(print);
    for (ExchangeListener* listener : listeners) listener->on_print(print);
  }
  if (change.bid || change.ask) tell_depth(m, before);
  match(contract->id);
  return {};
}

MarketState* Exchange::Core::market(std::string_view contract) {
  const auto found = markets.find(contract);
  return found == markets.end() ? nullptr : &found->second;
}

const MarketState* Exchange::Core::market(std::string_view contract) const {
  const auto found = markets.find(contract);
  return found == markets.end() ? nullptr : &found->second;
}

}  // namespace paper
