#include "enforcement/reconciler.h"

#include <algorithm>

#include "book/read_lag.h"
#include "enforcement/backoff.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

// A snapshot counts when no event of the account came while it was read; a busy account gets this many tries.
constexpr std::uint32_t kQuietTries = 5;
// What is in doubt is looked at soon, but not so soon that a lagging read would be asked twice.
constexpr Duration kSoon = 2100ms;

template <class T>
T take(std::optional<BrokerReply>& reply) {
  return std::move(std::get<T>(reply->payload));  // end_round() has seen that it is there
}

}  // namespace

Reconciler::Reconciler(const AccountBook& book, RequestIds& ids, Pace pace, BrokerTime now)
    : book_{book}, ids_{ids}, pace_{pace}, next_round_{now + pace.without_stream_at_start} {}

void Reconciler::on_stream(bool up, Generation generation, BrokerTime now, ReconcilerOutput& out) {
  const bool was_up = stream_up_;
  stream_up_ = up;
  generation_ = generation;
  if (up) {
    snapshot_wanted_ = true;
    tries_ = 0;
    again_ = round_under_way();
    next_round_ = now;
  } else if (was_up) {
    // A stream that comes and goes must not spend in a minute what polling needs: a look of just now counts.
    next_round_ = std::max(now, round_at_ + pace_.stream_down);
  }
  pulse(now, out);
}

Duration Reconciler::pace_now() const {
  if (!stream_up_) return pace_.stream_down;
  return book_.disputed() ? std::min(kSoon, pace_.stream_up) : pace_.stream_up;
}

void Reconciler::pulse(BrokerTime now, ReconcilerOutput& out) {
  if (book_.disputed()) next_round_ = std::min(next_round_, now + kSoon);
  if (!round_under_way() && now >= next_round_) start_round(now, out);
}

void Reconciler::look_soon(BrokerTime now) {
  wanted_ = now;
  next_round_ = std::min(next_round_, now);
}

void Reconciler::start_round(BrokerTime now, ReconcilerOutput& out) {
  round_at_ = now;
  again_ = false;
  version_at_start_ = book_.stream_version();
  const std::array<BrokerAsk, kReads> asks{ReadAccount{}, ReadTrades{book_.day_begin(now)}, ReadPositions{},
                                           ReadWorkingOrders{}};
  for (std::size_t i = 0; i < kReads; ++i) {
    asked_[i] = ids_.take();
    answers_[i].reset();
    out.requests.push_back(BrokerRequest{asked_[i], book_.id(), asks[i]});
  }
  unanswered_ = kReads;
}

bool Reconciler::on_reply(const BrokerReply& reply, BrokerTime now, ReconcilerOutput& out) {
  const auto asked = std::find(asked_.begin(), asked_.end(), reply.id);
  if (asked == asked_.end() || unanswered_ == 0) return false;
  auto& answer = answers_[static_cast<std::size_t>(asked - asked_.begin())];
  if (answer) return true;
  answer = reply;
  if (--unanswered_ == 0) end_round(now, out);
  return true;
}

// The alternative of ReadPayload that answers a read. An answer without it says nothing: not "flat", not "cannot
// trade".
std::size_t Reconciler::payload_of(std::size_t read) {
  constexpr std::array<std::size_t, kReads> kPayloads{4, 3, 1, 2};
  static_assert(std::is_same_v<std::variant_alternative_t<4, ReadPayload>, AccountInfo>);
  static_assert(std::is_same_v<std::variant_alternative_t<3, ReadPayload>, std::vector<Trade>>);
  static_assert(std::is_same_v<std::variant_alternative_t<1, ReadPayload>, std::vector<Position>>);
  static_assert(std::is_same_v<std::variant_alternative_t<2, ReadPayload>, std::vector<Order>>);
  return kPayloads[read];
}

void Reconciler::end_round(BrokerTime now, ReconcilerOutput& out) {
  const auto failed = std::find_if(answers_.begin(), answers_.end(), [&](const auto& a) {
    return a->outcome != Outcome::Accepted ||
           a->payload.index() != payload_of(static_cast<std::size_t>(&a - answers_.data()));
  });
  if (failed != answers_.end()) {
    ++failures_;
    out.problem = (*failed)->outcome == Outcome::Accepted ? "an answer without its content" : (*failed)->text;
    next_round_ = now + backoff_delay(failures_, (*failed)->id);
    out.events.push_back(ReadsFailed{book_.id()});
    return;
  }
  failures_ = 0;
  const bool quiet = book_.stream_version() == version_at_start_;
  if (again_ || (snapshot_wanted_ && !quiet && ++tries_ < kQuietTries)) {
    start_round(now, out);
    return;
  }
  next_round_ = now + pace_now();
  if (snapshot_wanted_) {
    // What the stream had said shortly before it was lost is kept against a snapshot that may lag; what happened in
    // the gap may be hidden behind it until the next read.
    next_round_ = std::min(next_round_, now + kSoon);
    emit_snapshot(out);
  } else {
    emit_differences(now, out);
  }
  if (wanted_ && round_at_ < *wanted_) {
    next_round_ = now;
  } else {
    wanted_.reset();
  }
}

void Reconciler::emit_snapshot(ReconcilerOutput& out) {
  snapshot_wanted_ = false;
  auto snapshot = std::make_shared<AccountSnapshot>();
  snapshot->info = take<AccountInfo>(answers_[Account]);
  snapshot->generation = generation_;
  snapshot->trades = take<std::vector<Trade>>(answers_[Trades]);
  snapshot->positions = take<std::vector<Position>>(answers_[Positions]);
  snapshot->working_orders = take<std::vector<Order>>(answers_[Orders]);
  snapshot->requested_at = round_at_;
  out.events.push_back(SnapshotTaken{book_.id(), std::move(snapshot)});
}

// Only what the stream did not tell becomes an event; positions and orders go as read, the book knows how to weigh
// them.
void Reconciler::emit_differences(BrokerTime now, ReconcilerOutput& out) {
  const auto info = take<AccountInfo>(answers_[Account]);
  if (book_.can_trade() != info.can_trade || book_.balance() != info.balance) {
    // A read that lags the stream must not lift a lock: it is asked again once the stream's word is old enough.
    if (round_at_ - book_.account_heard() >= kReadLag) {
      out.events.push_back(AccountUpdated{info});
    } else {
      next_round_ = std::min(next_round_, now + kSoon);
    }
  }
  auto trades = take<std::vector<Trade>>(answers_[Trades]);
  std::sort(trades.begin(), trades.end(), [](const Trade& a, const Trade& b) { return a.id < b.id; });
  for (const Trade& trade : trades) {
    if (trade.time >= book_.day().begin() && !book_.day().same(trade))
      out.events.push_back(TradeExecuted{trade, true});
  }
  ReadBack read;
  read.account = book_.id();
  read.positions = std::make_shared<const std::vector<Position>>(take<std::vector<Position>>(answers_[Positions]));
  read.working_orders = std::make_shared<const std::vector<Order>>(take<std::vector<Order>>(answers_[Orders]));
  read.requested_at = round_at_;
  out.events.push_back(std::move(read));
}

std::optional<BrokerTime> Reconciler::next_deadline() const {
  if (round_under_way()) return std::nullopt;
  return next_round_;
}

}  // namespace rm
