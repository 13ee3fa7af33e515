#pragma once
// Values with every field set, and a directory that goes away with the test.

#include <string>

#include "domain/contract_table.h"
#include "enforcement/receipt.h"
#include "event_bus/risk_event.h"
#include "risk_engine/decision.h"
#include "support/temp_dir.h"

namespace rm::samples {

inline const std::string kMnq = "CON.F.US.MNQ.U26", kEs = "CON.F.US.EP.U26";
inline constexpr AccountId kAccount{26'001'234};

inline BrokerTime at(std::int64_t seconds) {
  return BrokerTime::from_nanos(1'790'000'000'123'456'700 + seconds * 1'000'000'000);
}

inline Trade trade(std::int64_t id, ContractId contract, BrokerTime time = at(0)) {
  return {TradeId{id},
          kAccount,
          contract,
          OrderId{id + 7},
          Side::Sell,
          Lots{3},
          Price::from_nanos(20'950'250'000'000),
          Money::from_cents(-12'345),
          Money::from_cents(111),
          Money::from_cents(222),
          false,
          time};
}

inline Order order(std::int64_t id, ContractId contract) {
  return {OrderId{id},
          kAccount,
          contract,
          OrderStatus::Suspended,
          OrderType::TrailingStop,
          Side::Sell,
          Lots{4},
          Lots{1},
          Price::from_nanos(5),
          Price::from_nanos(6),
          OrderId{9'000'000'000},
          at(1),
          at(2)};
}

inline Lock account_lock(EnforcementId enforcement) {
  return {kAccount,
          std::nullopt,
          LockKind::Hard,
          "daily_loss",
          LossAtLimit{Money::from_cents(-100'050), Money::from_cents(-100'000)},
          at(0),
          UntilTime{at(3600)},
          enforcement};
}

inline Lock symbol_lock(EnforcementId enforcement, SymbolId symbol) {
  return {
      kAccount,   symbol, LockKind::Entry, "auth_loss_guard", TradingRefusedByBroker{}, at(0), UntilBrokerAllows{},
      enforcement};
}

// Breaks two rules, closes, cancels, and locks the account and one symbol.
inline Decision decision(std::uint64_t id, ContractTable& contracts) {
  const ContractId mnq = contracts.intern(kMnq), es = contracts.intern(kEs);
  Decision d;
  d.id = EnforcementId{id};
  d.account = kAccount;
  d.trigger_sequence = 77;
  d.trigger = "trade";
  d.at = at(0);
  d.received_ns = 123'456'789;
  d.goal = {true, {{mnq, Lots{2}}, {es, Lots{0}}}, {OrderId{11}, OrderId{12}}};
  const Lock lock = account_lock(d.id);
  d.violations.push_back({"daily_loss", lock.reason, {true, {}, {}}, lock});
  d.violations.push_back(
      {"max_contracts", SizeAboveMax{es, Lots{6}, Lots{5}}, {false, {{es, Lots{5}}}, {}}, std::nullopt});
  d.locks = {lock, symbol_lock(d.id, contracts.symbol("ES"))};
  return d;
}

inline Receipt receipt(std::uint64_t id, ContractTable& contracts) {
  Receipt r;
  r.enforcement = EnforcementId{id};
  r.account = kAccount;
  r.rules = {"daily_loss"};
  r.reasons = {SizeAboveMax{contracts.intern(kEs), Lots{6}, Lots{5}}};
  r.decided_at = at(0);
  r.verified_at = at(1);
  r.received_ns = 1'000'000;
  r.first_sent_ns = 1'080'000;
  r.verified_ns = 251'000'000;
  r.steps.push_back({RequestId{5}, "closeContract", kEs, Outcome::RateLimited, 3, "said \"no\"\n\xff", at(0), at(1),
                     1'080'000, 99'080'000});
  r.attempts = 2;
  return r;
}

using test::TempDir;

}  // namespace rm::samples
