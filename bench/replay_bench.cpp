// A recorded day through the engine again: reading and checking the journal, decoding, book, all rules, comparison.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "bench/engine_load.h"
#include "replay/comparison.h"
#include "replay/tape.h"

namespace {

using namespace rm;
namespace fs = std::filesystem;

constexpr int kRounds = 200'000;  // five quotes of what is held each; passing time every thousand rounds

// A busy account's events, written by the tape as the daemon does.
class RecordedDay {
 public:
  explicit RecordedDay(std::string_view rules, int rounds = kRounds) {
    char name[] = "/tmp/rm-replay-bench-XXXXXX";
    if (::mkdtemp(name) == nullptr) throw std::runtime_error{"no temporary folder"};
    dir = name;
    EngineLoad load{"daily_loss: {max_loss: -1}"};  // for its contracts, calendar and first snapshot
    StoreOptions options;
    options.keep_segments = 1'000;
    auto store = Store::open(dir, load.table, [](std::string_view) { return std::string_view{}; }, options);
    if (!store) throw std::runtime_error{store.error().message};
    Tape tape{**store, load.table};
    tape.set_book(load.book);
    RunStart start;
    start.at = start.computer_time = load.now;
    start.yaml = in_parts("valuation: {stale_after: 24h}\nrules: {" + std::string{rules} + "}\n");
    start.accounts = {{kLoadAccount, "BUSY"}};
    tape.on_run_started(start);
    load.bus.subscribe(tape, -10);
    load.bus.publish(SnapshotTaken{kLoadAccount, load.snapshot()}, load.now);
    for (int i = 0; i < rounds; ++i) {
      for (const ContractId contract : load.contracts) {
        load.now = load.now + std::chrono::microseconds{2'137};
        const Price last = Price::from_nanos(21'000 * kNanosPerUnit + (i % 40) * 250'000'000);
        load.bus.publish(QuoteUpdated{contract, last, Price::from_nanos(last.nanos() - 250'000'000), last}, load.now,
                         load.now.nanos() % 1'000'000'000'000);
        ++events;
      }
      if (i % 1'000 == 0) load.bus.publish(TimePassed{}, load.now);
    }
  }
  ~RecordedDay() { fs::remove_all(dir); }
  RecordedDay(const RecordedDay&) = delete;
  RecordedDay& operator=(const RecordedDay&) = delete;

  [[nodiscard]] double bytes() const {
    double sum = 0;
    for (const auto& file : fs::directory_iterator{dir})
      sum += file.path().extension() == ".seg" ? static_cast<double>(file.file_size()) : 0;
    return sum;
  }

  fs::path dir;
  std::int64_t events = 0;
};

void replay(benchmark::State& state, std::string_view rules) {
  const RecordedDay day{rules};
  std::uint64_t events = 0;
  for (auto _ : state) {
    const auto replay = Replay::open(day.dir);
    const auto result = compare(**replay);
    if (!result || result->first) state.SkipWithError("the journal does not replay identically");
    events += (*replay)->events();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.counters["bytes_per_event"] = day.bytes() / static_cast<double>(day.events);
}

// What the loop pays for the journal before the book sees an event. Few enough for the segments that are ready.
void record(benchmark::State& state, const RiskEventBody& body) {
  RecordedDay day{kOneRule, 1};
  EngineLoad load{kOneRule};
  const auto store = Store::open(day.dir, load.table, [](std::string_view) { return std::string_view{}; });
  Tape tape{**store, load.table};
  tape.set_book(load.book);
  RiskEvent event{body, load.now, 1, 1};
  (void)tape.on_event(event);
  for (auto _ : state) {
    event.at = event.at + std::chrono::milliseconds{2};
    ++event.sequence;
    (void)tape.on_event(event);
  }
  if ((*store)->health().records_lost > 0) state.SkipWithError("the journal had no room");
}

const QuoteUpdated kQuote{ContractId{0}, EngineLoad::price(21'000), EngineLoad::price(20'999), {}};
const TradeExecuted kFill{Trade{TradeId{1},
                                kLoadAccount,
                                ContractId{0},
                                OrderId{1},
                                Side::Buy,
                                Lots{1},
                                EngineLoad::price(21'000),
                                {},
                                {},
                                {},
                                false,
                                {}}};
BENCHMARK_CAPTURE(record, a_quote_of_what_is_held, RiskEventBody{kQuote})->Iterations(100'000);
BENCHMARK_CAPTURE(record, a_fill, RiskEventBody{kFill})->Iterations(10'000);

BENCHMARK_CAPTURE(replay, with_thirteen_rules, kAllRules)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, with_one_rule, kOneRule)->Unit(benchmark::kMillisecond);

}  // namespace
