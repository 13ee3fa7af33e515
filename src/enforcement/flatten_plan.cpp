#include "enforcement/flatten_plan.h"

#include <algorithm>
#include <optional>

namespace rm {
namespace {

// The most lots the goal allows in a contract; empty: any number.
std::optional<Lots> allowed(const Goal& goal, ContractId contract) {
  if (goal.account_flat) return Lots{};
  const auto found = std::find_if(goal.contracts.begin(), goal.contracts.end(),
                                  [&](const ContractGoal& g) { return g.contract == contract; });
  return found == goal.contracts.end() ? std::nullopt : std::optional{found->at_most};
}

// The larger of what fills and what the stream's position message says: a position in dispute is not yet gone. A read
// alone that contradicts the stream may lag it: it keeps the goal from being reached, but nothing is closed on its
// word.
Lots size_to_clear(const Holding& holding) {
  if (!holding.dispute || !holding.dispute->by_stream) return holding.size;
  return holding.dispute->size.magnitude() > holding.size.magnitude() ? holding.dispute->size : holding.size;
}

// How many lots to take off. Closing is harmless when there is nothing, so a disputed position is closed by its
// larger figure; a reduction is not, so it goes by the smaller one and waits for the dispute to end.
Lots excess_of(const Holding& holding, Lots limit) {
  const Lots larger = size_to_clear(holding).magnitude();
  if (limit.is_zero() || !holding.dispute) return larger - limit;
  return std::min(holding.size.magnitude(), holding.dispute->size.magnitude()) - limit;
}

Lots left_of_market_exits(const AccountBook& book, ContractId contract) {
  Lots sum;
  for (const Order& order : book.orders().all()) {
    if (order.contract == contract && is_market_exit(book, order)) sum = sum + order.remaining();
  }
  return sum;
}

void plan_closes(const AccountBook& book, const Goal& goal, Plan& plan) {
  for (const Holding& holding : book.holdings()) {
    const auto limit = allowed(goal, holding.contract);
    if (!limit) continue;
    const Lots excess = excess_of(holding, *limit);
    if (excess <= Lots{}) continue;
    const Lots awaited = left_of_market_exits(book, holding.contract);
    plan.close_now.push_back(PlannedClose{holding.contract, excess, limit->is_zero(), awaited});
  }
}

void plan_order(const AccountBook& book, const Order& order, Lots limit, Plan& plan) {
  const Holding* holding = book.holding(order.contract);
  const Lots size = holding ? size_to_clear(*holding) : Lots{};
  const Lots after = size + order.signed_remaining();
  const bool exit = !size.is_zero() && after.magnitude() <= size.magnitude();
  if (limit.is_zero()) {
    (exit ? plan.cancel_later : plan.cancel_now).push_back(order.id);
  } else if (!exit && after.magnitude() > limit) {
    plan.cancel_now.push_back(order.id);
  }
}

}  // namespace

bool is_market_exit(const AccountBook& book, const Order& order) {
  const Holding* holding = book.holding(order.contract);
  const Lots size = holding ? size_to_clear(*holding) : Lots{};
  const Side exit = size > Lots{} ? Side::Sell : Side::Buy;
  return !size.is_zero() && order.type == OrderType::Market && order.side == exit && order.remaining() > Lots{};
}

void make_plan(const AccountBook& book, const Goal& goal, Plan& plan) {
  plan.clear();
  plan_closes(book, goal, plan);
  for (const Order& order : book.orders().all()) {
    if (std::find(goal.orders_gone.begin(), goal.orders_gone.end(), order.id) != goal.orders_gone.end()) {
      plan.cancel_now.push_back(order.id);
    } else if (const auto limit = allowed(goal, order.contract)) {
      plan_order(book, order, *limit, plan);
    }
  }
}

}  // namespace rm
