// Book, bus and engine with the four rules: what one event costs, and how often it allocates (steady state: never).

#include <benchmark/benchmark.h>

#include <memory>

#include "bench/count_allocations.h"
#include "risk_engine/risk_engine.h"

namespace {

using namespace rm;

constexpr AccountId kAccount{26001234};
constexpr int kPositions = 5;

class Silent final : public EngineListener {
 public:
  void on_decision(const Decision&) override { ++decisions; }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_lock_ended(const Lock&, BrokerTime) override {}
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}
  int decisions = 0;
};

RuleConfig rule(std::string_view name, std::vector<ParamValue> values) {
  const RuleSpec& spec = *find_rule(name);
  return RuleConfig{spec.name, true, spec.params, std::move(values)};
}

// An account with five open positions, far from every limit.
struct Bench {
  Bench() {
    for (int i = 0; i < kPositions; ++i) {
      const std::string id = "CON.F.US.M" + std::to_string(i) + ".U26";
      contracts.push_back(table.learn(id, "M" + std::to_string(i) + "U6", 250'000'000, Money::from_cents(50), true));
    }
    book.add_account(kAccount);
    const RuleConfig rules[] = {
        rule("daily_loss",
             {Money::from_units(-100'000), std::string{"total"}, true, std::vector<std::int64_t>{50, 75, 90}}),
        rule("daily_unrealized_loss", {Money::from_units(-100'000), std::string{"position"}}),
        rule("max_contracts", {std::int64_t{500}, std::string{"gross"}, std::string{"reduce"}, false}),
        rule("auth_loss_guard", {}),
    };
    engine.guard(kAccount, rules);
    bus.subscribe(book, 0);
    bus.subscribe(engine, 10);
    auto snapshot = std::make_shared<AccountSnapshot>();
    snapshot->info = AccountInfo{kAccount, Money::from_units(150'000), true};
    for (const ContractId contract : contracts)
      snapshot->positions.push_back(Position{kAccount, contract, Lots{2}, price(21'000), now});
    snapshot->requested_at = now;
    bus.publish(SnapshotTaken{kAccount, snapshot}, now);
    for (const ContractId contract : contracts) bus.publish(QuoteUpdated{contract, price(21'000), {}, {}}, now);
  }
  static Price price(std::int64_t units) { return Price::from_nanos(units * kNanosPerUnit); }

  BrokerTime now = BrokerTime::from_seconds(1'788'273'000);
  ContractTable table;
  TradingCalendar calendar{{BrokerTime::from_seconds(1'788'200'000), BrokerTime::from_seconds(1'888'286'400)}};
  Book book{table, calendar, MarkKind::Last};
  EventBus bus;
  Silent listener;
  RiskEngine engine{book, listener, std::chrono::hours{24}, EnforcementId{1}};
  std::vector<ContractId> contracts;
};

void report_allocations(benchmark::State& state, std::uint64_t before) {
  state.counters["allocations_per_event"] =
      static_cast<double>(allocations_so_far() - before) / static_cast<double>(state.iterations());
}

void quote_that_breaches_nothing(benchmark::State& state) {
  Bench bench;
  std::int64_t tick = 0;
  const std::uint64_t before = allocations_so_far();
  for (auto _ : state) {
    bench.bus.publish(
        QuoteUpdated{
            bench.contracts[0], Price::from_nanos(21'000 * kNanosPerUnit + (++tick % 40) * 250'000'000), {}, {}},
        bench.now);
  }
  report_allocations(state, before);
  if (bench.listener.decisions != 0) state.SkipWithError("a quote far from the limits led to a decision");
}
BENCHMARK(quote_that_breaches_nothing);

// One fill in, its opposite out: the day's ledger is warm, its block not yet full.
void trade_that_breaches_nothing(benchmark::State& state) {
  Bench bench;
  std::int64_t id = 0;
  const std::uint64_t before = allocations_so_far();
  for (auto _ : state) {
    Trade trade;
    trade.id = TradeId{1 + ++id % 900};  // a day's worth of ids: the ones that come again replace themselves
    trade.account = kAccount;
    trade.contract = bench.contracts[0];
    trade.side = id % 2 ? Side::Buy : Side::Sell;
    trade.size = Lots{1};
    trade.price = Bench::price(21'000);
    trade.time = bench.now;
    bench.bus.publish(TradeExecuted{trade}, bench.now);
  }
  report_allocations(state, before);
  if (bench.listener.decisions != 0) state.SkipWithError("a trade far from the limits led to a decision");
}
BENCHMARK(trade_that_breaches_nothing);

}  // namespace
