#pragma once
// How a rule is broken with the values it has, in words that a run inside this program (the self-test) and one at the
// paper gateway (the drill) both carry out. Each rule says it in its own file, beside its parameters.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/contract_table.h"
#include "domain/lock.h"
#include "domain/order.h"
#include "domain/reason.h"
#include "rules/param.h"

namespace rm {

// What whoever carries a breach out has to offer: an account that is flat, has no order and no fill of today.
struct BreachGround {
  const ContractTable& contracts;
  // What can be traded there, its record known; never empty, the one that is liked best first. For each symbol that
  // the rule names there is one of it, if the runner can get it.
  std::span<const ContractId> offered;
  BrokerTime now;

  [[nodiscard]] ContractId any() const { return offered.front(); }
  // The first that it is true of.
  template <class Suits>
  [[nodiscard]] std::optional<ContractId> find(Suits suits) const {
    for (const ContractId contract : offered) {
      if (suits(contract)) return contract;
    }
    return std::nullopt;
  }
};

// All steps are about one contract.
struct Breach {
  // ── what happens ──
  struct Enter {  // a market order, filled at the last price; adds to what is held
    Side side{};
    Lots lots;
    friend bool operator==(const Enter&, const Enter&) = default;
  };
  struct RoundTrips {  // one lot bought and sold again at the same price, so many times
    std::int64_t times = 0;
    friend bool operator==(const RoundTrips&, const RoundTrips&) = default;
  };
  struct Place {  // a working order, so many ticks above the last price (below: negative); the steps never fill it
    OrderType type{};
    Side side{};
    Lots lots;
    std::int64_t ticks = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct MoveTo {  // the price moves until the position has this open result, or a little more of it
    Money open_result;
    friend bool operator==(const MoveTo&, const MoveTo&) = default;
  };
  struct MoveTicks {  // the price moves up by so many ticks
    std::int64_t ticks = 0;
    friend bool operator==(const MoveTicks&, const MoveTicks&) = default;
  };
  struct Exit {  // the whole position by a market order, at the last price
    friend bool operator==(const Exit&, const Exit&) = default;
  };
  struct Wait {  // so much broker time passes
    Duration time{};
    friend bool operator==(const Wait&, const Wait&) = default;
  };
  struct GoTo {  // broker time goes to this instant, which is a later one
    BrokerTime time;
    friend bool operator==(const GoTo&, const GoTo&) = default;
  };
  struct TradingRight {  // the broker takes it or gives it back
    bool given = false;
    friend bool operator==(const TradingRight&, const TradingRight&) = default;
  };
  using Step = std::variant<Enter, RoundTrips, Place, MoveTo, MoveTicks, Exit, Wait, GoTo, TradingRight>;

  // ── what follows ──
  enum class Action : std::uint8_t {
    Close,      // the position
    Reduce,     // the position; closed where nothing of it may stay
    Cancel,     // the order that was placed
    MoveStop,   // the stop that was placed
    PlaceStop,  // there was none
  };
  struct SetsLock {
    LockKind kind{};
    bool of_symbol = false;  // else of the account
    friend bool operator==(const SetsLock&, const SetsLock&) = default;
  };

  ContractId contract;
  std::optional<BrokerTime> begin{};  // when the account is first looked at; empty: now
  std::vector<Step> before{};         // taken before that: what the first look finds there
  std::vector<Step> steps{};          // the last one breaks the rule
  std::string_view reason{};          // code of what is found; empty: the rule has no violation, its action is a stop
  Action action{};
  std::optional<SetsLock> lock{};

  // ── to write one down ──
  explicit Breach(ContractId where) : contract{where} {}
  template <class S>
  Breach& then(S step) {
    steps.emplace_back(std::move(step));
    return *this;
  }
  // In orders that the gateway takes: none is of more than ten thousand lots.
  Breach& enter(Side side, std::int64_t lots);
  // Something to be cancelled, far from where the price goes: without it, what ends flat would need no request.
  Breach& leave_an_order() { return then(Place{OrderType::Limit, Side::Buy, Lots{1}, -kFarTicks}); }
  // A position with this open result. A profit is one behind the costs of the trades, too.
  Breach& hold(Money result, const Contract& of);
  // The same, closed again: by one fill, or by as many as it takes.
  Breach& realise_at_once(Money result, const Contract& of);
  Breach& realise(Money result, const Contract& of);
  template <class R>
  [[nodiscard]] std::expected<Breach, std::string> follows(Action what,
                                                           std::optional<SetsLock> locks = std::nullopt) {
    if (!why_not.empty()) return std::unexpected{why_not};
    reason = code(Reason{R{}});
    action = what;
    lock = locks;
    return *this;
  }

  static constexpr std::int64_t kFarTicks = 20;
  std::string why_not{};  // a value is beyond what the gateway's messages can say
};

// Or the sentence why it cannot be broken with these values on this ground.
using BreachOrWhyNot = std::expected<Breach, std::string>;

// "sell 3 at the market", "the price moves until -1000.00 are open": for a person.
[[nodiscard]] std::string text_of(const Breach::Step& step);
[[nodiscard]] std::string_view name_of(Breach::Action action);  // "close", "reduce", "cancel", "move_stop", …

}  // namespace rm
