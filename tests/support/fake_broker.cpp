#include "support/fake_broker.h"

#include <algorithm>
#include <array>

namespace rm::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSlow = 4s;
constexpr Duration kLate = 1s;

// A request that never reached the broker, as the transport reports it.
std::optional<std::pair<Outcome, std::string>> kept_back(Fault fault) {
  switch (fault) {
    case Fault::NotSent:
      return std::pair{Outcome::NotSent, std::string{"could not connect"}};
    case Fault::RateLimited:
      return std::pair{Outcome::RateLimited, std::string{"HTTP 429"}};
    case Fault::Unauthorised:
      return std::pair{Outcome::Unauthorised, std::string{"HTTP 401"}};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view name_of(Fault fault) {
  constexpr std::array<std::string_view, 11> kNames{
      "none",         "lose_answer", "reset_before_done", "lose_request",  "not_sent",   "rate_limited",
      "unauthorised", "refuse",      "slow_answer",       "silent_stream", "late_stream"};
  return kNames[static_cast<std::size_t>(fault)];
}

FakeAccount& FakeBroker::add_account(AccountId id) {
  return *accounts_.emplace(id, std::make_unique<FakeAccount>(id, contracts_)).first->second;
}

void FakeBroker::refuse_next(int code, std::string text, int times) {
  for (int i = 0; i < times; ++i) refusals_.push_back({code, text});
}

BrokerReply FakeBroker::blank(const BrokerRequest& request, Outcome outcome, std::string text,
                              BrokerTime left) const {
  BrokerReply reply;
  reply.id = request.id;
  reply.account = request.account;
  reply.outcome = outcome;
  reply.text = std::move(text);
  reply.requested_at = left;
  reply.sent_ns = left.nanos();
  return reply;
}

void FakeBroker::send(const BrokerRequest& request) {
  sent.push_back(request);
  if (on_sent) on_sent(request);
  const auto numbered = faults.find(sent.size());
  const Fault fault = numbered != faults.end() ? numbered->second : std::exchange(next_fault_, Fault::None);
  if (const auto kept = kept_back(fault)) {
    schedule(now + 1ms, blank(request, kept->first, kept->second, now));
    return;
  }
  if (fault == Fault::ResetBeforeDone)
    schedule(now + 1ms, blank(request, Outcome::Ambiguous, "connection reset", now));
  if (fault == Fault::LoseRequest) {
    schedule(now + time_out, blank(request, Outcome::Ambiguous, "no answer in time", now));
    return;
  }
  schedule(now + to_broker, Arrival{request, fault, now});
}

std::optional<BrokerTime> FakeBroker::next_due() const {
  return queue_.empty() ? std::nullopt : std::optional{queue_.begin()->first.first};
}

std::optional<FakeBroker::Said> FakeBroker::advance(BrokerTime until) {
  while (!queue_.empty() && queue_.begin()->first.first <= until) {
    auto node = queue_.extract(queue_.begin());
    const BrokerTime at = node.key().first;
    if (auto* arrival = std::get_if<Arrival>(&node.mapped())) {
      arrive(*arrival, at);
    } else if (auto* event = std::get_if<RiskEventBody>(&node.mapped())) {
      return Said{std::move(*event)};
    } else {
      BrokerReply& reply = std::get<BrokerReply>(node.mapped());
      reply.answered_at = at;
      reply.answered_ns = at.nanos();
      if (on_answered) on_answered(reply);
      return Said{std::move(reply)};
    }
  }
  return std::nullopt;
}

void FakeBroker::arrive(const Arrival& arrival, BrokerTime at) {
  BrokerReply reply = blank(arrival.request, Outcome::Accepted, "", arrival.left);
  FakeAccount::Told told;
  if (is_read(arrival.request.ask) && reads_fail) {
    reply.outcome = Outcome::Ambiguous;
    reply.text = "the gateway answered HTTP 502";
  } else if (is_read(arrival.request.ask)) {
    read(arrival.request, at, reply);
  } else if (arrival.fault == Fault::Refuse) {
    reply.outcome = Outcome::Refused;
    reply.error_code = 5;
    reply.text = "refused";
  } else if (!refusals_.empty()) {
    reply.outcome = Outcome::Refused;
    reply.error_code = refusals_.front().code;
    reply.text = refusals_.front().text;
    refusals_.pop_front();
  } else if (!pretend || !pretend(arrival.request)) {
    execute(arrival.request, at, reply, told);
    note_done(arrival.request, at, told);
  }
  remember(at);
  const BrokerTime said_at = at + stream_after + (arrival.fault == Fault::LateStream ? kLate : Duration{});
  if (arrival.fault != Fault::SilentStream) tell(told, said_at);
  switch (arrival.fault) {
    case Fault::ResetBeforeDone:
      return;  // answered already
    case Fault::LoseAnswer:
      schedule(arrival.left + time_out,
               blank(arrival.request, Outcome::Ambiguous, "no answer in time", arrival.left));
      return;
    case Fault::SlowAnswer:
      schedule(at + kSlow, std::move(reply));
      return;
    default:
      schedule(at + answer_after, std::move(reply));
  }
}

void FakeBroker::execute(const BrokerRequest& request, BrokerTime at, BrokerReply& reply, FakeAccount::Told& told) {
  FakeAccount& account = *accounts_.at(request.account);
  const auto refuse = [&](int code, const char* text) {
    reply.outcome = Outcome::Refused;
    reply.error_code = code;
    reply.text = text;
  };
  if (const auto* close = std::get_if<ClosePosition>(&request.ask)) {
    if (halted) return refuse(5, "The instrument is not in an active trading status.");
    if (!account.close(close->contract, at, told)) refuse(2, "PositionNotFound");
  } else if (const auto* reduce = std::get_if<ReducePosition>(&request.ask)) {
    if (halted) return refuse(6, "");
    if (!account.reduce(reduce->contract, reduce->by, at, told))
      refuse(account.held(reduce->contract).is_zero() ? 2 : 5, "InvalidCloseSize");
  } else if (const auto* cancel = std::get_if<CancelOrder>(&request.ask)) {
    if (!account.cancel(cancel->order, at, told)) refuse(2, "OrderNotFound");
  } else if (const auto* stop = std::get_if<ModifyStop>(&request.ask)) {
    if (const auto why = account.modify_stop(stop->order, stop->stop_price, at, told)) refuse(3, why->c_str());
  } else if (const auto* wanted = std::get_if<PlaceStop>(&request.ask)) {
    if (const auto why = account.place_stop(*wanted, at, told)) refuse(2, why->c_str());
  } else if (const auto* resize = std::get_if<ResizeOrder>(&request.ask)) {
    if (!account.resize(resize->order, resize->size, at, told)) refuse(3, "Invalid order size.");
  } else {
    refuse(3, "Rejected");
  }
}

void FakeBroker::note_done(const BrokerRequest& request, BrokerTime at, const FakeAccount::Told& told) {
  const auto fill =
      std::ranges::find_if(told, [](const auto& said) { return std::holds_alternative<TradeExecuted>(said); });
  if (fill == told.end()) return;
  const Trade& trade = std::get<TradeExecuted>(*fill).trade;
  const FakeAccount& account = *accounts_.at(request.account);
  Lots gross;
  for (const Position& position : account.positions()) gross = gross + position.size.magnitude();
  const bool whole = std::holds_alternative<ClosePosition>(request.ask);
  done.push_back({request.account, trade.id, trade.contract, whole, at, account.held(trade.contract), gross});
}

void FakeBroker::read(const BrokerRequest& request, BrokerTime at, BrokerReply& reply) const {
  const FakeAccount* seen = accounts_.at(request.account).get();
  if (read_lag > Duration{}) {
    for (const Past& past : past_) {
      if (past.at <= at - read_lag || &past == &past_.front()) seen = &past.accounts.at(request.account);
    }
  }
  if (std::holds_alternative<ReadPositions>(request.ask)) reply.payload = seen->positions();
  if (std::holds_alternative<ReadWorkingOrders>(request.ask)) reply.payload = seen->working_orders();
  if (const auto* trades = std::get_if<ReadTrades>(&request.ask)) reply.payload = seen->trades(trades->since);
  if (std::holds_alternative<ReadAccount>(request.ask)) reply.payload = seen->info();
}

void FakeBroker::tell(FakeAccount::Told& told, BrokerTime at) {
  if (!stream_up) return;
  if (garble) garble(told);
  at = said_until_ = std::max(at, said_until_);  // a stream is told in its order: nothing overtakes what waits
  for (RiskEventBody& event : told) {
    if (lose && lose(event)) continue;
    const BrokerTime when = late ? at + late(event) : at;
    schedule(when, std::move(event));
  }
}

void FakeBroker::act(AccountId id, BrokerTime at, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what) {
  FakeAccount::Told told;
  what(*accounts_.at(id), told);
  remember(at);
  tell(told, at);
}

void FakeBroker::hang_up() {
  std::erase_if(queue_, [](const auto& item) { return std::holds_alternative<RiskEventBody>(item.second); });
}

void FakeBroker::remember(BrokerTime at) {
  if (read_lag == Duration{}) return;
  Past past{at, {}};
  for (const auto& [id, account] : accounts_) past.accounts.emplace(id, *account);
  past_.push_back(std::move(past));
}

}  // namespace rm::test
