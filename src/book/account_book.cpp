#include "book/account_book.h"

#include <algorithm>

#include "book/read_lag.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

// A position message follows its fill by 6 - 15 ms on the live gateway; half a second without the fill means it was
// lost.
constexpr Duration kStreamPatience = 500ms;
// An order that says it is filled may come before its trade. Longer than the patience with the position message
// behind it, so that there is no moment at which neither is believed.
constexpr Duration kTradePatience = 2 * kStreamPatience;

}  // namespace

std::string_view name_of(SyncState state) {
  switch (state) {
    case SyncState::Unknown:
      return "unknown";
    case SyncState::Synchronised:
      return "synchronised";
    case SyncState::StreamDown:
      return "stream_down";
    case SyncState::Blind:
      return "blind";
  }
  return "unknown";
}

AccountBook::AccountBook(AccountId account, const ContractTable& contracts, const MarketBook& market,
                         const TradingCalendar& calendar)
    : account_{account}, contracts_{contracts}, market_{market}, calendar_{calendar} {
  holdings_.reserve(16);
}

void AccountBook::on(const AccountUpdated& event, BrokerTime now) {
  account_heard_ = now;
  // The gateway repeats account messages for seconds; a repetition is no news that a read could have missed.
  if (can_trade_ != event.info.can_trade || balance_ != event.info.balance) ++stream_version_;
  can_trade_ = event.info.can_trade;
  balance_ = event.info.balance;
}

void AccountBook::on(const OrderUpdated& event, BrokerTime now) {
  ++stream_version_;
  orders_.on_order(event.order, now);
}

void AccountBook::on(const PositionUpdated& event, BrokerTime now) {
  ++holdings_version_;
  ++stream_version_;
  hear_position(event.position.size, event.position.average_price, event.position.contract, now);
}

void AccountBook::on(const TradeExecuted& event, BrokerTime now) {
  ++holdings_version_;
  if (!event.replayed) ++stream_version_;
  const Trade& trade = event.trade;
  const bool repeated = trade.time < day_.begin() || day_.same(trade);  // the opening fill is sent again on close
  const bool is_new = day_.record(trade);
  if (!is_new || trade.voided) {
    if (!repeated) activity_.rebuild(day_, holdings_);
    return;
  }
  orders_.on_fill(trade.order, trade.size, now);
  Holding& holding = holding_slot(trade.contract);
  const bool in_there = trade.time < baseline_ || holding.explains(trade.signed_size(), trade.time);
  if (!in_there) move(holding, event, now);
  if (!activity_.add(trade, holding.size)) activity_.rebuild(day_, holdings_);
}

void AccountBook::move(Holding& holding, const TradeExecuted& event, BrokerTime now) {
  holding.apply_fill(event.trade.signed_size(), event.trade.price, now);
  if (!event.replayed)
    holding.changed_at = now;  // else the positions read in the same round are newer than this fill
  if (holding.dispute && holding.agrees(holding.dispute->size, holding.dispute->average_price))
    holding.dispute.reset();
}

void AccountBook::on(const SnapshotTaken& event, BrokerTime now) {
  ++holdings_version_;
  const AccountSnapshot& snapshot = *event.snapshot;
  if (!can_trade_ || snapshot.requested_at - account_heard_ >= kReadLag) {  // else the stream's word is newer
    can_trade_ = snapshot.info.can_trade;
    balance_ = snapshot.info.balance;
  }
  generation_ = snapshot.generation;
  newest_read_ = snapshot.requested_at;
  // Answers overtake the stream: a fill that is in the positions read may arrive on the stream only now. One that is
  // stamped before this instant and is not in them shows in the position message that follows it.
  baseline_ = now;
  pass_time(now);
  for (const Trade& trade : snapshot.trades) day_.record(trade);
  for (const Position& position : snapshot.positions) holding_slot(position.contract);
  for (Holding& holding : holdings_) take_from_snapshot(holding, snapshot, now);
  activity_.rebuild(day_, holdings_);
  orders_.on_read(snapshot.working_orders, snapshot.requested_at);
  set_sync(stream_up_ ? SyncState::Synchronised : SyncState::StreamDown, now);
}

void AccountBook::take_from_snapshot(Holding& holding, const AccountSnapshot& snapshot, BrokerTime now) {
  const auto listed = std::find_if(snapshot.positions.begin(), snapshot.positions.end(),
                                   [&](const Position& p) { return p.contract == holding.contract; });
  const Lots size = listed == snapshot.positions.end() ? Lots{} : listed->size;
  const Price average = listed == snapshot.positions.end() ? Price{} : listed->average_price;
  const bool stream_spoke_since = holding.changed_at >= snapshot.requested_at;
  if (holding.agrees(size, average)) {
    holding.dispute.reset();  // and the exact sum of its fills is kept
  } else {
    holding.adopt(size, average, snapshot.requested_at, now);
  }
  holding.ahead = Lots{};
  // A busy account was never quiet while it was read: what was taken over stays in doubt until a later read says the
  // same.
  if (stream_spoke_since)
    holding.dispute = Dispute{size, average, snapshot.requested_at, snapshot.requested_at, false, BrokerTime{}};
}

void AccountBook::on(const ReadBack& event, BrokerTime now) {
  ++holdings_version_;
  if (event.working_orders) orders_.on_read(*event.working_orders, event.requested_at);
  if (!event.positions || event.requested_at < newest_read_) return;
  newest_read_ = event.requested_at;
  if (sync_ == SyncState::Blind) set_sync(SyncState::StreamDown, now);
  for (std::size_t i = 0; i < holdings_.size(); ++i) {
    const ContractId contract = holdings_[i].contract;
    const bool listed = std::any_of(event.positions->begin(), event.positions->end(),
                                    [&](const Position& p) { return p.contract == contract; });
    if (!listed) read_position(Lots{}, Price{}, contract, event, now);
  }
  for (const Position& position : *event.positions)
    read_position(position.size, position.average_price, position.contract, event, now);
  count_again();
}

void AccountBook::on(const StreamChanged& event, BrokerTime now) {
  ++holdings_version_;
  stream_up_ = event.up;
  // Coming up means nothing before the snapshot of the new connection: what happened in the gap is not known yet.
  const bool same_connection = event.up && event.generation == generation_;
  if (!same_connection && sync_ == SyncState::Synchronised) set_sync(SyncState::StreamDown, now);
  if (stream_up_ && sync_ == SyncState::Blind) set_sync(SyncState::StreamDown, now);
}

void AccountBook::on(const ReadsFailed&, BrokerTime now) {
  if (sync_ == SyncState::StreamDown && !stream_up_) set_sync(SyncState::Blind, now);
}

void AccountBook::hear_position(Lots size, Price average, ContractId contract, BrokerTime now) {
  Holding& holding = holding_slot(contract);
  holding.changed_at = now;
  if (size.is_zero() ? holding.size.is_zero() : holding.agrees(size, average)) {
    holding.dispute.reset();
    return;
  }
  const BrokerTime since =
      holding.dispute && holding.dispute->by_stream ? holding.dispute->since : now;  // patience starts once
  holding.dispute = Dispute{size, average, since, BrokerTime{}, true, now};
}

void AccountBook::read_position(Lots size, Price average, ContractId contract, const ReadBack& read, BrokerTime now) {
  Holding& holding = holding_slot(contract);
  if (holding.changed_at >= read.requested_at) return;  // the stream spoke since: it is newer
  const bool may_lag = sync_ == SyncState::Synchronised && read.requested_at - holding.changed_at < kReadLag;
  if (may_lag && holding.dispute && holding.dispute->by_stream) return;  // soon settled by what the stream says
  if (size.is_zero() ? holding.size.is_zero() : holding.agrees(size, average)) {
    holding.dispute.reset();
    return;
  }
  const bool same = holding.dispute && holding.dispute->size == size;
  const bool said_before =
      same && holding.dispute->last_read != BrokerTime{} && read.requested_at - holding.dispute->since >= kReadLag;
  const bool believed_at_once = !may_lag && (read.decisive || sync_ != SyncState::Synchronised);
  if (believed_at_once || said_before) {
    holding.adopt(size, average, read.requested_at, now);
    return;
  }
  const Dispute before = same ? *holding.dispute : Dispute{};
  holding.dispute = Dispute{
      size, average, same ? before.since : read.requested_at, read.requested_at, before.by_stream, before.last_word};
}

void AccountBook::pass_time(BrokerTime now) {
  ++holdings_version_;
  if (now >= next_reset_) {
    day_.start_day(calendar_.day_of(now));
    next_reset_ = calendar_.next_reset(now);
    activity_.rebuild(day_, holdings_);
  }
  for (Holding& holding : holdings_) settle(holding, now);
  orders_.forget_ahead(now - kTradePatience);
}

void AccountBook::settle(Holding& holding, BrokerTime now) {
  if (!holding.dispute || !holding.dispute->by_stream || now - holding.dispute->since < kStreamPatience) return;
  holding.adopt(holding.dispute->size, holding.dispute->average_price, holding.dispute->last_word, now);
  count_again();
}

// The broker's figures were taken over: what its fills do not explain was open before the day began, as far as we
// know.
void AccountBook::count_again() {
  if (!activity_.agrees(holdings_)) activity_.rebuild(day_, holdings_);
}

BrokerTime AccountBook::next_deadline() const {
  BrokerTime next = next_reset_;
  for (const Holding& holding : holdings_) {
    if (holding.dispute && holding.dispute->by_stream)
      next = std::min(next, holding.dispute->since + kStreamPatience);
  }
  if (const auto ahead = orders_.oldest_ahead()) next = std::min(next, *ahead + kTradePatience);
  return next;
}

const Holding* AccountBook::holding(ContractId contract) const {
  const auto found =
      std::find_if(holdings_.begin(), holdings_.end(), [&](const Holding& h) { return h.contract == contract; });
  return found == holdings_.end() ? nullptr : &*found;
}

Holding& AccountBook::holding_slot(ContractId contract) {
  const auto found =
      std::find_if(holdings_.begin(), holdings_.end(), [&](const Holding& h) { return h.contract == contract; });
  if (found != holdings_.end()) return *found;
  Holding fresh;
  fresh.contract = contract;
  return holdings_.emplace_back(fresh);
}

void AccountBook::set_sync(SyncState state, BrokerTime now) {
  if (sync_ != state) sync_since_ = now;
  sync_ = state;
}

bool AccountBook::flat() const {
  return sync_ != SyncState::Unknown && !orders_.any() &&
         std::all_of(holdings_.begin(), holdings_.end(), [](const Holding& h) { return h.flat(); });
}

bool AccountBook::position_flat(ContractId contract) const {
  const Holding* found = holding(contract);
  return !found || found->flat();
}

bool AccountBook::disputed() const {
  return std::any_of(holdings_.begin(), holdings_.end(), [](const Holding& h) { return h.dispute.has_value(); });
}

std::optional<Mark> AccountBook::mark(const Holding& holding) const {
  return market_.mark(holding.contract, holding.size);
}

bool AccountBook::is_exit(const Order& order) const {
  if (order.parent != OrderId{} && orders_.find(order.parent)) return true;
  const Holding* held = holding(order.contract);
  if (!held || held->size.is_zero() || (held->size > Lots{}) == (order.side == Side::Buy)) return false;
  const bool stop =
      order.type == OrderType::Stop || order.type == OrderType::StopLimit || order.type == OrderType::TrailingStop;
  return stop || order.remaining() <= held->size.magnitude();
}

std::optional<Money> AccountBook::open_profit(const Holding& holding) const {
  const auto price = mark(holding);
  if (!price) return std::nullopt;
  return rm::open_profit(contracts_.at(holding.contract), holding.size, holding.paid, price->price);
}

OpenProfit AccountBook::open_profit() const {
  const bool same = valued_.market == market_.version() && valued_.holdings == holdings_version_ &&
                    valued_.contracts == contracts_.version();
  if (!same) valued_ = Valued{market_.version(), holdings_version_, contracts_.version(), value_holdings()};
  return valued_.profit;
}

OpenProfit AccountBook::value_holdings() const {
  OpenProfit sum;
  for (const Holding& holding : holdings_) {
    if (holding.size.is_zero()) continue;
    const auto mark = market_.mark(holding.contract, holding.size);
    const auto profit =
        mark ? rm::open_profit(contracts_.at(holding.contract), holding.size, holding.paid, mark->price)
             : std::nullopt;
    if (!profit) {
      sum.complete = false;
      continue;
    }
    sum.total += *profit;
    sum.oldest_mark = sum.oldest_mark == BrokerTime{} ? mark->at : std::min(sum.oldest_mark, mark->at);
  }
  return sum;
}

Lots AccountBook::gross_size() const {
  Lots sum;
  for (const Holding& holding : holdings_) sum = sum + holding.size.magnitude();
  return sum;
}

}  // namespace rm
