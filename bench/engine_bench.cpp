// Book, bus and engine: what one event costs with all rules and with one, and how often it allocates (steady state:
// never).

#include <benchmark/benchmark.h>

#include "bench/count_allocations.h"
#include "bench/engine_load.h"

namespace {

using namespace rm;

void quotes(benchmark::State& state, std::string_view rules) {
  EngineLoad load{rules};
  const std::uint64_t before = allocations_so_far();
  for (auto _ : state) load.quote();
  state.counters["allocations_per_event"] =
      static_cast<double>(allocations_so_far() - before) / static_cast<double>(state.iterations());
  if (load.listener.said != 0) state.SkipWithError("a quote far from the limits was answered");
}

// A busy day each time: what is counted over the day grows with its fills.
void fills(benchmark::State& state, std::string_view rules) {
  std::uint64_t allocations = 0;
  for (auto _ : state) {
    state.PauseTiming();
    {
      EngineLoad load{rules};
      const std::uint64_t before = allocations_so_far();
      state.ResumeTiming();
      for (int i = 0; i < kLoadFills; ++i) load.fill();
      state.PauseTiming();
      allocations += allocations_so_far() - before;
      if (load.listener.said != 0) state.SkipWithError("a fill far from the limits was answered");
    }
    state.ResumeTiming();
  }
  const double events = static_cast<double>(state.iterations()) * kLoadFills;
  state.counters["per_event"] =
      benchmark::Counter(kLoadFills, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["allocations_per_event"] = static_cast<double>(allocations) / events;
}

BENCHMARK_CAPTURE(quotes, with_thirteen_rules, kAllRules);
BENCHMARK_CAPTURE(quotes, with_one_rule, kOneRule);
BENCHMARK_CAPTURE(fills, of_a_busy_day_with_thirteen_rules, kAllRules)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(fills, of_a_busy_day_with_one_rule, kOneRule)->Unit(benchmark::kMicrosecond);

}  // namespace
