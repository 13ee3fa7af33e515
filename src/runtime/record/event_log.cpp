#include "runtime/record/event_log.h"

#include <fmt/format.h>

#include "control/words.h"
#include "observe/log.h"

namespace rm {
namespace {

void say_stream(const RiskEvent& event, const StreamChanged& stream) {
  log(stream.up ? Level::Info : Level::Warning, "event",
      stream.up ? "the user stream is up" : "the user stream is down, REST polling stands in",
      {{"kind", "stream"}, {"account", stream.account}, {"sequence", event.sequence}});
}

void say_snapshot(const RiskEvent& event, const SnapshotTaken& taken) {
  const AccountSnapshot& s = *taken.snapshot;
  log(Level::Info, "synchronised",
      fmt::format("account {} synchronised: {} positions, {} working orders, {} trades today", taken.account.value(),
                  s.positions.size(), s.working_orders.size(), s.trades.size()),
      {{"account", taken.account},
       {"generation", s.generation},
       {"balance", s.info.balance},
       {"sequence", event.sequence}});
}

}  // namespace

void EventLog::on_event(const RiskEvent& event) {
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body)) {
    say_trade(event, *trade);
  } else if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    say_position(event, position->position);
  } else if (const auto* stream = std::get_if<StreamChanged>(&event.body)) {
    say_stream(event, *stream);
  } else if (const auto* failed = std::get_if<ReadsFailed>(&event.body)) {
    log(Level::Debug, "event", "the account could not be read",
        {{"kind", "reads_failed"}, {"account", failed->account}, {"sequence", event.sequence}});
  } else if (const auto* snapshot = std::get_if<SnapshotTaken>(&event.body)) {
    said_.on_snapshot(snapshot->account, event.at);
    say_snapshot(event, *snapshot);
  } else if (log_enabled(Level::Debug) && is_critical(event.body)) {
    log(Level::Debug, "event", name_of(event.body), {{"kind", name_of(event.body)}, {"sequence", event.sequence}});
  }
}

void EventLog::say_trade(const RiskEvent& event, const TradeExecuted& executed) {
  const Trade& t = executed.trade;
  const bool again = said_.again(t, event.at);
  const std::string contract = contract_name(t.contract, contracts_);
  const std::string text = trade_text(t, contract) + (again ? " (sent again)" : "");
  log(Level::Info, "event", text,
      {{"kind", "trade"},
       {"account", t.account},
       {"contract", contract},
       {"trade", t.id},
       {"sequence", event.sequence},
       {"replayed", executed.replayed},
       {"trade_time", t.time}});
  if (!again) teller_.tell_event(event.at, text);
}

void EventLog::say_position(const RiskEvent& event, const Position& position) {
  const std::string contract = contract_name(position.contract, contracts_);
  const std::string text = position_text(position, contract);
  log(Level::Info, "event", text,
      {{"kind", "position"}, {"account", position.account}, {"contract", contract}, {"sequence", event.sequence}});
  teller_.tell_event(event.at, text);
}

}  // namespace rm
