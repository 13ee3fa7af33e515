#pragma once
// How many requests it takes to flatten everything now: what the request budget must be able to pay at any time.

#include <algorithm>

#include "book/book.h"

namespace rm {

// One account: a close a position, a cancel a working order, and the two rounds of reads that verify it.
[[nodiscard]] inline int requests_to_flatten(const AccountBook& book) {
  constexpr int kVerification = 4;
  const auto open = std::ranges::count_if(book.holdings(), [](const Holding& holding) { return !holding.flat(); });
  const int acts = static_cast<int>(open) + static_cast<int>(book.orders().all().size());
  return acts == 0 ? 0 : acts + kVerification;
}

[[nodiscard]] inline int requests_to_flatten(const Book& book) {
  int sum = 0;
  for (const auto& account : book.accounts()) sum += requests_to_flatten(*account);
  return sum;
}

}  // namespace rm
