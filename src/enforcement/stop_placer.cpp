#include "enforcement/stop_placer.h"

#include <algorithm>

#include "book/read_lag.h"
#include "enforcement/backoff.h"

namespace rm {
namespace {

// As long as a read may lag what was done before it: one that is asked for after it is beyond doubt.
constexpr Duration kEffectPatience = kReadLag;

// By how much `a` is nearer to the market than `b`, for the stop of a position of this sign.
Wide tighter_by(Lots position, Price a, Price b) {
  const Wide up = Wide{a.nanos()} - b.nanos();
  return position > Lots{} ? up : -up;
}

Side exit_side(Lots position) {
  return position > Lots{} ? Side::Sell : Side::Buy;
}

}  // namespace

StopPlacer::StopPlacer(const Book& book, const EnforcementExecutor& executor, RequestIds& ids,
                       std::vector<BrokerRequest>& output)
    : book_{book}, executor_{executor}, ids_{ids}, output_{output} {
  placements_.reserve(64);
}

bool StopPlacer::on_missing(AccountId account, ContractId contract, Price stop, BrokerTime now) {
  const AccountBook* book = book_.find(account);
  const Holding* holding = book ? book->holding(contract) : nullptr;
  if (!holding) return false;
  Placement& placement = placement_of(account, contract);
  auto& wanted = placement.wanted;
  const bool waited = wanted.has_value();
  if (!wanted || wanted->size != holding->size || wanted->paid != holding->paid)
    wanted = Wish{stop, stop, holding->size, holding->paid};
  if (tighter_by(holding->size, stop, wanted->tightest) > 0) wanted->tightest = stop;
  wanted->newest = stop;
  pulse(placement, now);
  return wanted && !waited;
}

StopPlacer::Placement& StopPlacer::placement_of(AccountId account, ContractId contract) {
  for (Placement& placement : placements_) {
    if (placement.account == account && placement.contract == contract) return placement;
  }
  Placement fresh;
  fresh.account = account;
  fresh.contract = contract;
  return placements_.emplace_back(fresh);
}

void StopPlacer::on_book_changed(std::optional<AccountId> account, BrokerTime now) {
  if (!account) pulsed_at_ = now;
  for (Placement& placement : placements_) {
    if (!account || *account == placement.account) pulse(placement, now);
  }
}

void StopPlacer::pulse(Placement& placement, BrokerTime now) {
  settle(placement);
  if (placement.state == State::Idle && placement.wanted && now >= placement.until) try_place(placement, now);
  if (placement.state == State::Awaiting && now >= placement.until)
    send(placement, State::ReadingOrders, ReadWorkingOrders{});
}

void StopPlacer::settle(Placement& placement) const {
  if (placement.state != State::Awaiting) return;
  const AccountBook* account = book_.find(placement.account);
  if (!account ||
      std::ranges::find(account->orders().all(), placement.tag, &Order::tag) == account->orders().all().end())
    return;
  placement.state = State::Idle;
  placement.wanted.reset();
  placement.failures = 0;
}

void StopPlacer::try_place(Placement& placement, BrokerTime now) {
  Price stop = placement.wanted->tightest;
  Verdict verdict = judge(placement, stop);
  if (verdict == Verdict::Forget) {  // the market may have come back meanwhile
    stop = placement.wanted->newest;
    verdict = judge(placement, stop);
  }
  if (verdict == Verdict::Forget) placement.wanted.reset();
  if (verdict == Verdict::Place && !look_first(placement, now)) place(placement, stop, now);
}

// What this program, or the trader, had placed shortly before the account was synchronised is on no stream, and the
// snapshot may lag it. True: the working orders have to be looked at before anything is placed.
bool StopPlacer::look_first(Placement& placement, BrokerTime now) {
  const AccountBook& account = *book_.find(placement.account);
  if (placement.looked_in == account.generation()) return false;
  const BrokerTime beyond_doubt = account.sync_since() + kReadLag;
  if (now < beyond_doubt) {
    placement.until = beyond_doubt;
  } else {
    placement.looking_in = account.generation();
    send(placement, State::Looking, ReadWorkingOrders{});
  }
  return true;
}

void StopPlacer::place(Placement& placement, Price stop, BrokerTime now) {
  const Lots size = placement.wanted->size;
  placement.tag = take_tag(now);
  send(placement, State::InFlight,
       PlaceStop{placement.contract, exit_side(size), size.magnitude(), stop, placement.tag});
}

// Broker time goes on over restarts, also when everything that was stored is lost: no number comes twice.
StopTag StopPlacer::take_tag(BrokerTime now) {
  return last_tag_ = StopTag{std::max(now.nanos(), last_tag_.value() + 1)};
}

void StopPlacer::send(Placement& placement, State state, BrokerAsk what) {
  placement.state = state;
  placement.request = ids_.take();
  output_.push_back(BrokerRequest{placement.request, placement.account, what});
}

StopPlacer::Verdict StopPlacer::judge(const Placement& placement, Price stop) const {
  const AccountBook* account = book_.find(placement.account);
  if (!account || forbidden(*account, placement.contract)) return Verdict::Forget;
  const Holding* holding = account->holding(placement.contract);
  if (!holding || holding->size.is_zero()) return Verdict::Forget;
  const bool exit_untold = !account->orders().filled_ahead(placement.contract, exit_side(holding->size)).is_zero();
  if (holding->dispute || exit_untold) return Verdict::Wait;  // its size is not certain
  if (holding->size != placement.wanted->size || holding->paid != placement.wanted->paid) return Verdict::Forget;
  const auto orders = account->orders().all();
  if (std::ranges::any_of(orders, [&](const Order& order) { return is_stop_of(order, *holding); }))
    return Verdict::Forget;
  const auto mark = account->mark(*holding);
  return mark && tighter_by(holding->size, mark->price, stop) > 0 ? Verdict::Place : Verdict::Forget;
}

bool StopPlacer::forbidden(const AccountBook& account, ContractId contract) const {
  if (account.sync() != SyncState::Synchronised || account.can_trade() == false) return true;
  const AccountSaga* saga = executor_.find(account.id());
  if (saga && saga->busy()) return true;
  // An entry lock lets what is open be managed.
  const LockBook& locks = account.locks();
  return locks.account_hard_lock() || locks.longest(LockKind::Hard, account.contracts().at(contract).symbol);
}

bool StopPlacer::is_read(const BrokerReply& reply) const {
  return std::ranges::any_of(placements_, [&](const Placement& placement) {
    const bool reading = placement.state == State::Looking || placement.state == State::ReadingOrders ||
                         placement.state == State::ReadingPositions;
    return reading && placement.account == reply.account && placement.request == reply.id;
  });
}

bool StopPlacer::on_reply(const BrokerReply& reply, BrokerTime now) {
  const auto found = std::ranges::find_if(placements_, [&](const Placement& placement) {
    const bool asked = placement.state != State::Idle && placement.state != State::Awaiting;
    return asked && placement.account == reply.account && placement.request == reply.id;
  });
  if (found == placements_.end()) return false;
  on_reply(*found, reply, now);
  on_book_changed(reply.account, now);
  return true;
}

void StopPlacer::on_reply(Placement& placement, const BrokerReply& reply, BrokerTime now) {
  const bool accepted = reply.outcome == Outcome::Accepted;
  switch (placement.state) {
    case State::Looking:
      if (!accepted) return again_later(placement, State::Idle, reply.id, now);
      placement.looked_in = placement.looking_in;
      placement.state = State::Idle;
      return;
    case State::InFlight:
      if (!accepted && reply.outcome != Outcome::Ambiguous) return again_later(placement, State::Idle, reply.id, now);
      placement.state = State::Awaiting;
      placement.until = now + kEffectPatience;
      return;
    case State::ReadingOrders:
      if (!accepted) return again_later(placement, State::Awaiting, reply.id, now);
      placement.state = State::Awaiting;
      settle(placement);
      if (placement.state == State::Awaiting) send(placement, State::ReadingPositions, ReadPositions{});
      return;
    case State::ReadingPositions:
      // Not read: both once more, the orders first.
      return again_later(placement, accepted ? State::Idle : State::Awaiting, reply.id, now);
    case State::Idle:
    case State::Awaiting:
      return;
  }
}

void StopPlacer::again_later(Placement& placement, State state, RequestId request, BrokerTime now) {
  ++placement.failures;
  placement.state = state;
  placement.until = now + backoff_delay(placement.failures, request);
}

std::optional<BrokerTime> StopPlacer::next_deadline() const {
  std::optional<BrokerTime> next;
  for (const Placement& placement : placements_) {
    const bool waits = placement.state == State::Awaiting || (placement.state == State::Idle && placement.wanted);
    // What lies at or before the last pulse was looked at then; only an event can change it.
    if (waits && placement.until > pulsed_at_) next = next ? std::min(*next, placement.until) : placement.until;
  }
  return next;
}

}  // namespace rm
