#include "event_bus/event_bus.h"

#include <algorithm>
#include <exception>

namespace rm {
namespace {

constexpr std::size_t kQueueCapacity = 1024;
constexpr std::size_t kKeptFailures = 64;

}  // namespace

EventBus::EventBus() : critical_{kQueueCapacity}, quote_order_{kQueueCapacity} {
  failures_.reserve(kKeptFailures);
}

void EventBus::subscribe(EventHandler& handler, int order) {
  const auto later =
      std::find_if(handlers_.begin(), handlers_.end(), [&](const Subscription& s) { return s.order > order; });
  handlers_.insert(later, Subscription{&handler, order});
}

bool EventBus::reaches(std::string_view handler_name) const {
  return std::ranges::any_of(handlers_,
                             [&](const Subscription& s) { return s.handler->handler_name() == handler_name; });
}

void EventBus::publish(RiskEventBody body, BrokerTime at, std::int64_t received_ns) {
  enqueue(std::move(body), at, received_ns);
  drain();
}

void EventBus::enqueue(RiskEventBody body, BrokerTime at, std::int64_t received_ns) {
  if (const auto* quote = std::get_if<QuoteUpdated>(&body)) {
    enqueue_quote(*quote, at, received_ns);
  } else {
    critical_.push(RiskEvent{std::move(body), at, received_ns, 0});
  }
}

void EventBus::enqueue_quote(const QuoteUpdated& quote, BrokerTime at, std::int64_t received_ns) {
  const std::size_t index = quote.contract.value();
  if (index >= waiting_quotes_.size()) waiting_quotes_.resize(index + 1, RiskEvent{QuoteUpdated{}, {}, 0, 0});
  RiskEvent& slot = waiting_quotes_[index];
  if (slot.sequence == 0) {
    slot = RiskEvent{quote, at, received_ns, 1};
    quote_order_.push(quote.contract);
    return;
  }
  // Conflation keeps the newest of each field: an update without a last price does not erase the one before.
  auto& waiting = std::get<QuoteUpdated>(slot.body);
  if (quote.last) waiting.last = quote.last;
  if (quote.bid) waiting.bid = quote.bid;
  if (quote.ask) waiting.ask = quote.ask;
  slot.at = at;
  slot.received_ns = received_ns;
  ++conflated_;
}

void EventBus::drain() {
  if (std::exchange(draining_, true)) return;
  while (!critical_.empty() || !quote_order_.empty()) {
    if (!critical_.empty()) {
      deliver(critical_.pop());
      continue;
    }
    RiskEvent& slot = waiting_quotes_[quote_order_.pop().value()];
    slot.sequence = 0;
    deliver(slot);
  }
  draining_ = false;
}

void EventBus::deliver(RiskEvent event) noexcept {
  event.sequence = ++sequence_;
  for (const Subscription& subscription : handlers_) {
    try {
      if (const auto result = subscription.handler->on_event(event); !result) {
        note_failure(*subscription.handler, event, result.error().message);
      }
    } catch (const std::exception& thrown) {  // a defect in one handler must not take protection from the others
      note_failure(*subscription.handler, event, thrown.what());
    } catch (...) {
      note_failure(*subscription.handler, event, "unknown exception");
    }
  }
}

void EventBus::note_failure(const EventHandler& handler, const RiskEvent& event, std::string_view message) {
  ++failure_count_;
  if (failures_.size() < kKeptFailures) {
    failures_.push_back(
        HandlerFailure{handler.handler_name(), event.sequence, name_of(event.body), std::string{message}});
  }
}

std::vector<HandlerFailure> EventBus::take_failures() {
  std::vector<HandlerFailure> taken;
  taken.reserve(kKeptFailures);
  taken.swap(failures_);
  return taken;
}

}  // namespace rm
