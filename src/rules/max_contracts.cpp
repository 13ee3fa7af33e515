// max_contracts: limits how many contracts are held over the whole account. Breaches above the limit.

#include <algorithm>

#include "rules/limit_warnings.h"
#include "rules/mini_weights.h"
#include "rules/possible_size.h"
#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"max_contracts", ParamKind::Int, Bound::AtLeastZero, "", true, "", "Most contracts the account may hold.",
     Stricter::Lower},
    {"count", ParamKind::Choice, Bound::Any, "gross", false, "gross|net|mini_equivalent",
     "gross: sum of the sizes; net: size of the signed sum, a hedge counts against; mini_equivalent: sum of the "
     "sizes, "
     "a micro counts a tenth.",
     Stricter::Unknown},
    {"weights", ParamKind::SymbolWeights, Bound::AboveZero, "{}", false, "",
     "With mini_equivalent: what one contract of a symbol counts; else 0.1 for a micro and 1 for everything else.",
     Stricter::Unknown},
    {"on_breach", ParamKind::Choice, Bound::Any, "reduce", false, "reduce|flatten",
     "reduce: cut back to the limit, the contract that was increased last first; flatten: close everything.",
     Stricter::Unknown},
    {"include_working_orders", ParamKind::Bool, Bound::Any, "false", false, "",
     "true: orders that could raise the size above the limit are cancelled before they fill, the newest first.",
     Stricter::True},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[]", false, "",
     "Percentages of the limit at which a warning is given.", Stricter::Neutral},
};

// Counts in tenths, so that micros are whole numbers too; without weights every contract is ten.
class MaxContracts final : public Rule {
 public:
  explicit MaxContracts(const RuleConfig& config)
      : limit_{config.get<std::int64_t>("max_contracts") * kTenths},
        net_{config.get<std::string>("count") == "net"},
        mini_{config.get<std::string>("count") == "mini_equivalent"},
        reduce_{config.get<std::string>("on_breach") == "reduce"},
        with_orders_{config.get<bool>("include_working_orders")},
        weights_{config.get<SymbolWeights>("weights")},
        warnings_{config.get<std::vector<std::int64_t>>("warn_at"), LimitKind::Above} {}

  [[nodiscard]] Listens listens() const override {
    return {.trades = true, .positions = true, .orders = with_orders_};
  }

  void evaluate(const RuleInput& input, Findings& findings) override {
    const std::int64_t held = count(input.book);
    warnings_.update(Measure::of_tenths(held), Measure::of_tenths(limit_), findings);
    if (held > limit_)
      findings.violate(too_large(held), reduce_ ? cut_back(input.book, held - limit_) : flat_account());
    if (with_orders_) cancel_orders_that_would_breach(input.book, findings);
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const std::int64_t held = count(book);
    const std::int64_t percent = limit_ == 0 ? (held == 0 ? 0 : 100) : held * 100 / limit_;
    return {Measure::of_tenths(limit_).text(), Measure::of_tenths(held).text(), percent};
  }

 private:
  [[nodiscard]] std::int64_t weight(const AccountBook& book, ContractId contract) const {
    return mini_ ? weights_.tenths(book.contracts(), contract) : kTenths;
  }
  [[nodiscard]] static std::int64_t signed_sum(const AccountBook& book) {
    std::int64_t sum = 0;
    for (const Holding& holding : book.holdings()) sum += holding.size.value();
    return sum;
  }
  [[nodiscard]] std::int64_t count(const AccountBook& book) const {
    if (net_) return std::abs(signed_sum(book)) * kTenths;
    std::int64_t sum = 0;
    for (const Holding& holding : book.holdings()) {
      if (!holding.size.is_zero()) sum += holding.size.magnitude().value() * weight(book, holding.contract);
    }
    return sum;
  }

  [[nodiscard]] static Lots lots(std::int64_t tenths) { return Lots{static_cast<std::int32_t>(tenths / kTenths)}; }
  [[nodiscard]] Reason too_large(std::int64_t held) const {
    if (mini_) return MiniSizeAboveMax{held, limit_};
    return SizeAboveMax{std::nullopt, lots(held), lots(limit_)};
  }
  [[nodiscard]] Reason would_be_too_large(OrderId order, std::int64_t size) const {
    if (mini_) return MiniOrderWouldBreach{order, size, limit_};
    return OrderWouldBreach{order, lots(size), lots(limit_)};
  }

  // Cuts `excess` tenths, newest increase first, as few lots as needed. Under `net` only the side that is too large
  // is cut.
  [[nodiscard]] Goal cut_back(const AccountBook& book, std::int64_t excess) const {
    Goal goal;
    const bool long_side = signed_sum(book) > 0;
    for (const Holding* holding : newest_increase_first(book)) {
      if (excess <= 0) break;
      if (net_ && (holding->size > Lots{}) != long_side) continue;
      const std::int64_t each = weight(book, holding->contract);
      const std::int64_t size = holding->size.magnitude().value();
      const std::int64_t cut = std::min(size, (excess + each - 1) / each);
      goal.contracts.push_back(ContractGoal{holding->contract, Lots{static_cast<std::int32_t>(size - cut)}});
      excess -= cut * each;
    }
    return goal;
  }

  // First come, first served: an order is let in when it fits beside the position and the orders let in before it.
  void cancel_orders_that_would_breach(const AccountBook& book, Findings& findings) {
    adding_.look(book);
    PossibleSize whole{{}, signed_sum(book), 0, 0};
    std::int64_t size = possible(book, whole);
    for (const Order* order : adding_.orders()) {
      PossibleSize& of_contract = adding_.of(order->contract);
      of_contract.add(*order);
      whole.add(*order);
      const std::int64_t with_it = possible(book, whole);
      if (with_it <= limit_ || with_it <= size) {
        size = with_it;
        continue;
      }
      of_contract.take_back(*order);
      whole.take_back(*order);
      Goal goal;
      goal.orders_gone.push_back(order->id);
      findings.violate(would_be_too_large(order->id, with_it), std::move(goal));
    }
  }
  [[nodiscard]] std::int64_t possible(const AccountBook& book, const PossibleSize& whole) {
    if (net_) return whole.worst() * kTenths;
    std::int64_t sum = 0;
    for (const PossibleSize& of_contract : adding_.sizes())
      sum += of_contract.worst() * weight(book, of_contract.contract);
    return sum;
  }

  std::int64_t limit_;  // tenths
  bool net_, mini_, reduce_, with_orders_;
  MiniWeights weights_;
  LimitWarnings warnings_;
  AddingOrders adding_;
};

// One lot too many, in the contract that counts most: with micros alone it would take ten times as many.
BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const MiniWeights weights{config.get<SymbolWeights>("weights")};
  const bool mini = config.get<std::string>("count") == "mini_equivalent";
  const auto each = [&](ContractId id) { return mini ? weights.tenths(ground.contracts, id) : kTenths; };
  const ContractId contract = std::ranges::max(ground.offered, {}, each);
  Breach breach{contract};
  breach.enter(Side::Buy, config.get<std::int64_t>("max_contracts") * kTenths / each(contract) + 1);
  const bool reduce = config.get<std::string>("on_breach") == "reduce";
  const auto action = reduce ? Breach::Action::Reduce : Breach::Action::Close;
  return mini ? breach.follows<MiniSizeAboveMax>(action) : breach.follows<SizeAboveMax>(action);
}

}  // namespace

const RuleSpec& spec_max_contracts() {
  static const RuleSpec spec{"max_contracts",
                             "Limits how many contracts the account holds; what is too much is cut at once.", kParams,
                             make_rule<MaxContracts>, breach};
  return spec;
}

}  // namespace rm
