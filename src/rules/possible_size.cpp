#include "rules/possible_size.h"

#include <algorithm>

namespace rm {
namespace {

constexpr std::size_t kExpectedOrders = 64, kExpectedContracts = 32;

// A market order fills before it could be cancelled, and its own message may come after its fill: what it opens is
// looked at as a position.
bool could_add(const AccountBook& book, const Order& order) {
  if (order.parent != OrderId{} || order.type == OrderType::Market) return false;
  const Holding* holding = book.holding(order.contract);
  const Lots size = holding ? holding->size : Lots{};
  const bool other_side = !size.is_zero() && (size > Lots{}) != (order.side == Side::Buy);
  return !other_side || order.remaining() > size.magnitude();
}

}  // namespace

std::vector<const Holding*> newest_increase_first(const AccountBook& book) {
  std::vector<const Holding*> open;
  for (const Holding& holding : book.holdings()) {
    if (!holding.size.is_zero()) open.push_back(&holding);
  }
  std::sort(open.begin(), open.end(), [](const Holding* a, const Holding* b) {
    return a->last_increase != b->last_increase ? a->last_increase > b->last_increase : a->contract < b->contract;
  });
  return open;
}

std::int64_t PossibleSize::worst() const {
  return std::max({size, -size, size + buys, sells - size});
}

void PossibleSize::add(const Order& order) {
  (order.side == Side::Buy ? buys : sells) += order.remaining().value();
}

void PossibleSize::take_back(const Order& order) {
  (order.side == Side::Buy ? buys : sells) -= order.remaining().value();
}

AddingOrders::AddingOrders() {
  orders_.reserve(kExpectedOrders);
  sizes_.reserve(kExpectedContracts);
}

void AddingOrders::look(const AccountBook& book) {
  orders_.clear();
  sizes_.clear();
  for (const Holding& holding : book.holdings())
    sizes_.push_back(PossibleSize{holding.contract, holding.size.value(), 0, 0});
  for (const Order& order : book.orders().all()) {
    if (could_add(book, order)) orders_.push_back(&order);
  }
  std::sort(orders_.begin(), orders_.end(), [](const Order* a, const Order* b) {
    return a->created != b->created ? a->created < b->created : a->id < b->id;
  });
}

PossibleSize& AddingOrders::of(ContractId contract) {
  const auto known =
      std::find_if(sizes_.begin(), sizes_.end(), [&](const PossibleSize& s) { return s.contract == contract; });
  return known != sizes_.end() ? *known : sizes_.emplace_back(PossibleSize{contract, 0, 0, 0});
}

}  // namespace rm
