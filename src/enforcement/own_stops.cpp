#include "enforcement/own_stops.h"

#include <algorithm>

#include "book/read_lag.h"
#include "enforcement/backoff.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

// Fills and the messages of their order come some milliseconds apart: an order that is being filled looks too large.
constexpr Duration kSettling = 500ms;

// What stops of the trader cover, and older ones of ours: together they must not close more than there is.
Lots covered_by_others(const AccountBook& account, const Order& own, const Holding& holding) {
  Lots covered;
  for (const Order& order : account.orders().all()) {
    const bool before_own = order.tag == StopTag{} || order.id < own.id;
    if (before_own && order.status == OrderStatus::Open && is_stop_of(order, holding))
      covered = covered + order.remaining();
  }
  return covered;
}

bool protects(const AccountBook& account, const Order& order) {
  const Holding* holding = account.holding(order.contract);
  return holding && is_stop_of(order, *holding);
}

}  // namespace

OwnStops::OwnStops(const Book& book, const EnforcementExecutor& executor, RequestIds& ids,
                   std::vector<BrokerRequest>& output)
    : book_{book}, executor_{executor}, ids_{ids}, output_{output} {
  excess_.reserve(16);
}

void OwnStops::on_book_changed(std::optional<AccountId> account, BrokerTime now) {
  if (!account) pulsed_at_ = now;
  for (const auto& book : book_.accounts()) {
    if (!account || *account == book->id()) find_new(*book, now);
  }
  std::erase_if(excess_, [&](const Excess& excess) {
    const bool asked = excess.state == State::InFlight || excess.state == State::Reading;  // its answer will come
    return !asked && gone(excess);
  });
  for (Excess& excess : excess_) {
    if (!account || *account == excess.account) pulse(excess, now);
  }
}

void OwnStops::find_new(const AccountBook& account, BrokerTime now) {
  if (account.sync() == SyncState::Unknown) return;
  for (const Order& order : account.orders().all()) {
    const auto needs = needed(account, order);
    const auto same = [&](const Excess& e) { return e.account == account.id() && e.order == order.id; };
    if (!needs || std::ranges::any_of(excess_, same)) continue;
    Excess fresh;
    fresh.account = account.id();
    fresh.order = order.id;
    fresh.until = protects(account, order) ? now + kSettling : now;
    excess_.push_back(fresh);
  }
}

std::optional<BrokerAsk> OwnStops::needed(const AccountBook& account, const Order& order) {
  if (order.tag == StopTag{} || !order.working() || order.status == OrderStatus::PendingCancellation)
    return std::nullopt;
  const Holding* holding = account.holding(order.contract);
  if (!protects(account, order)) return CancelOrder{order.id};
  const Lots open = holding->size.magnitude() - covered_by_others(account, order, *holding);
  if (order.remaining() <= open) return std::nullopt;
  if (open <= Lots{}) return CancelOrder{order.id};
  return ResizeOrder{order.id, order.filled + open};
}

// What is being closed by an enforcement has its orders cancelled by it.
bool OwnStops::unsure(const AccountBook& account, const Order& order) const {
  const AccountSaga* saga = executor_.find(account.id());
  if (saga && saga->busy()) return true;
  const Holding* holding = account.holding(order.contract);
  return (holding && holding->dispute) || !account.orders().filled_ahead(order.contract, order.side).is_zero();
}

bool OwnStops::gone(const Excess& excess) const {
  const Order* order = order_of(excess);
  return !order || !needed(*book_.find(excess.account), *order);
}

const Order* OwnStops::order_of(const Excess& excess) const {
  const AccountBook* account = book_.find(excess.account);
  return account ? account->orders().find(excess.order) : nullptr;
}

void OwnStops::pulse(Excess& excess, BrokerTime now) {
  if (now < excess.until) return;
  if (excess.state == State::Awaiting) return send(excess, State::Reading, ReadWorkingOrders{});
  if (excess.state != State::Idle) return;
  const AccountBook& account = *book_.find(excess.account);
  const Order& order = *order_of(excess);
  if (unsure(account, order)) {
    excess.until = now + kSettling;
  } else {
    send(excess, State::InFlight, *needed(account, order));
  }
}

void OwnStops::send(Excess& excess, State state, BrokerAsk what) {
  excess.state = state;
  excess.request = ids_.take();
  output_.push_back(BrokerRequest{excess.request, excess.account, what});
}

bool OwnStops::is_read(const BrokerReply& reply) const {
  return std::ranges::any_of(excess_, [&](const Excess& excess) {
    return excess.state == State::Reading && excess.account == reply.account && excess.request == reply.id;
  });
}

bool OwnStops::on_reply(const BrokerReply& reply, BrokerTime now) {
  const auto found = std::ranges::find_if(excess_, [&](const Excess& excess) {
    const bool asked = excess.state == State::InFlight || excess.state == State::Reading;
    return asked && excess.account == reply.account && excess.request == reply.id;
  });
  if (found == excess_.end()) return false;
  const bool effect_follows =
      found->state == State::InFlight && (reply.outcome == Outcome::Accepted || reply.outcome == Outcome::Ambiguous);
  if (effect_follows) {
    found->state = State::Awaiting;
    found->until = now + kReadLag;
  } else {  // not done, or looked at and still there; both may be asked again, neither does anything twice
    found->state = State::Idle;
    found->until = now + backoff_delay(++found->failures, reply.id);
  }
  on_book_changed(reply.account, now);
  return true;
}

std::optional<BrokerTime> OwnStops::next_deadline() const {
  std::optional<BrokerTime> next;
  for (const Excess& excess : excess_) {
    const bool waits = excess.state == State::Idle || excess.state == State::Awaiting;
    // What lies at or before the last pulse was looked at then; only an event can change it.
    if (waits && excess.until > pulsed_at_) next = next ? std::min(*next, excess.until) : excess.until;
  }
  return next;
}

}  // namespace rm
