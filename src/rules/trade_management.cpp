// trade_management: draws the protective stop of a winning position nearer: to the entry, and behind the market. Only
// ever nearer. Where there is none it has one placed, if that is wanted. Not an enforcement, no lock.

#include <algorithm>

#include "rules/spec.h"

namespace rm {
namespace {

constexpr std::string_view kTrigger = "auto_breakeven.trigger_ticks", kOffset = "auto_breakeven.offset_ticks",
                           kActivation = "trailing_stop.activation_ticks", kDistance = "trailing_stop.distance_ticks",
                           kCreate = "create_stop";
constexpr Param kParams[] = {
    {kTrigger, ParamKind::Int, Bound::AboveZero, "", false, "",
     "Ticks of profit from which the stop is drawn to the average price; left out: it is not.", Stricter::Lower},
    {kOffset, ParamKind::Int, Bound::AtLeastZero, "0", false, "",
     "How many ticks beyond the average price it is put, on the side of profit; fewer than trigger_ticks.",
     Stricter::Higher},
    {kActivation, ParamKind::Int, Bound::AtLeastZero, "0", false, "",
     "Ticks of profit from which the stop follows the market.", Stricter::Lower},
    {kDistance, ParamKind::Int, Bound::AboveZero, "", false, "",
     "Ticks that the stop stays behind the market; left out: it does not follow.", Stricter::Lower},
    {kCreate, ParamKind::Bool, Bound::Any, "false", false, "",
     "Places a stop for the whole position where one would be moved and there is none.", Stricter::True},
};

std::optional<ParamProblem> check(const RuleConfig& config) {
  const bool breakeven = config.has(kTrigger), trailing = config.has(kDistance);
  const auto number = [&](std::string_view name) { return config.get<std::int64_t>(name); };
  if (!breakeven && number(kOffset) != 0)
    return ParamProblem{kTrigger, "found nothing, allowed a whole number above 0: offset_ticks needs it"};
  if (!trailing && number(kActivation) != 0)
    return ParamProblem{kDistance, "found nothing, allowed a whole number above 0: activation_ticks needs it"};
  if (!breakeven && !trailing) {
    return ParamProblem{kTrigger,
                        "found neither this nor trailing_stop.distance_ticks, allowed one of them or both, each a "
                        "whole number above 0"};
  }
  if (breakeven && number(kOffset) >= number(kTrigger)) {
    return ParamProblem{kOffset, "found " + std::to_string(number(kOffset)) +
                                     ", allowed a whole number below trigger_ticks, which is " +
                                     std::to_string(number(kTrigger))};
  }
  return std::nullopt;
}

Wide divide_up(Wide a, Wide b) {  // b > 0
  return a / b + (a % b > 0 ? 1 : 0);
}
Wide divide_down(Wide a, Wide b) {  // b > 0
  return a / b - (a % b < 0 ? 1 : 0);
}

// A position seen from its side: up is profit, for longs and shorts alike. Exact: sums over all lots, no average.
struct Course {
  Wide tick, lots, direction;
  Wide paid;  // entry x lots
  Wide mark;

  [[nodiscard]] Wide gain() const { return mark * lots - paid; }
  [[nodiscard]] bool gained(std::int64_t ticks) const { return gain() >= ticks * tick * lots; }
  // The next price of the contract's grid that protects no less.
  [[nodiscard]] Wide above_entry(std::int64_t ticks) const {
    return divide_up(paid + ticks * tick * lots, tick * lots) * tick;
  }
  [[nodiscard]] Wide behind_mark(std::int64_t ticks) const { return divide_up(mark - ticks * tick, tick) * tick; }
};

bool can_be_moved(const Order& order) {
  // A trailing stop of the broker's own follows by itself; a suspended child cannot be moved.
  const bool stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit;
  return stop && order.stop_price && order.status == OrderStatus::Open;
}

class TradeManagement final : public Rule {
 public:
  explicit TradeManagement(const RuleConfig& config)
      : trigger_{optional(config, kTrigger)},
        distance_{optional(config, kDistance)},
        offset_{config.get<std::int64_t>(kOffset)},
        activation_{config.get<std::int64_t>(kActivation)},
        create_{config.get<bool>(kCreate)} {}

  [[nodiscard]] Listens listens() const override {
    return {.trades = true, .positions = true, .orders = true, .quotes = true};
  }

  void evaluate(const RuleInput& input, Findings& findings) override {
    if (!create_ && !input.book.orders().any()) return;
    const auto* quote = std::get_if<QuoteUpdated>(&input.event.body);
    for (const Holding& holding : input.book.holdings()) {
      if (holding.size.is_zero() || holding.dispute) continue;
      if (quote && quote->contract != holding.contract) continue;  // nothing is news of the others
      const auto mark = input.book.mark(holding);
      if (!mark || input.now - mark->at > input.stale_after) continue;
      if (const auto seen = course(input.book, holding)) tighten(input.book, holding, *seen, findings);
    }
  }

  // The best position's profit in ticks, against the number from which something is done.
  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const std::int64_t first = !trigger_ ? activation_ : !distance_ ? *trigger_ : std::min(*trigger_, activation_);
    std::optional<std::int64_t> best;
    bool open = false;
    for (const Holding& holding : book.holdings()) {
      open = open || !holding.size.is_zero();
      const auto seen = holding.size.is_zero() ? std::nullopt : course(book, holding);
      if (!seen) continue;
      const std::int64_t ticks = saturate(divide_down(seen->gain(), seen->tick * seen->lots));
      best = std::max(best.value_or(ticks), ticks);
    }
    const std::int64_t used = !best || *best < 0 ? 0 : *best >= first ? 100 : *best * 100 / first;
    return {std::to_string(first), best ? std::to_string(*best) : open ? "unknown" : "0", used};
  }

 private:
  static std::optional<std::int64_t> optional(const RuleConfig& config, std::string_view name) {
    return config.has(name) ? std::optional{config.get<std::int64_t>(name)} : std::nullopt;
  }

  // Empty: no price, or the contract's tick is not known.
  static std::optional<Course> course(const AccountBook& book, const Holding& holding) {
    const auto mark = book.mark(holding);
    const std::int64_t tick = book.contracts().at(holding.contract).tick_size_nanos;
    if (!mark || tick <= 0) return std::nullopt;
    const Wide direction = holding.size > Lots{} ? 1 : -1;
    return Course{tick, holding.size.magnitude().value(), direction, holding.paid.raw(),
                  direction * mark->price.nanos()};
  }

  // Where the stop belongs, seen from the position's side; empty: nowhere yet.
  [[nodiscard]] std::optional<Wide> target(const Course& seen) const {
    std::optional<Wide> best;
    if (trigger_ && seen.gained(*trigger_)) best = seen.above_entry(offset_);
    if (distance_ && seen.gained(activation_)) {
      const Wide trailing = seen.behind_mark(*distance_);
      best = best ? std::max(*best, trailing) : trailing;
    }
    return best;
  }

  void tighten(const AccountBook& book, const Holding& holding, const Course& seen, Findings& findings) const {
    const auto best = target(seen);
    const auto price = best ? narrow(*best * seen.direction) : std::nullopt;
    if (!price) return;
    bool any = false;
    for (const Order& order : book.orders().all()) {
      if (!is_stop_of(order, holding)) continue;
      any = true;  // one that cannot be moved, or is too small, is one: a second would close more than there is
      if (!can_be_moved(order)) continue;
      const Wide nearer = *best - seen.direction * order.stop_price->nanos();
      if (nearer >= seen.tick) findings.tighten(order.id, holding.contract, Price::from_nanos(*price));
    }
    if (create_ && !any) findings.place_stop(holding.contract, Price::from_nanos(*price));
  }

  std::optional<std::int64_t> trigger_, distance_;
  std::int64_t offset_, activation_;
  bool create_;
};

// A stop close below the entry, and a profit from which it belongs further up, whichever of the two is on.
BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  constexpr std::int64_t kStopBelow = 10;
  std::int64_t needed = 0;
  for (const std::string_view name : {kTrigger, kActivation, kDistance}) {
    if (config.has(name)) needed = std::max(needed, config.get<std::int64_t>(name));
  }
  const bool create = config.get<bool>(kCreate);
  Breach breach{ground.any()};
  breach.enter(Side::Buy, 1);
  if (!create) breach.then(Breach::Place{OrderType::Stop, Side::Sell, Lots{1}, -kStopBelow});
  breach.then(Breach::MoveTicks{needed + 1});
  breach.action = create ? Breach::Action::PlaceStop : Breach::Action::MoveStop;
  return breach;
}

}  // namespace

const RuleSpec& spec_trade_management() {
  static const RuleSpec spec{
      "trade_management",
      "Draws the stop order of a winning position nearer: to its entry, and behind the market. Never further away.",
      kParams,
      make_rule<TradeManagement>,
      breach,
      Prepare::Nothing,
      check};
  return spec;
}

}  // namespace rm
