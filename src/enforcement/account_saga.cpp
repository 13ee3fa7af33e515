#include "enforcement/account_saga.h"

#include <algorithm>
#include <array>

#include "book/read_lag.h"
#include "enforcement/backoff.h"
#include "risk_engine/account_guard.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

// The stream shows an accepted order's effect within ~15 ms on the live gateway; ten times that before asking REST.
constexpr Duration kEffectPatience = 150ms;
// Between the two reads that must agree: reads may lag, so the second one is not taken in the same breath.
constexpr Duration kBetweenReads = 200ms;
constexpr int kReadsToAgree = 2;
// A market order fills at once, or within seconds. One that is no nearer to its end after so long, while prices come,
// hangs; without prices the market may be halted, and it is the first to fill when it opens.
constexpr Duration kFillPatience = 10s, kFillPatienceInSilence = 60s;
// A price that comes sooner after a refusal says nothing about what the broker would answer now.
constexpr Duration kAfterRefusal = 250ms;
constexpr std::size_t kCancelsBeforeClose = 2;
// A receipt keeps the first and the last steps of an enforcement that is refused for hours.
constexpr std::size_t kKeptSteps = 64;
constexpr std::size_t kSpareReceipts = 4;
constexpr std::array<Duration, 3> kEscalateAfter{5s, 45s, 180s};

std::string subject_of(const BrokerAsk& ask, const ContractTable& contracts) {
  if (const auto* close = std::get_if<ClosePosition>(&ask)) return contracts.at(close->contract).broker_id;
  if (const auto* reduce = std::get_if<ReducePosition>(&ask)) {
    return contracts.at(reduce->contract).broker_id + " by " + std::to_string(reduce->by.value());
  }
  if (const auto* cancel = std::get_if<CancelOrder>(&ask)) return std::to_string(cancel->order.value());
  return {};
}

template <class Id>
ActionSlot& slot_for(std::vector<std::pair<Id, ActionSlot>>& slots, Id id) {
  for (auto& [known, slot] : slots) {
    if (known == id) return slot;
  }
  return slots.emplace_back(id, ActionSlot{}).second;
}

}  // namespace

AccountSaga::AccountSaga(const AccountBook& book, RequestIds& ids) : book_{book}, ids_{ids} {
  closes_.reserve(32);
  cancels_.reserve(64);
  asked_.reserve(128);
  serving_.reserve(kSpareReceipts);
  escalations_told_.reserve(kSpareReceipts);
  refill_spare();
}

void AccountSaga::refill_spare() {
  while (spare_.size() < kSpareReceipts) {
    Receipt& receipt = spare_.emplace_back();
    receipt.rules.reserve(16);
    receipt.reasons.reserve(16);
    receipt.steps.reserve(32);
  }
}

void AccountSaga::take_over(const Decision& decision, BrokerTime now, SagaOutput& out) {
  goal_.merge(decision.goal);
  if (spare_.empty()) refill_spare();
  Receipt receipt = std::move(spare_.back());
  spare_.pop_back();
  receipt.enforcement = decision.id;
  receipt.account = decision.account;
  receipt.decided_at = decision.at;
  receipt.received_ns = decision.received_ns;
  for (const Violation& violation : decision.violations) {
    receipt.rules.push_back(violation.rule);
    receipt.reasons.push_back(violation.reason);
  }
  serving_.push_back(std::move(receipt));
  escalations_told_.push_back(0);
  good_reads_ = 0;
  pulse(now, out);
}

void AccountSaga::pulse(BrokerTime now, SagaOutput& out) {
  pulsed_at_ = now;
  if (!busy()) return;
  if (book_.sync() != SyncState::Unknown) {
    make_plan(book_, goal_, plan_);
    settle_slots();
    if (!plan_.done()) {
      good_reads_ = 0;
      act(now, out);
    }
    if (read_needed(now)) read_back(now, out);
  }
  escalate(now, out);
}

void AccountSaga::act(BrokerTime now, SagaOutput& out) {
  // The first cancels leave before the closes, as many as there are connections to spare; a grid of orders must not
  // hold the close up.
  const std::size_t before = std::min(plan_.cancel_now.size(), kCancelsBeforeClose);
  for (std::size_t i = 0; i < before; ++i) send_cancel(plan_.cancel_now[i], now, out);
  for (const PlannedClose& close : plan_.close_now) send_close(close, now, out);
  for (std::size_t i = before; i < plan_.cancel_now.size(); ++i) send_cancel(plan_.cancel_now[i], now, out);
  for (const OrderId order : plan_.cancel_later) {
    const Order* exit = book_.orders().find(order);
    if (exit && book_.position_flat(exit->contract)) send_cancel(order, now, out);
  }
}

// What the plan no longer asks for is done: its slot is free again.
void AccountSaga::settle_slots() {
  std::erase_if(closes_, [&](const auto& entry) {
    const bool wanted = std::any_of(plan_.close_now.begin(), plan_.close_now.end(),
                                    [&](const PlannedClose& c) { return c.contract == entry.first; });
    return !wanted && entry.second.state != ActionSlot::State::InFlight;
  });
  std::erase_if(cancels_, [&](const auto& entry) {
    return !book_.orders().find(entry.first) && entry.second.state != ActionSlot::State::InFlight;
  });
}

void AccountSaga::send_cancel(OrderId order, BrokerTime now, SagaOutput& out) {
  ActionSlot& slot = slot_for(cancels_, order);
  slot.patience = kEffectPatience;
  // What was refused is perhaps filled or gone: the read that is on its way says so.
  const bool read_will_tell = slot.refused_at != BrokerTime{} && orders_read_ != RequestId{};
  if (!read_will_tell && slot.may_send(now)) slot.sent(send(CancelOrder{order}, out));
}

void AccountSaga::send_close(const PlannedClose& close, BrokerTime now, SagaOutput& out) {
  ActionSlot& slot = slot_for(closes_, close.contract);
  // Closing the whole position is harmless whatever became of a reduction: it does not wait for its answer.
  if (close.whole && !slot.whole) slot = ActionSlot{};
  slot.whole = close.whole;
  // Closing what is closed is harmless; reducing twice is not, so a read must be beyond doubt before it is done
  // again.
  slot.patience = close.whole ? kEffectPatience : kReadLag;
  if (slot.waits_for_fill > 0 && !close.being_filled()) return slot.fill_ended(now);
  if (!slot.may_send(now)) return;
  if (close.being_filled()) return await_fill(slot, close, now, out);
  const BrokerAsk ask =
      close.whole ? BrokerAsk{ClosePosition{close.contract}} : BrokerAsk{ReducePosition{close.contract, close.by}};
  slot.sent(send(ask, out));
  for (Receipt& receipt : serving_) receipt.attempts = std::max(receipt.attempts, slot.attempts);
}

// Never two exits at work: one that hangs is taken back, and closed again once it is gone.
void AccountSaga::await_fill(ActionSlot& slot, const PlannedClose& close, BrokerTime now, SagaOutput& out) {
  slot.note_awaited(close.awaited, now);
  const BrokerTime hangs_at = slot.awaited_since + fill_patience(slot, close.contract);
  BrokerTime look_again = now + backoff_delay(++slot.waits_for_fill, slot.request);
  if (now < hangs_at) {
    look_again = std::min(look_again, hangs_at);
  } else {
    for (const Order& order : book_.orders().all()) {
      if (order.contract == close.contract && is_market_exit(book_, order)) send_cancel(order.id, now, out);
    }
  }
  slot.await_fill(look_again);
}

Duration AccountSaga::fill_patience(const ActionSlot& slot, ContractId contract) const {
  const Holding* holding = book_.holding(contract);
  const auto mark = holding ? book_.mark(*holding) : std::nullopt;
  return mark && mark->at > slot.awaited_since ? kFillPatience : kFillPatienceInSilence;
}

RequestId AccountSaga::send(BrokerAsk ask, SagaOutput& out) {
  const RequestId id = ids_.take();
  asked_.push_back(Asked{id, ask});
  out.requests.push_back(BrokerRequest{id, book_.id(), ask});
  return id;
}

bool AccountSaga::on_reply(const BrokerReply& reply, BrokerTime now, SagaOutput& out) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& a) { return a.id == reply.id; });
  if (asked == asked_.end()) return false;
  note_step(asked->ask, reply);
  asked_.erase(asked);  // exactly one reply comes
  if (is_verification(reply.id)) {
    on_read_reply(reply, now, out);
  } else if (ActionSlot* slot = slot_of(reply.id)) {
    on_action_reply(*slot, reply, now);
  }
  pulse(now, out);
  return true;
}

void AccountSaga::on_action_reply(ActionSlot& slot, const BrokerReply& reply, BrokerTime now) {
  if (reply.outcome != Outcome::Accepted) last_answer_ = reply.text;
  switch (reply.outcome) {
    case Outcome::Accepted:
      slot.state = ActionSlot::State::Accepted;
      slot.until = now + slot.patience;
      return;
    case Outcome::Ambiguous:  // may have been executed, or be about to: never again before a read has judged it
      slot.state = ActionSlot::State::InDoubt;
      slot.until = now + slot.patience;
      return;
    case Outcome::Refused:  // perhaps there is nothing left to do, which only a read can tell
      refused_since_read_ = true;
      slot.refused_at = now;
      break;
    case Outcome::NotSent:
    case Outcome::RateLimited:
    case Outcome::Unauthorised:
      break;
  }
  slot.state = ActionSlot::State::Waiting;
  slot.until = now + backoff_delay(slot.attempts, reply.id);
}

bool AccountSaga::could_wake(ContractId contract, BrokerTime now) const {
  return std::any_of(closes_.begin(), closes_.end(), [&](const auto& entry) {
    const ActionSlot& slot = entry.second;
    return entry.first == contract && slot.state == ActionSlot::State::Waiting && slot.refused_at != BrokerTime{} &&
           slot.until > std::max(now, slot.refused_at + kAfterRefusal);
  });
}

void AccountSaga::wake(ContractId contract, BrokerTime now, SagaOutput& out) {
  for (auto& [closed, slot] : closes_) {
    if (closed == contract) slot.until = std::max(now, slot.refused_at + kAfterRefusal);
  }
  pulse(now, out);
}

void AccountSaga::resume(const Decision& decision, BrokerTime now, SagaOutput& out) {
  proof_from_ = now + kReadLag;
  take_over(decision, now, out);
}

bool AccountSaga::read_needed(BrokerTime now) const {
  if (positions_read_ != RequestId{} || orders_read_ != RequestId{} || now < next_read_at_) return false;
  const auto wants = [&](const auto& entry) { return entry.second.needs_read(now); };
  const bool in_doubt =
      std::any_of(closes_.begin(), closes_.end(), wants) || std::any_of(cancels_.begin(), cancels_.end(), wants);
  const bool all_answered =
      std::none_of(asked_.begin(), asked_.end(), [](const Asked& a) { return !is_read(a.ask); });
  return (plan_.done() && all_answered) || in_doubt || refused_since_read_;
}

void AccountSaga::read_back(BrokerTime now, SagaOutput& out) {
  version_at_read_ = book_.stream_version();
  read_asked_at_ = now;
  positions_ok_ = orders_ok_ = false;
  positions_read_ = send(ReadPositions{}, out);
  out.requests.back().verifies = true;
  orders_read_ = send(ReadWorkingOrders{}, out);
  out.requests.back().verifies = true;
}

void AccountSaga::on_read_reply(const BrokerReply& reply, BrokerTime now, SagaOutput& out) {
  const bool accepted = reply.outcome == Outcome::Accepted;
  if (!accepted) last_answer_ = reply.text;
  if (reply.id == positions_read_) {
    positions_read_ = RequestId{};
    positions_ok_ = accepted && std::holds_alternative<std::vector<Position>>(reply.payload);
  } else {
    orders_read_ = RequestId{};
    const auto* listed = std::get_if<std::vector<Order>>(&reply.payload);
    orders_ok_ = accepted && listed;
    if (orders_ok_) note_gone(*listed);
    // One that ended by the stream's word may lag; but as long as the broker lists it, it does not show the goal.
    orders_agree_ = orders_ok_ && std::all_of(listed->begin(), listed->end(), [&](const Order& order) {
                      return !order.working() || book_.orders().find(order.id);
                    });
  }
  if (positions_read_ == RequestId{} && orders_read_ == RequestId{}) {
    judge_reads(reply.id, now);
    if (good_reads_ >= kReadsToAgree) finish(reply, now, out);
  }
}

void AccountSaga::note_gone(const std::vector<Order>& listed) {
  for (auto& [order, slot] : cancels_) {
    const auto id = order;
    slot.gone = slot.refused_at != BrokerTime{} && read_asked_at_ >= slot.refused_at &&
                std::none_of(listed.begin(), listed.end(), [&](const Order& o) { return o.id == id && o.working(); });
  }
}

// Both reads are in the book. Never "flat" on a failed read, nor on one that the stream has overtaken.
void AccountSaga::judge_reads(RequestId last, BrokerTime now) {
  if (!positions_ok_ || !orders_ok_) {
    good_reads_ = 0;
    ++failed_reads_;
    next_read_at_ = now + backoff_delay(failed_reads_, last);
    return;
  }
  failed_reads_ = 0;
  refused_since_read_ = false;
  next_read_at_ = now + kBetweenReads;
  // What should have shown before this read was asked for and is still there was not done: it may be asked again.
  const auto judged = [&](ActionSlot& slot) {
    if (!slot.needs_read(read_asked_at_)) return;
    slot.state = slot.attempts > 1 ? ActionSlot::State::Waiting : ActionSlot::State::Ready;
    slot.until = now + backoff_delay(slot.attempts, slot.request);
  };
  for (auto& [contract, slot] : closes_) judged(slot);
  for (auto& [order, slot] : cancels_) {
    // Refused, and no longer listed: it has ended. The book drops it on the word of a read that cannot lag.
    if (slot.gone) {
      slot.state = ActionSlot::State::InDoubt;
      slot.until = std::max(now + kBetweenReads, book_.orders().heard_at(order) + kReadLag);
    } else {
      judged(slot);
    }
  }
  const bool overtaken = book_.stream_version() != version_at_read_;
  make_plan(book_, goal_, plan_);
  if (plan_.done()) next_read_at_ = std::max(next_read_at_, proof_from_);
  const bool too_early = read_asked_at_ < proof_from_;
  if (overtaken || too_early || !orders_agree_ || !plan_.done() || !goal_reached(book_, goal_)) {
    good_reads_ = 0;
  } else {
    ++good_reads_;
  }
}

void AccountSaga::finish(const BrokerReply& last_read, BrokerTime now, SagaOutput& out) {
  for (Receipt& receipt : serving_) {
    receipt.verified_at = now;
    receipt.verified_ns = last_read.answered_ns;
    out.finished.push_back(std::move(receipt));
  }
  serving_.clear();
  escalations_told_.clear();
  refill_spare();
  goal_.clear();
  closes_.clear();
  cancels_.clear();
  plan_.clear();
  good_reads_ = 0;
  refused_since_read_ = false;
  next_read_at_ = BrokerTime{};
  last_answer_.clear();
}

void AccountSaga::note_step(const BrokerAsk& ask, const BrokerReply& reply) {
  const bool acting = !is_verification(reply.id);
  for (Receipt& receipt : serving_) {
    // A request that left before the event of this enforcement came was another one's answer.
    if (acting && receipt.first_sent_ns == 0 && reply.sent_ns >= receipt.received_ns)
      receipt.first_sent_ns = reply.sent_ns;
    if (receipt.steps.size() >= kKeptSteps) receipt.steps.erase(receipt.steps.begin() + kKeptSteps / 2);
    receipt.steps.push_back(ReceiptStep{reply.id, name_of(ask), subject_of(ask, book_.contracts()), reply.outcome,
                                        reply.error_code, reply.text, reply.requested_at, reply.answered_at,
                                        reply.sent_ns, reply.answered_ns});
  }
}

ActionSlot* AccountSaga::slot_of(RequestId id) {
  for (auto& [contract, slot] : closes_) {
    if (slot.request == id) return &slot;
  }
  for (auto& [order, slot] : cancels_) {
    if (slot.request == id) return &slot;
  }
  return nullptr;
}

// When the next escalation of an enforcement is due: after 5 s, 45 s, 180 s, then every three minutes until it is
// over. Each is told of for itself: a new one neither repeats the old one's escalations nor puts them off.
BrokerTime AccountSaga::escalation_due(std::size_t index) const {
  const std::size_t last = kEscalateAfter.size() - 1;
  const std::size_t told = escalations_told_[index];
  const auto beyond = static_cast<std::int64_t>(told > last ? told - last : 0);
  return serving_[index].decided_at + kEscalateAfter[std::min(told, last)] + kEscalateAfter[last] * beyond;
}

void AccountSaga::escalate(BrokerTime now, SagaOutput& out) {
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    if (now < escalation_due(i)) continue;
    while (now >= escalation_due(i)) ++escalations_told_[i];
    std::string awaited = book_.sync() == SyncState::Unknown ? "the state of the account is not known"
                                                             : "the broker does not show the goal yet";
    out.escalations.push_back(Escalation{book_.id(), serving_[i].enforcement, now - serving_[i].decided_at,
                                         last_answer_.empty() ? std::move(awaited) : last_answer_});
  }
}

std::optional<BrokerTime> AccountSaga::next_deadline() const {
  if (!busy()) return std::nullopt;
  std::optional<BrokerTime> next;
  // What lies at or before the last pulse was looked at then; only an event can change it.
  const auto consider = [&](BrokerTime t) {
    if (t > pulsed_at_) next = next ? std::min(*next, t) : t;
  };
  const auto waits = [&](const auto& entry) {
    if (entry.second.state != ActionSlot::State::Ready && entry.second.state != ActionSlot::State::InFlight)
      consider(entry.second.until);
  };
  if (book_.sync() != SyncState::Unknown) {
    std::for_each(closes_.begin(), closes_.end(), waits);
    std::for_each(cancels_.begin(), cancels_.end(), waits);
    if (positions_read_ == RequestId{} && orders_read_ == RequestId{}) consider(next_read_at_);
  }
  for (std::size_t i = 0; i < serving_.size(); ++i) consider(escalation_due(i));
  return next;
}

}  // namespace rm
