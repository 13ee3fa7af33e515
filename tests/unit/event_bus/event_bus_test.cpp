// R4: every event to every subscriber, in order, critical before quotes. R23: a handler that fails stops nobody.
#include "event_bus/event_bus.h"

#include <functional>
#include <stdexcept>

namespace rm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ContractId kMnq{0}, kEs{1};

Price price(const char* text) {
  return Price::parse(text).value();
}
TradeExecuted trade(std::int64_t id) {
  TradeExecuted event;
  event.trade.id = TradeId{id};
  return event;
}
QuoteUpdated last(ContractId contract, const char* text) {
  return {contract, price(text), std::nullopt, std::nullopt};
}

class Listener final : public EventHandler {
 public:
  explicit Listener(std::string name, std::vector<std::string>& heard) : name_{std::move(name)}, heard_{heard} {}
  [[nodiscard]] std::string_view handler_name() const override { return name_; }
  Result<void> on_event(const RiskEvent& event) override {
    events.push_back(event);
    heard_.push_back(name_ + ":" + std::string{name_of(event.body)});
    return then ? then(event) : Result<void>{};
  }
  std::function<Result<void>(const RiskEvent&)> then;
  std::vector<RiskEvent> events;

 private:
  std::string name_;
  std::vector<std::string>& heard_;
};

struct Bus : ::testing::Test {
  EventBus bus;
  std::vector<std::string> heard;
  Listener first{"first", heard}, second{"second", heard};
  BrokerTime now = BrokerTime::from_seconds(1000);
};
using EventBusTest = Bus;

TEST_F(EventBusTest, EveryEventToEverySubscriberInTheirOrder) {
  bus.subscribe(second, 10);
  bus.subscribe(first, 0);
  bus.publish(trade(1), now, 77);
  EXPECT_THAT(heard, ElementsAre("first:trade", "second:trade"));
  EXPECT_EQ(first.events.front().at, now);
  EXPECT_EQ(first.events.front().received_ns, 77);
}

TEST_F(EventBusTest, EqualOrdersInTheOrderOfSubscription) {
  bus.subscribe(first, 5);
  bus.subscribe(second, 5);
  bus.publish(TimePassed{}, now);
  EXPECT_THAT(heard, ElementsAre("first:time", "second:time"));
}

TEST_F(EventBusTest, SequenceGrowsByOne) {
  bus.subscribe(first, 0);
  for (int i = 1; i <= 3; ++i) bus.publish(trade(i), now);
  EXPECT_EQ(first.events[0].sequence, 1U);
  EXPECT_EQ(first.events[2].sequence, 3U);
  EXPECT_EQ(bus.delivered(), 3U);
}

TEST_F(EventBusTest, ACriticalEventOvertakesWaitingQuotes) {
  bus.subscribe(first, 0);
  bus.enqueue(last(kMnq, "1"), now);
  bus.enqueue(last(kEs, "2"), now);
  bus.enqueue(trade(1), now);
  bus.enqueue(trade(2), now);
  EXPECT_THAT(heard, IsEmpty()) << "enqueue only queues";
  bus.drain();
  EXPECT_THAT(heard, ElementsAre("first:trade", "first:trade", "first:quote", "first:quote"));
  EXPECT_EQ(std::get<TradeExecuted>(first.events[0].body).trade.id, TradeId{1}) << "critical events keep their order";
  EXPECT_EQ(std::get<QuoteUpdated>(first.events[2].body).contract, kMnq)
      << "the quote that waits longest comes first";
}

TEST_F(EventBusTest, ConflationKeepsTheNewestOfEachField) {
  bus.subscribe(first, 0);
  bus.enqueue(QuoteUpdated{kMnq, price("1"), price("2"), std::nullopt}, now, 10);
  bus.enqueue(QuoteUpdated{kMnq, std::nullopt, price("5"), std::nullopt}, now + Duration{1}, 11);
  bus.enqueue(QuoteUpdated{kMnq, std::nullopt, std::nullopt, price("6")}, now + Duration{2}, 12);
  bus.enqueue(last(kEs, "9"), now);
  bus.drain();
  ASSERT_EQ(first.events.size(), 2U);
  const auto& quote = std::get<QuoteUpdated>(first.events[0].body);
  EXPECT_EQ(quote.last, price("1"));
  EXPECT_EQ(quote.bid, price("5"));
  EXPECT_EQ(quote.ask, price("6"));
  EXPECT_EQ(first.events[0].at, now + Duration{2});
  EXPECT_EQ(first.events[0].received_ns, 12);
  EXPECT_EQ(bus.conflated(), 2U);
}

TEST_F(EventBusTest, ADeliveredQuoteIsNotMergedIntoTheNext) {
  bus.subscribe(first, 0);
  bus.publish(QuoteUpdated{kMnq, price("1"), price("2"), price("3")}, now);
  bus.publish(QuoteUpdated{kMnq, std::nullopt, price("4"), std::nullopt}, now);
  EXPECT_EQ(std::get<QuoteUpdated>(first.events[1].body).last, std::nullopt);
  EXPECT_EQ(bus.conflated(), 0U);
}

TEST_F(EventBusTest, NobodyIsCalledInsideACall) {
  bus.subscribe(first, 0);
  bus.subscribe(second, 1);
  first.then = [&](const RiskEvent& event) -> Result<void> {
    if (std::holds_alternative<TradeExecuted>(event.body)) bus.publish(TimePassed{}, now);
    return {};
  };
  bus.publish(trade(1), now);
  EXPECT_THAT(heard, ElementsAre("first:trade", "second:trade", "first:time", "second:time"));
}

TEST_F(EventBusTest, WhatAHandlerPublishesOvertakesWaitingQuotes) {
  bus.subscribe(first, 0);
  first.then = [&](const RiskEvent& event) -> Result<void> {
    if (event.sequence == 1) bus.publish(trade(9), now);
    return {};
  };
  bus.enqueue(last(kMnq, "1"), now);
  bus.enqueue(last(kEs, "1"), now);
  bus.drain();
  EXPECT_THAT(heard, ElementsAre("first:quote", "first:trade", "first:quote"));
}

TEST_F(EventBusTest, AFailingAndAThrowingHandlerAreCountedAndStopNobody) {
  Listener third{"third", heard};
  bus.subscribe(first, 0);
  bus.subscribe(second, 1);
  bus.subscribe(third, 2);
  first.then = [](const RiskEvent&) -> Result<void> {
    return fail(ErrorCode::UnknownAccount, "account 5 is not watched");
  };
  second.then = [](const RiskEvent&) -> Result<void> { throw std::runtime_error{"defect"}; };
  bus.publish(trade(1), now);
  second.then = [](const RiskEvent&) -> Result<void> { throw 42; };  // NOLINT: even this
  bus.publish(TimePassed{}, now);
  EXPECT_EQ(third.events.size(), 2U);
  EXPECT_EQ(bus.failures(), 4U);
  const auto failures = bus.take_failures();
  ASSERT_EQ(failures.size(), 4U);
  EXPECT_EQ(failures[0].handler, "first");
  EXPECT_EQ(failures[0].message, "account 5 is not watched");
  EXPECT_EQ(failures[1].handler, "second");
  EXPECT_EQ(failures[1].message, "defect");
  EXPECT_EQ(failures[1].sequence, 1U);
  EXPECT_EQ(failures[1].event, "trade");
  EXPECT_EQ(failures[3].message, "unknown exception");
  EXPECT_THAT(bus.take_failures(), IsEmpty()) << "taken once";
}

TEST_F(EventBusTest, AFloodOfFailuresKeepsTheCountNotTheMemory) {
  bus.subscribe(first, 0);
  first.then = [](const RiskEvent&) -> Result<void> { return fail(ErrorCode::Io, "no"); };
  for (int i = 0; i < 1000; ++i) bus.publish(trade(i), now);
  EXPECT_EQ(bus.failures(), 1000U);
  EXPECT_EQ(bus.take_failures().size(), 64U);
}

TEST_F(EventBusTest, MoreThanTheQueueHoldsIsNotLost) {
  bus.subscribe(first, 0);
  for (int i = 0; i < 5000; ++i) bus.enqueue(trade(i), now);
  bus.drain();
  ASSERT_EQ(first.events.size(), 5000U);
  for (int i = 0; i < 5000; ++i)
    ASSERT_EQ(std::get<TradeExecuted>(first.events[static_cast<std::size_t>(i)].body).trade.id, TradeId{i});
}

}  // namespace
}  // namespace rm
