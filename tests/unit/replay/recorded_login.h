#pragma once
// Logins as the daemon has them, lived through in a test and recorded: tape, book and engine, and a journal of what
// the engine says.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "replay/tape.h"
#include "risk_engine/risk_engine.h"
#include "store/codec.h"
#include "unit/store/raw_journal.h"

namespace rm::test {

using namespace std::chrono_literals;

inline constexpr AccountId kOne{26'001'234}, kTwo{36'001'234};
inline const BrokerTime kBegin = BrokerTime::from_seconds(1'788'273'000);

inline Config config_of(const std::string& yaml) {
  return load_config_text(yaml, "test", {}, rule_registry(), kBegin).value();
}
inline std::string loss_of(int limit) {
  return "rules: {daily_loss: {max_loss: -" + std::to_string(limit) + "}}\n";
}

// One run of the daemon: what its logins share.
struct Program {
  explicit Program(const std::filesystem::path& dir, StoreOptions options = {}) {
    const auto resolve = [](std::string_view name) {
      const RuleSpec* spec = find_rule(name);
      return spec ? spec->name : std::string_view{};
    };
    store = Store::open(dir, contracts, resolve, std::move(options)).value();
    ids = EnforcementIds{store->recovered().next_enforcement};
    mnq = contracts.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, Money::from_cents(50), true);
  }
  ContractTable contracts;
  std::unique_ptr<Store> store;
  EnforcementIds ids{EnforcementId{1}};
  ContractId mnq;
  BrokerTime now = kBegin;
};

// One login as the daemon has it: tape, book and engine, and a journal of what the engine says.
class Login final : public EngineListener {
 public:
  Login(Program& program, std::uint32_t number, const std::string& name, AccountId account, const std::string& yaml)
      : program_{program}, account_{account}, config_{config_of(yaml)} {
    if (!name.empty()) tape_.set_login(number, name);
    tape_.set_book(book);
    engine.guard(account, config_.rules_for(account, "PRACTICE"));
    RunStart start;
    start.version = "of the test";
    start.at = start.computer_time = kBegin;
    start.yaml = {yaml};
    start.accounts = {{account, "PRACTICE"}};
    start.locks = program.store->recovered().locks;
    start.next_enforcement = program.ids.next();
    for (const Lock& lock : start.locks) engine.restore(lock);
    tape_.on_run_started(start);
    see(StreamChanged{account, true, Generation{1}});
    auto snapshot = std::make_shared<AccountSnapshot>();
    snapshot->info = {account, Money::from_units(50'000), true};
    snapshot->requested_at = program.now;
    see(SnapshotTaken{account, std::move(snapshot)});
  }
  void see(RiskEventBody body) {
    program_.now = program_.now + 10ms;
    const RiskEvent event{std::move(body), program_.now, 0, ++events_};
    for (EventHandler* handler : std::initializer_list<EventHandler*>{&tape_, &book, &engine})
      EXPECT_TRUE(handler->on_event(event));
  }
  void quote(int last) { see(QuoteUpdated{program_.mnq, Price::from_nanos(last * kNanosPerUnit), {}, {}}); }
  void fill(Side side, int lots, int price, std::optional<Money> profit = std::nullopt) {
    Trade trade;
    trade.id = TradeId{account_.value() + static_cast<std::int64_t>(events_)};
    trade.account = account_;
    trade.contract = program_.mnq;
    trade.order = OrderId{trade.id.value()};
    trade.side = side;
    trade.size = Lots{lots};
    trade.price = Price::from_nanos(price * kNanosPerUnit);
    trade.profit_and_loss = profit;
    trade.time = program_.now;
    see(TradeExecuted{trade});
  }
  void time_passes() { see(TimePassed{}); }
  // Flat at this price, and seen at the broker.
  void enforced(int lots, int price, Money profit) {
    fill(Side::Sell, lots, price, profit);
    verified();
  }
  // Without an event of this login, as an answer of the broker tells it.
  void verified() {
    Receipt receipt;
    receipt.enforcement = decided.back().id;
    receipt.account = account_;
    program_.store->record_receipt(receipt);
    engine.on_finished(account_, receipt.enforcement);
  }
  void other_rules(const std::string& yaml) {
    tape_.on_rules_changed({program_.now, kBegin, {yaml}, {account_}});
    engine.replace_rules(account_, config_of(yaml).rules_for(account_, "PRACTICE"));
  }
  std::vector<Decision> decided;
  bool forgets = false;  // what it decided

 private:
  void on_decision(const Decision& decision) override {
    if (!forgets) program_.store->record_decision(decision);
    decided.push_back(decision);
  }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_lock_ended(const Lock& lock, BrokerTime now) override { program_.store->record_lock_ended(lock, now); }
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}

  Program& program_;
  AccountId account_;
  Config config_;
  TradingCalendar calendar_{
      trading_day_resets(config_.trading_day.timezone, config_.trading_day.reset, kBegin - 240h, kBegin + 240h)
          .value()};
  std::uint64_t events_ = 0;
  Tape tape_{*program_.store, program_.contracts};

 public:
  Book book{program_.contracts, calendar_, MarkKind::Last};
  RiskEngine engine{book, *this, 30s, program_.ids};
};

}  // namespace rm::test
