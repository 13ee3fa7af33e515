// max_contracts: limits how many contracts are held over the whole account. Breaches above the limit.

#include <algorithm>

#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"max_contracts", ParamKind::Int, Bound::AtLeastZero, "", true, "", "Most contracts the account may hold.",
     Stricter::Lower},
    {"count", ParamKind::Choice, Bound::Any, "gross", false, "gross|net",
     "gross: sum of the sizes; net: size of the signed sum, a hedge counts against.", Stricter::Unknown},
    {"on_breach", ParamKind::Choice, Bound::Any, "reduce", false, "reduce|flatten",
     "reduce: cut back to the limit, the contract that was increased last first; flatten: close everything.",
     Stricter::Unknown},
    {"include_working_orders", ParamKind::Bool, Bound::Any, "false", false, "",
     "true: an order whose full fill would breach is cancelled before it fills.", Stricter::True},
};

constexpr std::int64_t kLargestSize = 1'000'000;  // what the wire lets through; a larger limit never binds

class MaxContracts final : public Rule {
 public:
  explicit MaxContracts(const RuleConfig& config)
      : limit_{static_cast<std::int32_t>(
            std::min<std::int64_t>(config.get<std::int64_t>("max_contracts"), kLargestSize))},
        net_{config.get<std::string>("count") == "net"},
        reduce_{config.get<std::string>("on_breach") == "reduce"},
        with_orders_{config.get<bool>("include_working_orders")} {}

  [[nodiscard]] Listens listens() const override {
    return {.trades = true, .positions = true, .orders = with_orders_};
  }

  void evaluate(const RuleInput& input, Findings& findings) override {
    const Lots held = count(input.book);
    if (held > limit_) {
      findings.violate(SizeAboveMax{std::nullopt, held, limit_},
                       reduce_ ? cut_back(input.book, held - limit_) : flat_account());
    }
    if (with_orders_) cancel_orders_that_would_breach(input.book, findings);
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    const Lots held = count(book);
    const std::int64_t percent =
        limit_.is_zero() ? (held.is_zero() ? 0 : 100) : std::int64_t{held.value()} * 100 / limit_.value();
    return {std::to_string(limit_.value()), std::to_string(held.value()), percent};
  }

 private:
  [[nodiscard]] Lots signed_sum(const AccountBook& book) const {
    Lots sum;
    for (const Holding& holding : book.holdings()) sum = sum + holding.size;
    return sum;
  }
  [[nodiscard]] Lots count(const AccountBook& book) const {
    return net_ ? signed_sum(book).magnitude() : book.gross_size();
  }

  // Cuts `excess` lots, newest increase first. Under `net` only the side that is too large is cut.
  [[nodiscard]] Goal cut_back(const AccountBook& book, Lots excess) const {
    std::vector<const Holding*> newest_first;
    const bool long_side = signed_sum(book) > Lots{};
    for (const Holding& holding : book.holdings()) {
      if (!holding.size.is_zero() && (!net_ || (holding.size > Lots{}) == long_side))
        newest_first.push_back(&holding);
    }
    // Equal times in the order of the table, so that the same input always gives the same cut.
    std::sort(newest_first.begin(), newest_first.end(), [](const Holding* a, const Holding* b) {
      return a->last_increase != b->last_increase ? a->last_increase > b->last_increase : a->contract < b->contract;
    });
    Goal goal;
    for (const Holding* holding : newest_first) {
      if (excess.is_zero()) break;
      const Lots cut = std::min(excess, holding->size.magnitude());
      goal.contracts.push_back(ContractGoal{holding->contract, holding->size.magnitude() - cut});
      excess = excess - cut;
    }
    return goal;
  }

  void cancel_orders_that_would_breach(const AccountBook& book, Findings& findings) const {
    for (const Order& order : book.orders().all()) {
      const Holding* holding = book.holding(order.contract);
      const Lots before = holding ? holding->size : Lots{};
      const Lots after = before + order.signed_remaining();
      if (after.magnitude() <= before.magnitude()) continue;  // an exit
      const Lots total = net_ ? (signed_sum(book) + order.signed_remaining()).magnitude()
                              : book.gross_size() - before.magnitude() + after.magnitude();
      if (total <= limit_) continue;
      Goal goal;
      goal.orders_gone.push_back(order.id);
      findings.violate(OrderWouldBreach{order.id, total, limit_}, goal);
    }
  }

  Lots limit_;
  bool net_, reduce_, with_orders_;
};

}  // namespace

const RuleSpec& spec_max_contracts() {
  static const RuleSpec spec{"max_contracts",
                             "Limits how many contracts the account holds; what is too much is cut at once.", kParams,
                             make_rule<MaxContracts>};
  return spec;
}

}  // namespace rm
