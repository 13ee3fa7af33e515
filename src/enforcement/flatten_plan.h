#pragma once
// What is still between the book and a goal, in the order in which it may be done: orders that could open or add
// exposure go at once; orders that only reduce stay until their position is gone, so that nothing is unprotected in
// between.

#include <vector>

#include "book/account_book.h"
#include "domain/goal.h"

namespace rm {

struct PlannedClose {
  ContractId contract;
  Lots by;             // lots too many
  bool whole = false;  // close the position rather than reduce it
  // What market orders against the position that work have yet to take off. Whoever closes once more meanwhile turns
  // the position round.
  Lots awaited;
  [[nodiscard]] bool being_filled() const { return awaited > Lots{}; }
};

struct Plan {
  std::vector<OrderId> cancel_now;
  std::vector<PlannedClose> close_now;
  std::vector<OrderId> cancel_later;  // exits, once their position is gone
  [[nodiscard]] bool done() const { return cancel_now.empty() && close_now.empty() && cancel_later.empty(); }
  void clear() {
    cancel_now.clear();
    close_now.clear();
    cancel_later.clear();
  }
};

void make_plan(const AccountBook& book, const Goal& goal, Plan& plan);

// A market order that takes off what is open in its contract, and has not done so yet.
[[nodiscard]] bool is_market_exit(const AccountBook& book, const Order& order);

}  // namespace rm
