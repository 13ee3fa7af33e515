#pragma once
// How large positions are, which of them grew last, and how large they could become if working orders filled.

#include <span>
#include <vector>

#include "book/account_book.h"

namespace rm {

// What is open, the contract that grew last first. Equal times in the order of the table, so that the same input
// always gives the same cut.
[[nodiscard]] std::vector<const Holding*> newest_increase_first(const AccountBook& book);

// One contract, or one account: a position and the orders that could add to it, each side for itself.
struct PossibleSize {
  ContractId contract;
  std::int64_t size = 0;             // signed
  std::int64_t buys = 0, sells = 0;  // lots that could still fill
  // The larger of what is held, and of what all orders of one side would make of it.
  [[nodiscard]] std::int64_t worst() const;
  void add(const Order& order);
  void take_back(const Order& order);
};

// The orders that could open or add, the first come first. An exit (of the other side, not larger than the position)
// is none of them, and neither is a child of a bracket.
class AddingOrders {
 public:
  AddingOrders();
  // Looks at the book. Valid until the next call.
  void look(const AccountBook& book);
  [[nodiscard]] std::span<const Order* const> orders() const { return orders_; }
  // By contract: what is held, and the orders that were put in; look() puts none in.
  [[nodiscard]] std::span<PossibleSize> sizes() { return sizes_; }
  [[nodiscard]] PossibleSize& of(ContractId contract);

 private:
  std::vector<const Order*> orders_;
  std::vector<PossibleSize> sizes_;
};

}  // namespace rm
