// max_contracts_per_instrument: limits how many contracts of one symbol are held, all its months together. Breaches
// above the limit; no other symbol is touched.

#include <algorithm>

#include "rules/limit_warnings.h"
#include "rules/possible_size.h"
#include "rules/spec.h"
#include "rules/symbol_match.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"limits", ParamKind::SymbolLimits, Bound::AtLeastZero, "", true, "",
     "Most contracts that may be held of each symbol.", Stricter::Lower},
    {"default", ParamKind::Int, Bound::AtLeastZero, "", false, "", "The limit of each symbol that is not in limits.",
     Stricter::Lower},
    {"unknown_symbol", ParamKind::Choice, Bound::Any, "allow", false, "allow|block",
     "A symbol that is not in limits, without a default: allow any number of it, or block: nothing of it may be "
     "held.",
     Stricter::Unknown},
    {"on_breach", ParamKind::Choice, Bound::Any, "reduce", false, "reduce|close",
     "reduce: cut back to the limit, the month that was increased last first; close: close the whole symbol.",
     Stricter::Unknown},
    {"include_working_orders", ParamKind::Bool, Bound::Any, "false", false, "",
     "true: orders that could raise the size above the limit are cancelled before they fill, the newest first.",
     Stricter::True},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the limit at which a warning is given, for each symbol.", Stricter::Neutral},
};

class ContractLimits {
 public:
  explicit ContractLimits(const RuleConfig& config) : limits_{config.get<SymbolLimits>("limits")} {
    if (config.has("default")) {
      otherwise_ = Lots{static_cast<std::int32_t>(config.get<std::int64_t>("default"))};
    } else if (config.get<std::string>("unknown_symbol") == "block") {
      otherwise_ = Lots{};
    }
  }

  // Empty: any number. Of two spellings of one symbol the lower limit holds.
  [[nodiscard]] std::optional<Lots> of(const ContractTable& contracts, ContractId contract) const {
    return known_.get(contracts, contract, [&](const Contract& c) {
      std::optional<Lots> lowest;
      for (const auto& [symbol, count] : limits_) {
        const Lots limit{static_cast<std::int32_t>(count)};
        if (means(symbol, contracts, c)) lowest = std::min(lowest.value_or(limit), limit);
      }
      return lowest ? lowest : otherwise_;
    });
  }

 private:
  SymbolLimits limits_;
  std::optional<Lots> otherwise_;  // of a symbol that has no limit of its own
  PerContract<std::optional<Lots>> known_;
};

class MaxContractsPerInstrument final : public Rule {
 public:
  explicit MaxContractsPerInstrument(const RuleConfig& config)
      : limits_{config},
        reduce_{config.get<std::string>("on_breach") == "reduce"},
        with_orders_{config.get<bool>("include_working_orders")},
        warnings_{config.get<std::vector<std::int64_t>>("warn_at"), LimitKind::Above} {}

  [[nodiscard]] Listens listens() const override {
    return {.trades = true, .positions = true, .orders = with_orders_};
  }

  void evaluate(const RuleInput& input, Findings& findings) override {
    for (const Holding& holding : input.book.holdings()) {
      const auto limit = limit_of(input.book, holding.contract);
      if (!limit || !first_of_its_symbol(input.book, holding)) continue;
      const SymbolId symbol = symbol_of(input.book, holding.contract);
      const Lots held = held_of(input.book, symbol);
      warnings_.of(symbol).update(std::int64_t{held.value()}, std::int64_t{limit->value()}, findings,
                                  holding.contract);
      if (held > *limit) cut_back(input.book, symbol, held, *limit, findings);
    }
    if (with_orders_) cancel_orders_that_would_breach(input.book, findings);
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    RuleStatus fullest{"no limited symbol held", "0", 0};
    bool any = false;
    for (const Holding& holding : book.holdings()) {
      const auto limit = limit_of(book, holding.contract);
      if (holding.size.is_zero() || !limit) continue;
      const SymbolId symbol = symbol_of(book, holding.contract);
      const std::int64_t held = held_of(book, symbol).value();
      const std::int64_t used = limit->is_zero() ? 100 : held * 100 / limit->value();
      if (any && used <= fullest.used_percent) continue;
      any = true;
      fullest = {std::to_string(limit->value()) + " " + book.contracts().symbol_text(symbol), std::to_string(held),
                 used};
    }
    return fullest;
  }

 private:
  [[nodiscard]] static SymbolId symbol_of(const AccountBook& book, ContractId contract) {
    return book.contracts().at(contract).symbol;
  }
  [[nodiscard]] std::optional<Lots> limit_of(const AccountBook& book, ContractId contract) const {
    return limits_.of(book.contracts(), contract);
  }
  [[nodiscard]] static bool first_of_its_symbol(const AccountBook& book, const Holding& holding) {
    const auto first = std::ranges::find_if(book.holdings(), [&](const Holding& other) {
      return symbol_of(book, other.contract) == symbol_of(book, holding.contract);
    });
    return first->contract == holding.contract;
  }
  [[nodiscard]] static Lots held_of(const AccountBook& book, SymbolId symbol) {
    Lots sum;
    for (const Holding& holding : book.holdings()) {
      if (symbol_of(book, holding.contract) == symbol) sum = sum + holding.size.magnitude();
    }
    return sum;
  }

  // One violation for each month that is cut: what is under way in one month does not hide the other.
  void cut_back(const AccountBook& book, SymbolId symbol, Lots held, Lots limit, Findings& findings) const {
    Lots excess = reduce_ ? held - limit : held;
    for (const Holding* holding : newest_increase_first(book)) {
      if (excess.is_zero() || symbol_of(book, holding->contract) != symbol) continue;
      const Lots cut = std::min(excess, holding->size.magnitude());
      findings.violate(SizeAboveMax{holding->contract, held, limit},
                       at_most(holding->contract, holding->size.magnitude() - cut));
      excess = excess - cut;
    }
  }

  // First come, first served: an order is let in when it fits beside the position and the orders let in before it.
  void cancel_orders_that_would_breach(const AccountBook& book, Findings& findings) {
    adding_.look(book);
    for (const Order* order : adding_.orders()) {
      const auto limit = limit_of(book, order->contract);
      if (!limit) continue;
      const SymbolId symbol = symbol_of(book, order->contract);
      const std::int64_t before = possible(book, symbol);
      adding_.of(order->contract).add(*order);
      const std::int64_t with_it = possible(book, symbol);
      if (with_it <= limit->value() || with_it <= before) continue;
      adding_.of(order->contract).take_back(*order);
      Goal goal;
      goal.orders_gone.push_back(order->id);
      findings.violate(OrderWouldBreach{order->id, Lots{static_cast<std::int32_t>(with_it)}, *limit},
                       std::move(goal));
    }
  }
  [[nodiscard]] std::int64_t possible(const AccountBook& book, SymbolId symbol) {
    std::int64_t sum = 0;
    for (const PossibleSize& of_contract : adding_.sizes()) {
      if (symbol_of(book, of_contract.contract) == symbol) sum += of_contract.worst();
    }
    return sum;
  }

  ContractLimits limits_;
  bool reduce_, with_orders_;
  WarningsPerId warnings_;  // by symbol
  AddingOrders adding_;
};

// One lot too many, in the symbol with the lowest limit.
BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const ContractLimits limits{config};
  std::optional<ContractId> lowest;
  for (const ContractId contract : ground.offered) {
    const auto limit = limits.of(ground.contracts, contract);
    if (limit && (!lowest || *limit < *limits.of(ground.contracts, *lowest))) lowest = contract;
  }
  if (!lowest) return std::unexpected{"none of the contracts there are has a limit"};
  const bool reduce = config.get<std::string>("on_breach") == "reduce";
  return Breach{*lowest}
      .enter(Side::Buy, std::int64_t{limits.of(ground.contracts, *lowest)->value()} + 1)
      .follows<SizeAboveMax>(reduce ? Breach::Action::Reduce : Breach::Action::Close);
}

}  // namespace

const RuleSpec& spec_max_contracts_per_instrument() {
  static const RuleSpec spec{
      "max_contracts_per_instrument",
      "Limits how many contracts of each symbol are held; what is too much is cut at once, other symbols stay.",
      kParams, make_rule<MaxContractsPerInstrument>, breach};
  return spec;
}

}  // namespace rm
