#include <algorithm>
#include <cstdlib>

#include "paper_gateway/exchange/calendar.h"
#include "paper_gateway/exchange/core.h"

namespace paper {

std::optional<PaperTime> Exchange::Core::next_due() const {
  const std::optional<PaperTime> scheduled = later.next();
  // Before the first timed call there is no day yet that could end.
  if (!settings.firm_window || now == PaperTime{}) return scheduled;
  const PaperTime flat = next_flat_time(now);
  return scheduled ? std::min(*scheduled, flat) : flat;
}

void Exchange::Core::enter(PaperTime time) {
  for (auto due = next_due(); due && *due <= time; due = next_due()) {
    // Both at one instant: the end of the day first, or moving the clock onto it would skip it.
    const bool day_ends = settings.firm_window && now != PaperTime{} && next_flat_time(now) == *due;
    now = std::max(now, *due);
    if (day_ends) {
      flat_time();
    } else {
      later.take_next()();
    }
  }
  now = std::max(now, time);
}

PaperTime Exchange::Core::stamp() {
  constexpr Nanos kStep{100};
  last_stamp = std::max(PaperTime{now.ns / kStep.count() * kStep.count()}, last_stamp + kStep);
  return last_stamp;
}

void Exchange::Core::flat_time() {
  std::vector<OrderId> ended;
  if (settings.at_flat_time != Settings::AtFlatTime::Keep) {
    for (const auto& [contract, ids] : working) ended.insert(ended.end(), ids.begin(), ids.end());
  }
  const bool expire = settings.at_flat_time == Settings::AtFlatTime::Expire;
  for (const OrderId id : ended) {
    if (is_working(state(id).order.status))
      end_order(state(id), expire ? OrderStatus::Expired : OrderStatus::Cancelled);
  }
  for (const auto& [key, holding] : holdings) {
    const auto contract = catalogue.by_id(key.second);
    if (holding.size() != 0 && contract) market_exit(key.first, *contract, std::abs(holding.size()));
  }
}

}  // namespace paper
