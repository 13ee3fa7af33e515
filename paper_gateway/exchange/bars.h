#pragma once

#include <deque>
#include <vector>

#include "paper_gateway/exchange/entities.h"
#include "paper_gateway/exchange/requests.h"

namespace paper {

// The prints of one contract as one-second bars (the last 14 days that had prints) and as single ticks (the last 20
// 000).
class BarSeries {
 public:
  void add(const Print& print);
  // Bars of `unit` × `count` that overlap [from, to], newest first; the latest `limit` of them. A bar that is not
  // over at `now` is left out unless `partial`. Periods without prints make no bar.
  std::vector<Bar> bars(const BarQuery& query, PaperTime now) const;

 private:
  std::vector<Bar> ticks_as_bars(const BarQuery& query) const;
  std::deque<Bar> seconds_;
  std::deque<Bar> ticks_;
};

}  // namespace paper
