// no_stop_loss_grace: every open position must be covered by working stop orders for its full size. One that is not
// is closed when the grace has passed. No lock.

#include <algorithm>
#include <utility>

#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"grace", ParamKind::TimeSpan, Bound::AtLeastZero, "10s", false, "",
     "How long a position may be without stop orders for its full size before it is closed.", Stricter::Lower},
};

constexpr std::size_t kExpectedClocks = 16;

bool is_long(Lots size) {
  return size > Lots{};
}

bool is_stop(OrderType type) {
  return type == OrderType::Stop || type == OrderType::StopLimit || type == OrderType::TrailingStop;
}

Side exit_of(const Holding& holding) {
  return is_long(holding.size) ? Side::Sell : Side::Buy;
}

// The child of a bracket protects nothing before its entry is filled and it is open itself.
Lots covered(const AccountBook& book, const Holding& holding) {
  Lots sum;
  for (const Order& order : book.orders().all()) {
    if (order.contract == holding.contract && order.side == exit_of(holding) && is_stop(order.type) &&
        order.status != OrderStatus::Suspended)
      sum = sum + order.remaining();
  }
  return sum;
}

// What an exit has filled by its own word, or by the word of the position's message, is no longer to be covered,
// although its trade is still awaited: a stop that is being filled is not a lost stop.
Lots to_cover(const AccountBook& book, const Holding& holding) {
  if (holding.size.is_zero()) return {};
  Lots size = holding.size.magnitude() - book.orders().filled_ahead(holding.contract, exit_of(holding));
  if (holding.dispute && holding.dispute->by_stream) {
    const Lots said = holding.dispute->size;
    size = is_long(said) == is_long(holding.size) ? std::min(size, said.magnitude()) : Lots{};
  }
  return std::max(size, Lots{});
}

// When the position that is open now was begun, if that was after `since`: what was open before it is of no concern.
std::optional<BrokerTime> begun_after(const AccountBook& book, const Holding& holding, BrokerTime since) {
  const auto fills = book.day().fills_of(holding.contract, since);
  Lots size = holding.size;
  for (const Trade& fill : fills) size = size - fill.signed_size();
  std::optional<BrokerTime> begun;
  for (const Trade& fill : fills) {
    const bool open = !size.is_zero() && is_long(size) == is_long(holding.size);
    size = size + fill.signed_size();
    if (!open && !size.is_zero() && is_long(size) == is_long(holding.size)) begun = fill.time;
  }
  return begun;
}

class NoStopLossGrace final : public Rule {
 public:
  explicit NoStopLossGrace(const RuleConfig& config) : grace_{config.get<Duration>("grace")} {
    clocks_.reserve(kExpectedClocks);
    sizes_.reserve(kExpectedClocks);
  }

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .orders = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    deadline_.reset();
    forget_unknown(input.book);
    for (const Holding& holding : input.book.holdings()) {
      const Lots cover = covered(input.book, holding);
      if (to_cover(input.book, holding) <= cover) {
        stop(holding.contract);
        continue;
      }
      const BrokerTime due = since(input.book, holding, input.now) + grace_;
      if (input.now >= due) {
        findings.violate(WithoutStop{holding.contract, holding.size.magnitude(), cover},
                         flat_contract(holding.contract));
      } else {
        deadline_ = deadline_ ? std::min(*deadline_, due) : due;
      }
    }
  }

  [[nodiscard]] std::optional<BrokerTime> next_deadline() const override { return deadline_; }
  [[nodiscard]] std::span<const RunningClock> clocks() const override { return clocks_; }
  void resume_clock(const RunningClock& clock) override {
    clocks_.push_back(clock);
    sizes_.emplace_back();
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    Lots bare;
    for (const Holding& holding : book.holdings())
      bare = bare + std::max(to_cover(book, holding) - covered(book, holding), Lots{});
    return {"0", std::to_string(bare.value()), bare.is_zero() ? 0 : 100};
  }

 private:
  [[nodiscard]] std::size_t index_of(ContractId contract) const {
    const auto found = std::ranges::find(clocks_, contract, &RunningClock::contract);
    return static_cast<std::size_t>(found - clocks_.begin());
  }

  // Since when this position has been without full cover. One that was turned around is another position.
  BrokerTime since(const AccountBook& book, const Holding& holding, BrokerTime now) {
    const std::size_t index = index_of(holding.contract);
    if (index == clocks_.size()) {
      clocks_.push_back(RunningClock{holding.contract, now});
      sizes_.push_back(holding.size);
      return now;
    }
    RunningClock& clock = clocks_[index];
    const Lots before = std::exchange(sizes_[index], holding.size);
    if (before.is_zero()) {  // of before a restart
      clock.since = std::max(clock.since, begun_after(book, holding, clock.since).value_or(clock.since));
    } else if (is_long(before) != is_long(holding.size)) {
      clock.since = now;
    }
    return clock.since;
  }

  void stop(ContractId contract) {
    const std::size_t index = index_of(contract);
    if (index == clocks_.size()) return;
    clocks_.erase(clocks_.begin() + static_cast<std::ptrdiff_t>(index));
    sizes_.erase(sizes_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  // Of before a restart, in a contract that was closed meanwhile.
  void forget_unknown(const AccountBook& book) {
    for (std::size_t i = clocks_.size(); i-- > 0;) {
      if (!book.holding(clocks_[i].contract)) stop(clocks_[i].contract);
    }
  }

  Duration grace_;
  std::vector<RunningClock> clocks_;
  std::vector<Lots> sizes_;  // parallel: signed, when it was last looked at; zero: not yet
  std::optional<BrokerTime> deadline_;
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  Breach breach{ground.any()};
  breach.enter(Side::Buy, 1);
  const Duration grace = config.get<Duration>("grace");
  if (grace > Duration{}) breach.then(Breach::Wait{grace});
  return breach.follows<WithoutStop>(Breach::Action::Close);
}

}  // namespace

const RuleSpec& spec_no_stop_loss_grace() {
  static const RuleSpec spec{"no_stop_loss_grace",
                             "Closes a position that has been without stop orders for its full size for too long.",
                             kParams, make_rule<NoStopLossGrace>, breach};
  return spec;
}

}  // namespace rm
