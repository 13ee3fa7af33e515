#pragma once
// A busy trader's account for measuring: five open positions with their stops, far from every limit. The real book,
// bus and engine; what the engine says is counted and goes nowhere.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "risk_engine/risk_engine.h"

namespace rm {

inline constexpr AccountId kLoadAccount{26001234};
inline constexpr int kLoadPositions = 5;
inline constexpr int kLoadFills = 900;  // of a busy day: half of them entries

inline constexpr std::string_view kOneRule = "daily_loss: {max_loss: -100000}";
inline constexpr std::string_view kAllRules =
    "max_contracts: {max_contracts: 500, include_working_orders: true, warn_at: [80]}, "
    "max_contracts_per_instrument: {limits: {M0: 100}, default: 100, include_working_orders: true, warn_at: [80]}, "
    "daily_loss: {max_loss: -100000}, "
    "daily_unrealized_loss: {limit: -100000, warn_at: [50]}, "
    "max_unrealized_profit: {target: 100000, warn_at: [50]}, "
    "trade_frequency_limit: {per_minute: 10, per_hour: 200, per_session: 1000}, "
    "cooldown_after_loss: {tiers: [{loss: -1000, cooldown: 5m}, {loss: -5000, cooldown: 1h}], warn_at: [50]}, "
    "no_stop_loss_grace: {grace: 10s}, "
    "session_block_outside: {sessions: [{days: [mon, tue, wed, thu, fri], start: '08:30', end: '15:00'}]}, "
    "auth_loss_guard: {}, "
    "symbol_blocks: {symbols: [RTY, 'G*']}, "
    "trade_management: {auto_breakeven: {trigger_ticks: 1000}, trailing_stop: {activation_ticks: 2000, "
    "distance_ticks: 500}, create_stop: true}, "
    "daily_realized_profit: {target: 100000, warn_at: [50]}";

// All that the engine said.
class CountingListener final : public EngineListener {
 public:
  void on_decision(const Decision&) override { ++said; }
  void on_warning(AccountId, const Warning&, BrokerTime) override { ++said; }
  void on_tightening(AccountId, const Tightening&, BrokerTime) override { ++said; }
  void on_clocks(AccountId, const RuleClocks&) override { ++said; }
  void on_lock_ended(const Lock&, BrokerTime) override { ++said; }
  void on_alarm(const ValuationAlarm&, BrokerTime) override { ++said; }
  int said = 0;
};

struct EngineLoad {
  explicit EngineLoad(std::string_view rules) {
    for (int i = 0; i < kLoadPositions; ++i) {
      const std::string id = "CON.F.US.M" + std::to_string(i) + ".U26";
      contracts.push_back(table.learn(id, "M" + std::to_string(i) + "U6", 250'000'000, Money::from_cents(50), true));
    }
    book.add_account(kLoadAccount);
    const auto config = load_config_text("rules: {" + std::string{rules} + "}\n", "load", {}, rule_registry(), now);
    if (!config) throw std::invalid_argument{config.error().front().text()};
    engine.guard(kLoadAccount, config->rules);
    bus.subscribe(book, 0);
    bus.subscribe(engine, 10);
    bus.publish(SnapshotTaken{kLoadAccount, snapshot()}, now);
    for (const ContractId contract : contracts) bus.publish(QuoteUpdated{contract, price(21'000), {}, {}}, now);
    listener.said = 0;
  }

  static Price price(std::int64_t units) { return Price::from_nanos(units * kNanosPerUnit); }

  void quote() {
    const Price last = Price::from_nanos(21'000 * kNanosPerUnit + (++quotes % 40) * 250'000'000);
    bus.publish(QuoteUpdated{contracts[0], last, {}, {}}, now);
  }
  // One lot in, one out, each an order of its own, twenty seconds apart.
  void fill() {
    ++fills;
    now = now + std::chrono::seconds{20};
    Trade trade;
    trade.id = TradeId{3'100'000'000 + fills};
    trade.order = OrderId{3'400'000'000 + fills};
    trade.account = kLoadAccount;
    trade.contract = contracts[0];
    trade.side = fills % 2 ? Side::Buy : Side::Sell;
    trade.size = Lots{1};
    trade.price = price(21'000);
    if (fills % 2 == 0) trade.profit_and_loss = Money{};
    trade.fees = Money::from_cents(36);
    trade.time = now;
    bus.publish(TradeExecuted{trade}, now);
  }

  BrokerTime now = BrokerTime::from_seconds(1'788'273'000);  // 09:30 in Chicago, a Tuesday
  ContractTable table;
  TradingCalendar calendar{{BrokerTime::from_seconds(1'788'200'000), BrokerTime::from_seconds(1'888'286'400)}};
  Book book{table, calendar, MarkKind::Last};
  EventBus bus;
  CountingListener listener;
  RiskEngine engine{book, listener, std::chrono::hours{24}, EnforcementId{1}};
  std::vector<ContractId> contracts;
  std::int64_t quotes = 0, fills = 0;

  [[nodiscard]] std::shared_ptr<const AccountSnapshot> snapshot() const {
    auto made = std::make_shared<AccountSnapshot>();
    made->info = AccountInfo{kLoadAccount, Money::from_units(150'000), true};
    made->requested_at = now;
    for (const ContractId contract : contracts) {
      made->positions.push_back(Position{kLoadAccount, contract, Lots{2}, price(21'000), now});
      Order stop;
      stop.id = OrderId{3'300'000'000 + contract.value()};
      stop.account = kLoadAccount;
      stop.contract = contract;
      stop.status = OrderStatus::Open;
      stop.type = OrderType::Stop;
      stop.side = Side::Sell;
      stop.size = Lots{3};  // covers the lot that comes and goes too
      stop.stop_price = price(20'000);
      made->working_orders.push_back(stop);
    }
    return made;
  }
};

}  // namespace rm
