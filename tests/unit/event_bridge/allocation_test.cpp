// The path from the bytes of a message to its risk events, and from a request to the bytes of its body, allocates
// nothing once it is warm. Counted by replacing the global allocator of this test binary.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "event_bridge/event_bridge.h"
#include "projectx/hub/hub_session.h"
#include "projectx/suite/suite_manager.h"
#include "unit/projectx/wire_text.h"

namespace {
std::atomic<long> allocations{0};
}

// Not inlined: the compiler would see free() meet operator new and warn.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc{};
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size, std::nothrow);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  operator delete(memory);
}

namespace rm {
namespace {

class Counting final : public projectx::RestTransport {
 public:
  void post(std::string_view, std::string_view body, projectx::Priority, projectx::RequestCookie cookie) override {
    bytes += body.size();
    last = cookie;
  }
  void decline(projectx::RequestCookie, std::string_view) override { ++declined; }
  std::size_t bytes = 0, declined = 0;
  projectx::RequestCookie last = 0;
};

TEST(Allocation, NoneFromHubTextToRiskEvents) {
  ContractTable contracts;
  contracts.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, Money::from_cents(50), true);
  EventBridge bridge{contracts};
  bridge.watch(AccountId{26001234});
  projectx::HubSession session;
  session.on_open(0);
  projectx::WireTexts wire;
  session.on_text(wire("{}\x1e"), 0);
  const char* const messages[] = {
      "{\"type\":1,\"target\":\"GatewayUserOrder\",\"arguments\":[{\"action\":1,\"data\":{\"id\":3500000001,"
      "\"accountId\":26001234,\"contractId\":\"CON.F.US.MNQ.U26\",\"creationTimestamp\":\"2026-09-01T14:30:00."
      "1234567+00:00\",\"status\":6,\"type\":2,\"side\":0,\"size\":2,\"fillVolume\":0,\"stopPrice\":29490.25,"
      "\"customTag\":\"a tag that is too long for a short string\"}}]}\x1e",
      "{\"type\":1,\"target\":\"GatewayUserTrade\",\"arguments\":[{\"action\":0,\"data\":{\"id\":3100000001,"
      "\"accountId\":26001234,\"contractId\":\"CON.F.US.MNQ.U26\",\"creationTimestamp\":\"2026-09-01T14:30:00."
      "1301111+00:00\",\"price\":29500,\"profitAndLoss\":-41.5,\"fees\":0.72,\"commissions\":0.5,\"side\":0,\"size\":"
      "2,\"voided\":false,\"orderId\":3500000001}}]}\x1e{\"type\":6}\x1e",
      "{\"type\":1,\"target\":\"GatewayUserPosition\",\"arguments\":[{\"action\":1,\"data\":{\"id\":900000001,"
      "\"accountId\":26001234,\"contractId\":\"CON.F.US.MNQ.U26\",\"creationTimestamp\":\"2026-09-01T14:30:00."
      "1361111+00:00\",\"type\":1,\"size\":2,\"averagePrice\":29500.333333333333}}]}\x1e",
      "{\"type\":1,\"target\":\"GatewayUserAccount\",\"arguments\":[{\"action\":1,\"data\":{\"id\":26001234,\"name\":"
      "\"PRAC-V2-600001-40000001\",\"balance\":149998.78,\"canTrade\":true}}]}\x1e",
      "{\"type\":1,\"target\":\"GatewayQuote\",\"arguments\":[\"CON.F.US.MNQ.U26\",{\"symbol\":\"F.US.MNQ\","
      "\"lastPrice\":29547.25,\"bestBid\":29547,\"lastUpdated\":\"2026-09-01T14:30:00.4347534+00:00\"}]}\x1e",
      "{\"type\":1,\"target\":\"GatewayTrade\",\"arguments\":[\"CON.F.US.MNQ.U26\",[{\"price\":29547.25,\"type\":1,"
      "\"volume\":1},{\"price\":29547.5,\"type\":1,\"volume\":1}]]}\x1e"};
  std::vector<projectx::PaddedSpan> spans;
  for (const char* message : messages) spans.push_back(wire(message));

  std::size_t events = 0;
  const auto run = [&] {
    for (const auto& span : spans) {
      for (const projectx::HubOutput& output : session.on_text(span, 1)) {
        const auto* call = std::get_if<projectx::Invoked>(&output);
        if (call == nullptr) continue;
        const bool market = call->target == projectx::HubTarget::Quote || call->target == projectx::HubTarget::Print;
        events += bridge
                      .on_hub_record(market ? projectx::Hub::Market : projectx::Hub::User, call->target,
                                     call->arguments, BrokerTime::from_seconds(1788273005), 1)
                      .size();
      }
    }
  };
  run();
  ASSERT_EQ(events, 7U);
  const long before = allocations;
  for (int i = 0; i < 100; ++i) run();
  EXPECT_EQ(allocations - before, 0);
  EXPECT_EQ(events, 707U);
}

TEST(Allocation, NoneFromARequestToItsBody) {
  ContractTable contracts;
  const ContractId mnq = contracts.intern("CON.F.US.MNQ.U26");
  Counting transport;
  projectx::SuiteManager manager{contracts, transport};
  ASSERT_TRUE(manager.add_account(projectx::SuiteManager::first_session(), AccountId{26001234}));
  const BrokerAsk asks[] = {
      ClosePosition{mnq},
      ReducePosition{mnq, Lots{1}},
      CancelOrder{OrderId{5}},
      ModifyStop{OrderId{5}, Price::from_nanos(29'490'250'000'001)},
      PlaceStop{mnq, Side::Sell, Lots{1}, Price::from_nanos(29'490'250'000'001), StopTag{INT64_MAX}},
      ResizeOrder{OrderId{5}, Lots{1}},
      ReadPositions{},
      ReadWorkingOrders{},
      ReadAccount{}};
  const long before = allocations;
  for (const BrokerAsk& ask : asks) manager.send({RequestId{1}, AccountId{26001234}, ask});
  EXPECT_EQ(allocations - before, 0);
  EXPECT_GT(transport.bytes, 300U);
  EXPECT_EQ(transport.declined, 0U);
}

}  // namespace
}  // namespace rm
