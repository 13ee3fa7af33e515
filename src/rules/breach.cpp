#include "rules/breach.h"

#include <algorithm>

#include "domain/wide.h"

namespace rm {
namespace {

constexpr std::int64_t kLargestOrder = 10'000;  // lots; the paper gateway takes no larger one
constexpr std::int64_t kMostLots = 20'000'000;  // the largest limit, in contracts of which ten count one
// As far as one lot's price is moved for a result; where that is not enough, more lots are taken.
constexpr std::int64_t kFarthestMove = 10'000'000;
// A round trip of one lot costs less than this at any firm.
constexpr Money kCostsAtMost = Money::from_units(25);
// What one fill is let bring: its message holds no more than a billion dollars.
constexpr Money kLargestOutturn = Money::from_units(500'000'000);
constexpr Money kLargestOpen = Money::from_units(9'000'000'000);

Money magnitude(Money money) {
  return money < Money{} ? -money : money;
}

// So many that the price need not leave what the gateway's messages can hold. Empty: no number is enough.
std::optional<std::int64_t> lots_for(Money result, const Contract& contract) {
  const Wide ticks = Wide{kFarthestMove} * kNanosPerUnit / contract.tick_size_nanos;
  const Wide of_one_lot = ticks * contract.tick_value.nanos() - (result < Money{} ? 0 : kCostsAtMost.nanos());
  if (of_one_lot <= 0) return std::nullopt;
  return saturate(magnitude(result).nanos() / of_one_lot + 1);
}

// Always with a rising price, which has room above: a loss is made short.
Side side_for(Money result) {
  return result < Money{} ? Side::Sell : Side::Buy;
}

Money with_costs(Money result, std::int64_t lots) {
  return result < Money{} ? result : result + Money::from_nanos(saturate(Wide{kCostsAtMost.nanos()} * lots));
}

std::string lots_text(Lots lots) {
  return std::to_string(lots.value());
}

struct StepText {
  std::string operator()(const Breach::Enter& s) const {
    return std::string{s.side == Side::Buy ? "buy " : "sell "} + lots_text(s.lots) + " at the market";
  }
  std::string operator()(const Breach::RoundTrips& s) const {
    return "buy 1 and sell it again, " + std::to_string(s.times) + (s.times == 1 ? " time" : " times");
  }
  std::string operator()(const Breach::Place& s) const {
    const std::string order = std::string{s.type == OrderType::Limit ? " limit order" : " stop order"};
    return "place a" + order + " to " + (s.side == Side::Buy ? "buy " : "sell ") + lots_text(s.lots) + ", " +
           std::to_string(std::abs(s.ticks)) + (s.ticks < 0 ? " ticks below the market" : " ticks above the market");
  }
  std::string operator()(const Breach::MoveTo& s) const {
    return "the price moves until the open result is " + s.open_result.text();
  }
  std::string operator()(const Breach::MoveTicks& s) const {
    return "the price rises by " + std::to_string(s.ticks) + " ticks";
  }
  std::string operator()(const Breach::Exit&) const { return "exit at the market"; }
  std::string operator()(const Breach::Wait& s) const {
    const std::string seconds = Money::from_nanos(s.time.count()).text();
    return "wait " + (seconds.ends_with(".00") ? seconds.substr(0, seconds.size() - 3) : seconds) + " s";
  }
  std::string operator()(const Breach::GoTo& s) const { return "it becomes " + format_timestamp(s.time); }
  std::string operator()(const Breach::TradingRight& s) const {
    return s.given ? "the broker gives the right to trade" : "the broker takes the right to trade away";
  }
};

}  // namespace

Breach& Breach::enter(Side side, std::int64_t lots) {
  if (lots > kMostLots) {
    why_not = "it takes " + std::to_string(lots) + " lots";
    return *this;
  }
  for (std::int64_t left = lots; left > 0; left -= kLargestOrder)
    then(Enter{side, Lots{static_cast<std::int32_t>(std::min(left, kLargestOrder))}});
  return *this;
}

Breach& Breach::hold(Money result, const Contract& of) {
  if (magnitude(result) > kLargestOpen) why_not = "no open result can be " + result.text();
  const auto lots = lots_for(result, of);
  if (!lots) {
    why_not = "a tick of " + of.name + " is worth too little";
    return *this;
  }
  return enter(side_for(result), *lots).then(MoveTo{with_costs(result, *lots)});
}

Breach& Breach::realise(Money result, const Contract& of) {
  const Money most = result < Money{} ? -kLargestOutturn : kLargestOutturn;  // hold() adds costs, so not at the edge
  const std::int64_t full = result.nanos() / most.nanos();
  for (std::int64_t i = 0; i < full; ++i) realise_at_once(most, of);
  const Money rest = Money::from_nanos(result.nanos() % most.nanos());
  return rest == Money{} ? *this : realise_at_once(rest, of);
}

Breach& Breach::realise_at_once(Money result, const Contract& of) {
  if (magnitude(result) > kLargestOutturn) why_not = "no single fill can bring " + result.text();
  return hold(result, of).then(Exit{});
}

std::string text_of(const Breach::Step& step) {
  return std::visit(StepText{}, step);
}

std::string_view name_of(Breach::Action action) {
  switch (action) {
    case Breach::Action::Close:
      return "close";
    case Breach::Action::Reduce:
      return "reduce";
    case Breach::Action::Cancel:
      return "cancel";
    case Breach::Action::MoveStop:
      return "move_stop";
    case Breach::Action::PlaceStop:
      return "place_stop";
  }
  return "";
}

}  // namespace rm
