#pragma once
// An event with what its first layout in the journal left out. Book and engine decide by these too.

#include <memory>
#include <utility>

#include "event_bus/risk_event.h"

namespace rm {

struct SeenEvent {
  RiskEvent event;
  bool flag = false;  // TradeExecuted::replayed, ReadBack::decisive
  BrokerTime snapshot_requested_at;
};

[[nodiscard]] inline SeenEvent seen(const RiskEvent& event) {
  SeenEvent out{event, false, {}};
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) out.flag = trade->replayed;
  if (const auto* read = std::get_if<ReadBack>(&event.body)) out.flag = read->decisive;
  const auto* taken = std::get_if<SnapshotTaken>(&event.body);
  if (taken && taken->snapshot) out.snapshot_requested_at = taken->snapshot->requested_at;
  return out;
}

[[nodiscard]] inline RiskEvent event_of(SeenEvent seen) {
  RiskEvent event = std::move(seen.event);
  if (auto* trade = std::get_if<TradeExecuted>(&event.body)) trade->replayed = seen.flag;
  if (auto* read = std::get_if<ReadBack>(&event.body)) read->decisive = seen.flag;
  auto* taken = std::get_if<SnapshotTaken>(&event.body);
  if (taken && taken->snapshot) {
    auto complete = std::make_shared<AccountSnapshot>(*taken->snapshot);
    complete->requested_at = seen.snapshot_requested_at;
    taken->snapshot = std::move(complete);
  }
  return event;
}

}  // namespace rm
