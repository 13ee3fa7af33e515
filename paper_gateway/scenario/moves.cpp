#include "paper_gateway/scenario/moves.h"

#include <algorithm>

namespace paper {
namespace {

constexpr Nanos kBetweenPrices = std::chrono::milliseconds{100};

}  // namespace

Decimal Moves::Move::at(PaperTime when) const {
  if (when >= end) return to;
  const auto gone = std::chrono::floor<std::chrono::milliseconds>(when - start).count();
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(end - start).count();
  return from + tick * ((to - from).nanos() / tick.nanos() * gone / whole);
}

void Moves::begin(const MoveStep& step, Decimal from, Decimal tick, PaperTime start) {
  const Decimal to = std::max(step.relative ? from + step.to : step.to, tick);
  by_contract_.insert_or_assign(step.contract, Move{.from = from,
                                                    .to = to,
                                                    .tick = tick,
                                                    .start = start,
                                                    .end = start + step.over,
                                                    .next = start + std::min(kBetweenPrices, step.over)});
}

std::optional<PaperTime> Moves::next_deadline() const {
  std::optional<PaperTime> earliest;
  for (const auto& [contract, move] : by_contract_) earliest = std::min(earliest.value_or(move.next), move.next);
  return earliest;
}

void Moves::on_time(PaperTime now, std::vector<FeedEvent>& out) {
  for (auto entry = by_contract_.begin(); entry != by_contract_.end();) {
    auto& [contract, move] = *entry;
    if (move.next <= now) {
      const PaperTime due = std::min(move.next + kBetweenPrices * ((now - move.next) / kBetweenPrices), move.end);
      PriceUpdate price;
      price.contract = contract;
      price.last = move.at(due);
      out.push_back({.at = due, .price = std::move(price)});
      move.next = std::min(due + kBetweenPrices, move.end);
      if (due == move.end) {
        entry = by_contract_.erase(entry);
        continue;
      }
    }
    ++entry;
  }
  std::ranges::stable_sort(out, {}, &FeedEvent::at);
}

}  // namespace paper
