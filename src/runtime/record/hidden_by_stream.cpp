#include "runtime/record/hidden_by_stream.h"

#include <fmt/format.h>

#include "observe/log.h"

namespace rm {

void HiddenByStream::on_event(const RiskEvent& event, const AccountBook& book) {
  const bool up = book.sync() == SyncState::Synchronised;
  ToldByStream& told = told_by_stream_[book.id()];
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) {
    if (!trade->replayed) {
      found_by_reads_.on_stream(book.id(), trade->trade.id);
      told.on_fill(trade->trade, event.at);
    } else if (up) {
      found_by_reads_.on_read(book.id(), trade->trade.id, event.at);
    }
  } else if (const auto* order = std::get_if<OrderUpdated>(&event.body)) {
    found_by_reads_.on_stream(book.id(), order->order.id);
    told.on_order(order->order, event.at);
  } else if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    found_by_reads_.on_stream(book.id(), position->position.contract);
    told.on_position(position->position, event.at);
  } else if (const auto* snapshot = std::get_if<SnapshotTaken>(&event.body)) {
    told.on_snapshot(*snapshot->snapshot);
  } else if (const auto* read = std::get_if<ReadBack>(&event.body)) {
    if (up) told.on_read(*read, found_by_reads_, event.at);
  } else if (std::holds_alternative<AccountUpdated>(event.body) && event.received_ns == 0 && up) {
    say("account", 1);
  }
}

void HiddenByStream::settle(BrokerTime now) {
  const auto hidden = found_by_reads_.settle(now);
  for (std::size_t kind = 0; kind < hidden.size(); ++kind) say(kFoundKindNames[kind], hidden[kind]);
}

void HiddenByStream::say(std::string_view kind, std::uint64_t count) {
  if (count == 0) return;
  count_ += count;
  metrics_.count_found_by_reads(kind, count);
  log(Level::Warning, "found_by_reads", fmt::format("{} {} found by reads: the stream is up and hid it", count, kind),
      {{"kind", kind}});
}

}  // namespace rm
