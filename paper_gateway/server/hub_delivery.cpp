// How an event gets to a client, and everything that may happen to it on the way.
#include <algorithm>

#include "paper_gateway/server/hub.h"

namespace paper {

void Hub::push(HubConnection& connection, std::string_view target, const std::string& record) {
  if (!connection.ready()) return;
  const auto now = context_.monotonic_ns();
  const auto verdict = context_.faults.on_event(target, place(connection), now);
  Event event{std::string{target}, record};
  int copies = 1;
  switch (verdict.action) {
    case FaultAction::drop:
      return;
    case FaultAction::delay:
      return deliver_later(connection, std::move(event), now + verdict.delay_ms * 1'000'000);
    case FaultAction::reorder:
      if (!held_.contains(connection.id())) return hold(connection, std::move(event), verdict.delay_ms);
      break;  // two in turn, or none would ever overtake another
    case FaultAction::duplicate:
      copies = verdict.copies;
      break;
    default:
      break;
  }
  const auto wait_ms = name_ == "user" ? context_.settings.user_event_delay_ms : 0;
  const bool waits = target != "GatewayLogout" && (wait_ms > 0 || last_due_ns_ > now);
  if (waits) last_due_ns_ = std::max(last_due_ns_, now + wait_ms * 1'000'000);  // no event overtakes an earlier one
  for (; copies > 0; --copies) waits ? deliver_later(connection, event, last_due_ns_) : deliver(connection, event);
  release(connection.id());
}

void Hub::deliver(HubConnection& connection, const Event& event) {
  if (!connection.ready()) return;
  const auto now = context_.monotonic_ns();
  context_.events.add({0, now, context_.now(), name_, event.target, event.record});
  connection.session()->send(event.record, now);
}

void Hub::deliver_later(HubConnection& connection, Event event, std::int64_t due_ns) {
  context_.agenda.at(due_ns, [this, event = std::move(event), id = connection.id()] {
    if (const auto found = connections_.find(id); found != connections_.end()) deliver(*found->second, event);
  });
}

void Hub::hold(HubConnection& connection, Event event, std::int64_t ms) {
  held_.insert_or_assign(connection.id(), std::move(event));
  context_.agenda.at(context_.monotonic_ns() + ms * 1'000'000, [this, id = connection.id()] { release(id); });
}

void Hub::release(const std::string& id) {
  auto waiting = held_.extract(id);
  if (waiting.empty()) return;
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  // Behind the one that was to overtake it, which may have to wait itself.
  if (last_due_ns_ > context_.monotonic_ns()) return deliver_later(*found->second, waiting.mapped(), last_due_ns_);
  deliver(*found->second, waiting.mapped());
}

FaultAction Hub::on_method(const HubConnection& connection, std::string_view target) const {
  return context_.faults.on_method(target, place(connection), context_.monotonic_ns()).action;
}

void Hub::freeze_for(std::int64_t ms, bool lose) {
  frozen_until_ns_ = context_.monotonic_ns() + ms * 1'000'000;
  frost_loses_ = lose;
  for (const auto& [id, connection] : connections_) {
    if (auto* session = connection->session()) session->freeze(frozen_until_ns_, lose);
  }
}

void Hub::storm(Storm storm) {
  storm_ = storm;
  storm_random_ = context_.faults.next_random();
  next_closing(++storms_);
}

void Hub::next_closing(std::uint64_t storm) {
  const auto wait_ns = storm_random_.waiting_time(storm_.mean_ms * 1'000'000);
  context_.agenda.at(context_.monotonic_ns() + wait_ns, [this, storm] {
    if (storm != storms_) return;
    close_all(HubSession::close_text, storm_.allow_reconnect);
    if (storm_.refuse_ms > 0) refuse_for(storm_.refuse_ms, storm_.refuse_status);
    next_closing(storm);
  });
}

void Hub::calm() {
  ++storms_;
  if (frozen_until_ns_ > context_.monotonic_ns()) freeze_for(0, false);
}

void Hub::log_out_all(std::string_view why) {
  for (const auto& [id, connection] : connections_) log_out(*connection, why);
}

}  // namespace paper
