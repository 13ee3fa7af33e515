// Hub text to typed event: what one message costs.

#include <benchmark/benchmark.h>

#include <string>

#include "bench/count_allocations.h"
#include "event_bridge/event_bridge.h"

namespace {

using namespace rm;

constexpr std::string_view kTrade =
    R"([{"action":0,"data":{"id":3100000002,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-01T14:30:00.1301111+00:00","price":29489.75,"profitAndLoss":-41,"fees":0.72,"commissions":0.5,"side":1,"size":2,"voided":false,"orderId":3500000002}}])";
constexpr std::string_view kQuote =
    R"(["CON.F.US.MNQ.U26",{"symbol":"F.US.MNQ","bestBid":29547,"bestAsk":29547.5,"lastUpdated":"2026-08-19T20:51:31.4347534+00:00","timestamp":"2026-08-19T20:51:31.348+00:00","contract":"CON.F.US.MNQ.U26"}])";

void decode(benchmark::State& state, projectx::Hub hub, projectx::HubTarget target, std::string_view text) {
  ContractTable contracts;
  contracts.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, Money::from_cents(50), true);
  EventBridge bridge{contracts};
  bridge.watch(AccountId{26001234});
  std::string padded{text};
  padded.reserve(text.size() + projectx::kPadding);
  padded.append(projectx::kPadding, ' ');
  const projectx::PaddedSpan arguments{padded.data(), text.size()};
  const BrokerTime now = BrokerTime::from_seconds(1'788'273'000);
  (void)bridge.on_hub_record(hub, target, arguments, now, 1);
  const std::uint64_t before = allocations_so_far();
  for (auto _ : state) {
    const auto events = bridge.on_hub_record(hub, target, arguments, now, 1);
    if (events.size() != 1) state.SkipWithError("the message was not understood");
    benchmark::DoNotOptimize(events.data());
  }
  state.counters["allocations_per_event"] =
      static_cast<double>(allocations_so_far() - before) / static_cast<double>(state.iterations());
}

void decode_trade(benchmark::State& state) {
  decode(state, projectx::Hub::User, projectx::HubTarget::Trade, kTrade);
}
BENCHMARK(decode_trade);

void decode_quote(benchmark::State& state) {
  decode(state, projectx::Hub::Market, projectx::HubTarget::Quote, kQuote);
}
BENCHMARK(decode_quote);

}  // namespace
