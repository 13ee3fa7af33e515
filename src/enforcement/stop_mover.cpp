#include "enforcement/stop_mover.h"

#include <algorithm>

#include "book/read_lag.h"
#include "enforcement/backoff.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBetweenMoves = 1s;
// As long as a read may lag what was done before it: one that is asked for after it is beyond doubt.
constexpr Duration kEffectPatience = kReadLag;

// By how much `a` is nearer to the market than `b`, for a stop of this side.
Wide tighter_by(Side side, Price a, Price b) {
  const Wide up = Wide{a.nanos()} - b.nanos();
  return side == Side::Sell ? up : -up;
}

bool can_be_moved(const Order& order) {
  const bool stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit;
  return stop && order.status == OrderStatus::Open && order.stop_price;
}

}  // namespace

StopMover::StopMover(const Book& book, const EnforcementExecutor& executor, RequestIds& ids)
    : book_{book},
      executor_{executor},
      ids_{ids},
      placer_{book, executor, ids, output_},
      own_stops_{book, executor, ids, output_} {
  moves_.reserve(64);
  output_.reserve(64);
}

bool StopMover::on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) {
  if (!tightening.order)
    return placer_.on_missing(account, tightening.contract, tightening.stop, now) || !output_.empty();
  Move& move = move_of(account, *tightening.order, tightening.contract);
  move.newest = tightening.stop;
  want(move, tightening.stop);
  pulse(move, now);
  return !output_.empty();
}

void StopMover::want(Move& move, Price stop) const {
  const Order* order = order_of(move);
  if (!move.wanted || (order && tighter_by(order->side, stop, *move.wanted) > 0)) move.wanted = stop;
}

StopMover::Move& StopMover::move_of(AccountId account, OrderId order, ContractId contract) {
  for (Move& move : moves_) {
    if (move.account == account && move.order == order) return move;
  }
  Move fresh;
  fresh.account = account;
  fresh.order = order;
  fresh.contract = contract;
  return moves_.emplace_back(fresh);
}

void StopMover::on_book_changed(std::optional<AccountId> account, BrokerTime now) {
  if (!account) pulsed_at_ = now;
  placer_.on_book_changed(account, now);
  own_stops_.on_book_changed(account, now);
  for (Move& move : moves_) {
    if (!account || *account == move.account) pulse(move, now);
  }
  std::erase_if(moves_, [&](const Move& move) {
    const bool asked = move.state == State::InFlight || move.state == State::Reading;  // its answer will come
    return !asked && !order_of(move);
  });
}

void StopMover::pulse(Move& move, BrokerTime now) {
  settle(move);
  if (move.state == State::Idle && move.wanted && now >= move.until) try_send(move, now);
  if (move.state == State::Awaiting && now >= move.until) send(move, State::Reading, ReadWorkingOrders{});
}

// The order's own message shows the price that was asked for, or one that is nearer.
void StopMover::settle(Move& move) const {
  if (move.state != State::Awaiting) return;
  const Order* order = order_of(move);
  const bool gone = !order || !order->stop_price;
  if (!gone && tighter_by(order->side, *order->stop_price, move.sent) < 0) return;
  move.state = State::Idle;
  move.failures = 0;
  move.until = move.sent_at + kBetweenMoves;
}

void StopMover::try_send(Move& move, BrokerTime now) {
  Verdict verdict = judge(move, *move.wanted);
  if (verdict == Verdict::Forget && *move.wanted != move.newest) {  // the market has come back meanwhile
    move.wanted = move.newest;
    verdict = judge(move, *move.wanted);
  }
  if (verdict == Verdict::Wait) return;
  if (verdict == Verdict::Move) {
    move.sent = *move.wanted;
    send(move, State::InFlight, ModifyStop{move.order, move.sent});
    move.sent_at = now;
  }
  move.wanted.reset();
}

void StopMover::send(Move& move, State state, BrokerAsk what) {
  move.state = state;
  move.request = ids_.take();
  output_.push_back(BrokerRequest{move.request, move.account, what});
}

// What the order's price is must be certain, else a stop that the trader has just drawn nearer would be loosened.
StopMover::Verdict StopMover::judge(const Move& move, Price target) const {
  const AccountBook* account = book_.find(move.account);
  const Order* order = order_of(move);
  if (!account || account->sync() != SyncState::Synchronised) return Verdict::Forget;
  if (!order || !can_be_moved(*order) || flattens(move)) return Verdict::Forget;
  const Holding* holding = account->holding(move.contract);
  if (holding && holding->dispute) return Verdict::Wait;
  const bool protects =
      holding && !holding->size.is_zero() && (holding->size > Lots{}) == (order->side == Side::Sell);
  if (!protects) return Verdict::Forget;
  const std::int64_t tick = account->contracts().at(move.contract).tick_size_nanos;
  if (tick <= 0 || tighter_by(order->side, target, *order->stop_price) < tick) return Verdict::Forget;
  const auto mark = account->mark(*holding);
  return mark && tighter_by(order->side, mark->price, target) > 0 ? Verdict::Move : Verdict::Forget;
}

bool StopMover::flattens(const Move& move) const {
  const AccountSaga* saga = executor_.find(move.account);
  if (!saga || !saga->busy()) return false;
  const Goal& goal = saga->goal();
  return goal.account_flat || std::ranges::find(goal.orders_gone, move.order) != goal.orders_gone.end() ||
         std::ranges::any_of(goal.contracts, [&](const ContractGoal& part) {
           return part.contract == move.contract && part.at_most.is_zero();
         });
}

const Order* StopMover::order_of(const Move& move) const {
  const AccountBook* account = book_.find(move.account);
  return account ? account->orders().find(move.order) : nullptr;
}

bool StopMover::is_read(const BrokerReply& reply) const {
  if (placer_.is_read(reply) || own_stops_.is_read(reply)) return true;
  return std::ranges::any_of(moves_, [&](const Move& move) {
    return move.state == State::Reading && move.account == reply.account && move.request == reply.id;
  });
}

bool StopMover::on_reply(const BrokerReply& reply, BrokerTime now) {
  if (placer_.on_reply(reply, now) || own_stops_.on_reply(reply, now)) return true;
  const auto found = std::ranges::find_if(moves_, [&](const Move& move) {
    const bool asked = move.state == State::InFlight || move.state == State::Reading;
    return asked && move.account == reply.account && move.request == reply.id;
  });
  if (found == moves_.end()) return false;
  if (found->state == State::Reading) {
    on_read_reply(*found, reply, now);
  } else {
    on_action_reply(*found, reply, now);
  }
  on_book_changed(reply.account, now);
  return true;
}

void StopMover::on_action_reply(Move& move, const BrokerReply& reply, BrokerTime now) const {
  if (reply.outcome == Outcome::Accepted || reply.outcome == Outcome::Ambiguous) {
    move.state = State::Awaiting;
    move.until = now + kEffectPatience;
  } else {
    again_later(move, reply.id, now);
  }
}

// Read and not there: it was not done. Not read: to be read again.
void StopMover::on_read_reply(Move& move, const BrokerReply& reply, BrokerTime now) const {
  const bool accepted = reply.outcome == Outcome::Accepted;
  move.state = State::Awaiting;
  if (accepted) settle(move);
  if (move.state == State::Idle) return;
  again_later(move, reply.id, now);
  if (!accepted) move.state = State::Awaiting;
}

void StopMover::again_later(Move& move, RequestId request, BrokerTime now) const {
  ++move.failures;
  move.state = State::Idle;
  move.until = std::max(now + backoff_delay(move.failures, request), move.sent_at + kBetweenMoves);
  want(move, move.sent);
}

std::optional<BrokerTime> StopMover::next_deadline() const {
  std::optional<BrokerTime> next = placer_.next_deadline();
  if (const auto own = own_stops_.next_deadline()) next = next ? std::min(*next, *own) : own;
  for (const Move& move : moves_) {
    const bool waits = move.state == State::Awaiting || (move.state == State::Idle && move.wanted);
    // What lies at or before the last pulse was looked at then; only an event can change it.
    if (waits && move.until > pulsed_at_) next = next ? std::min(*next, move.until) : move.until;
  }
  return next;
}

}  // namespace rm
