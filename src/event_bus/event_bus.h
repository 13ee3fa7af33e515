#pragma once
// R4: every event to every subscriber, in order; critical events before quotes; quotes of one contract conflated
// while they wait. R23: a handler that fails is counted and reported and never stops the others.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event_bus/ring.h"
#include "event_bus/risk_event.h"

namespace rm {

class EventHandler {
 public:
  virtual ~EventHandler() = default;
  [[nodiscard]] virtual std::string_view handler_name() const = 0;
  virtual Result<void> on_event(const RiskEvent& event) = 0;
};

struct HandlerFailure {
  std::string_view handler;
  std::uint64_t sequence;  // of the event it failed on
  std::string_view event;  // name_of
  std::string message;
};

// One thread. Not re-entrant: what a handler publishes is delivered after the current event.
class EventBus {
 public:
  EventBus();

  // Handlers are called in ascending `order`; equal orders in the order of subscription. `handler` must outlive the
  // bus.
  void subscribe(EventHandler& handler, int order);
  [[nodiscard]] bool reaches(std::string_view handler_name) const;

  // Queues and, unless a delivery is going on, delivers everything that waits.
  void publish(RiskEventBody body, BrokerTime at, std::int64_t received_ns = 0);
  // Queues only: for the several records of one message, so that a fill behind a quote overtakes it. drain()
  // delivers.
  void enqueue(RiskEventBody body, BrokerTime at, std::int64_t received_ns = 0);
  void drain();

  [[nodiscard]] std::uint64_t delivered() const { return sequence_; }
  [[nodiscard]] std::uint64_t conflated() const { return conflated_; }
  [[nodiscard]] std::uint64_t failures() const { return failure_count_; }
  // The failures since the last call, oldest first, at most 64 (the count above has all).
  [[nodiscard]] std::vector<HandlerFailure> take_failures();

 private:
  struct Subscription {
    EventHandler* handler;
    int order;
  };
  void enqueue_quote(const QuoteUpdated& quote, BrokerTime at, std::int64_t received_ns);
  void deliver(RiskEvent event) noexcept;
  void note_failure(const EventHandler& handler, const RiskEvent& event, std::string_view message);

  std::vector<Subscription> handlers_;
  Ring<RiskEvent> critical_;
  Ring<ContractId> quote_order_;           // contracts with a waiting quote, oldest first
  std::vector<RiskEvent> waiting_quotes_;  // by contract; sequence 1 = waiting, 0 = none
  bool draining_ = false;
  std::uint64_t sequence_ = 0, conflated_ = 0, failure_count_ = 0;
  std::vector<HandlerFailure> failures_;
};

}  // namespace rm
