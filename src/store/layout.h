#pragma once
// The order of the fields of everything that is stored: one list per type, walked by the encoder and by the decoder,
// so that the two cannot disagree. A change of a list needs a new number in version_of().

#include <concepts>
#include <type_traits>

#include "enforcement/receipt.h"
#include "event_bus/risk_event.h"
#include "risk_engine/decision.h"
#include "store/recovered.h"
#include "store/run_records.h"
#include "store/seen_event.h"

namespace rm::layout {

template <class T, class As>
concept Is = std::same_as<std::remove_const_t<T>, As>;  // a value to write (const) or to fill

// Records that are more than one value of the domain.
struct RequestRecord {
  BrokerRequest request;
  EnforcementId enforcement;
  BrokerTime at;
};
struct LockEndedRecord {
  Lock lock;
  BrokerTime at;
};
struct ClocksRecord {  // all that run now
  AccountId account;
  std::string_view rule;
  std::vector<RunningClock> clocks;
};
struct NoteRecord {
  std::string what, text;
  BrokerTime at;
};

// ── what the broker reports ──
void fields(auto& a, Is<AccountInfo> auto& x) {
  a(x.account, x.balance, x.can_trade);
}
// Without its tag: what is stored is told to people, and the next start reads the tag from the broker again.
void fields(auto& a, Is<Order> auto& x) {
  a(x.id, x.account, x.contract, x.status, x.type, x.side, x.size, x.filled, x.limit_price, x.stop_price, x.parent,
    x.created, x.updated);
}
void fields(auto& a, Is<Position> auto& x) {
  a(x.account, x.contract, x.size, x.average_price, x.opened);
}
void fields(auto& a, Is<Trade> auto& x) {
  a(x.id, x.account, x.contract, x.order, x.side, x.size, x.price, x.profit_and_loss, x.fees, x.commissions, x.voided,
    x.time);
}

// ── events ──
void fields(auto& a, Is<AccountUpdated> auto& x) {
  a(x.info);
}
void fields(auto& a, Is<OrderUpdated> auto& x) {
  a(x.order);
}
void fields(auto& a, Is<PositionUpdated> auto& x) {
  a(x.position);
}
void fields(auto& a, Is<TradeExecuted> auto& x) {
  a(x.trade);
}
void fields(auto& a, Is<QuoteUpdated> auto& x) {
  a(x.contract, x.last, x.bid, x.ask);
}
void fields(auto& a, Is<AccountSnapshot> auto& x) {
  a(x.info, x.generation, x.positions, x.working_orders, x.trades);
}
void fields(auto& a, Is<SnapshotTaken> auto& x) {
  a(x.account, x.snapshot);
}
void fields(auto& a, Is<ReadBack> auto& x) {
  a(x.account, x.positions, x.working_orders, x.requested_at);
}
void fields(auto& a, Is<StreamChanged> auto& x) {
  a(x.account, x.up, x.generation);
}
void fields(auto&, Is<TimePassed> auto&) {}
void fields(auto& a, Is<ReadsFailed> auto& x) {
  a(x.account);
}
void fields(auto& a, Is<RiskEvent> auto& x) {
  a(x.body, x.at, x.received_ns, x.sequence);
}
void fields(auto& a, Is<SeenEvent> auto& x) {
  a(x.event, x.flag, x.snapshot_requested_at);
}

// ── reasons, goals, locks, decisions ──
void fields(auto& a, Is<LossAtLimit> auto& x) {
  a(x.value, x.limit);
}
void fields(auto& a, Is<UnrealisedLossAtLimit> auto& x) {
  a(x.contract, x.value, x.limit);
}
void fields(auto& a, Is<SizeAboveMax> auto& x) {
  a(x.contract, x.held, x.allowed);
}
void fields(auto& a, Is<OrderWouldBreach> auto& x) {
  a(x.order, x.would_hold, x.allowed);
}
void fields(auto& a, Is<MiniOrderWouldBreach> auto& x) {
  a(x.order, x.would_hold_tenths, x.allowed_tenths);
}
void fields(auto&, Is<TradingRefusedByBroker> auto&) {}
void fields(auto&, Is<BlindWithPosition> auto&) {}
void fields(auto& a, Is<PostConditionBroken> auto& x) {
  a(x.contract, x.held, x.allowed, x.orders);
}
void fields(auto& a, Is<ActivityWhileLocked> auto& x) {
  a(x.strike);
}
void fields(auto& a, Is<MiniSizeAboveMax> auto& x) {
  a(x.held_tenths, x.allowed_tenths);
}
void fields(auto& a, Is<ProfitAtTarget> auto& x) {
  a(x.value, x.target);
}
void fields(auto& a, Is<UnrealisedProfitAtTarget> auto& x) {
  a(x.contract, x.value, x.target);
}
void fields(auto& a, Is<EntriesAtLimit> auto& x) {
  a(x.window, x.count, x.limit);
}
void fields(auto& a, Is<LossAtTier> auto& x) {
  a(x.value, x.tier);
}
void fields(auto& a, Is<WithoutStop> auto& x) {
  a(x.contract, x.held, x.covered);
}
void fields(auto& a, Is<OutsideSession> auto& x) {
  a(x.symbol);
}
void fields(auto& a, Is<SymbolBlocked> auto& x) {
  a(x.contract);
}
void fields(auto& a, Is<ContractActivityWhileLocked> auto& x) {
  a(x.contract, x.strike);
}
void fields(auto& a, Is<ContractGoal> auto& x) {
  a(x.contract, x.at_most);
}
void fields(auto& a, Is<Goal> auto& x) {
  a(x.account_flat, x.contracts, x.orders_gone);
}
void fields(auto& a, Is<UntilTime> auto& x) {
  a(x.time);
}
void fields(auto&, Is<UntilBrokerAllows> auto&) {}
void fields(auto& a, Is<Lock> auto& x) {
  a(x.account, x.symbol, x.kind, x.rule, x.reason, x.since, x.until, x.enforcement);
}
void fields(auto& a, Is<Violation> auto& x) {
  a(x.rule, x.reason, x.goal, x.lock);
}
void fields(auto& a, Is<Decision> auto& x) {
  a(x.id, x.account, x.trigger_sequence, x.trigger, x.at, x.received_ns, x.goal, x.violations, x.locks);
}

// ── requests, replies, receipts ──
void fields(auto& a, Is<ClosePosition> auto& x) {
  a(x.contract);
}
void fields(auto& a, Is<ReducePosition> auto& x) {
  a(x.contract, x.by);
}
void fields(auto& a, Is<CancelOrder> auto& x) {
  a(x.order);
}
void fields(auto& a, Is<ModifyStop> auto& x) {
  a(x.order, x.stop_price);
}
void fields(auto& a, Is<PlaceStop> auto& x) {
  a(x.contract, x.side, x.size, x.stop_price, x.tag);
}
void fields(auto& a, Is<ResizeOrder> auto& x) {
  a(x.order, x.size);
}
void fields(auto&, Is<ReadPositions> auto&) {}
void fields(auto&, Is<ReadWorkingOrders> auto&) {}
void fields(auto& a, Is<ReadTrades> auto& x) {
  a(x.since);
}
void fields(auto&, Is<ReadAccount> auto&) {}
void fields(auto&, Is<std::monostate> auto&) {}
void fields(auto& a, Is<BrokerRequest> auto& x) {
  a(x.id, x.account, x.ask);
}
void fields(auto& a, Is<BrokerReply> auto& x) {
  a(x.id, x.account, x.outcome, x.error_code, x.text, x.payload, x.requested_at, x.answered_at, x.sent_ns,
    x.answered_ns);
}
void fields(auto& a, Is<ReceiptStep> auto& x) {
  a(x.request, x.what, x.subject, x.outcome, x.error_code, x.text, x.requested_at, x.answered_at, x.sent_ns,
    x.answered_ns);
}
void fields(auto& a, Is<Receipt> auto& x) {
  a(x.enforcement, x.account, x.rules, x.reasons, x.decided_at, x.verified_at, x.received_ns, x.first_sent_ns,
    x.verified_ns, x.steps, x.attempts);
}

// ── the store's own ──
void fields(auto& a, Is<RequestRecord> auto& x) {
  a(x.request, x.enforcement, x.at);
}
void fields(auto& a, Is<LockEndedRecord> auto& x) {
  a(x.lock, x.at);
}
void fields(auto& a, Is<DayRow> auto& x) {
  a(x.account, x.day_start, x.realised, x.costs, x.trades);
}
void fields(auto& a, Is<NotificationRow> auto& x) {
  a(x.at, x.account, x.enforcement, x.kind, x.rule, x.sentence);
}
void fields(auto& a, Is<RunningClock> auto& x) {
  a(x.contract, x.since);
}
void fields(auto& a, Is<ClocksRecord> auto& x) {
  a(x.account, x.rule, x.clocks);
}
void fields(auto& a, Is<ConfigRow> auto& x) {
  a(x.day, x.until, x.yaml);
}
void fields(auto& a, Is<NoteRecord> auto& x) {
  a(x.what, x.text, x.at);
}
void fields(auto& a, Is<ClockRow> auto& x) {
  a(x.account, x.rule, x.clock);
}
void fields(auto& a, Is<RunBegins> auto& x) {
  a(x.version, x.at);
}
void fields(auto& a, Is<LoginTurn> auto& x) {
  a(x.program_begins, x.login, x.name);
}
void fields(auto& a, Is<ContractKnown> auto& x) {
  a(x.number, x.broker_id, x.name, x.tick_size_nanos, x.tick_value, x.active);
}
void fields(auto& a, Is<WatchedAccount> auto& x) {
  a(x.account, x.name);
}
void fields(auto& a, Is<ResumedEnforcement> auto& x) {
  a(x.id, x.account, x.goal);
}
void fields(auto& a, Is<RunStart> auto& x) {
  a(x.version, x.at, x.computer_time, x.yaml, x.accounts, x.locks, x.clocks, x.resumed, x.next_enforcement);
}
void fields(auto& a, Is<RulesChanged> auto& x) {
  a(x.at, x.computer_time, x.yaml, x.accounts);
}

}  // namespace rm::layout
