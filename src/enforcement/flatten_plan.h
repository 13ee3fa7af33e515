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
  // A market order against the position is working: it takes off what it is for. Whoever closes once more meanwhile
  // turns the position round.
  bool being_filled = false;
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

}  // namespace rm
