#include "projectx/suite/trading_suite.h"

#include <algorithm>
#include <array>

#include "projectx/rest/requests.h"
#include "projectx/wire/stop_tag.h"

namespace rm::projectx {
namespace {

using BodyBuffer = std::array<char, 1024>;

// Reads that verify go before those that only look. So many of them after each change: when reads fail for long, what
// is kept for exits is for exits.
constexpr int kVerifyingReads = 12;

}  // namespace

TradingSuite::TradingSuite(AccountId account, std::uint16_t index, ContractTable& contracts, RestTransport& transport)
    : account_{account},
      cookie_base_{std::uint64_t{index} << 48},
      urgent_reads_left_{kVerifyingReads},
      contracts_{contracts},
      transport_{transport} {
  in_flight_.reserve(256);
}

// ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TradingSuite::InFlight& TradingSuite::begin(RequestId id, Endpoint endpoint, bool verifies) {
  return in_flight_.emplace_back(InFlight{cookie_base_ | next_cookie_++, id, endpoint, verifies, {}});
}

void TradingSuite::post(const InFlight& flight, std::string_view body) {
  const EndpointInfo& info = info_of(flight.endpoint);
  // Placing and moving stops is no exit: it never spends what is kept for exits.
  const bool exit =
      info.mutation && flight.endpoint != Endpoint::OrderModify && flight.endpoint != Endpoint::OrderPlace;
  const bool verifies = flight.verifies && urgent_reads_left_ > 0;
  const Priority priority = exit || verifies ? Priority::Urgent : Priority::Normal;
  if (exit) urgent_reads_left_ = kVerifyingReads;
  if (verifies) --urgent_reads_left_;
  if (body.empty()) return transport_.decline(flight.cookie, "the request does not fit its buffer");
  transport_.post(info.path, body, priority, flight.cookie);
}

void TradingSuite::start(RequestId id, Endpoint endpoint, std::string_view body, bool verifies) {
  post(begin(id, endpoint, verifies), body);
}

void TradingSuite::decline(RequestId id, std::string_view why) {
  transport_.decline(begin(id, Endpoint::AccountSearch).cookie, why);
}

const Contract* TradingSuite::known(RequestId id, ContractId contract) {
  if (contracts_.contains(contract)) return &contracts_.at(contract);
  decline(id, "the contract is not known");
  return nullptr;
}

void TradingSuite::Positions::close_position(RequestId id, ContractId contract) {
  const Contract* known = suite_.known(id, contract);
  if (known == nullptr) return;
  BodyBuffer buffer;
  suite_.start(id, Endpoint::CloseContract, body::close_contract(buffer, suite_.account_, known->broker_id));
}

void TradingSuite::Positions::reduce_position(RequestId id, ContractId contract, Lots by) {
  const Contract* known = suite_.known(id, contract);
  if (known == nullptr) return;
  if (by <= Lots{}) return suite_.decline(id, "a position can be reduced by one lot or more");
  BodyBuffer buffer;
  suite_.start(id, Endpoint::PartialCloseContract,
               body::partial_close(buffer, suite_.account_, known->broker_id, by));
}

void TradingSuite::Positions::read(RequestId id, bool verifies) {
  BodyBuffer buffer;
  suite_.start(id, Endpoint::PositionSearchOpen, body::account_only(buffer, suite_.account_), verifies);
}

void TradingSuite::Orders::cancel(RequestId id, OrderId order) {
  if (order.value() <= 0) return suite_.decline(id, "the order has no id");
  BodyBuffer buffer;
  suite_.start(id, Endpoint::OrderCancel, body::cancel(buffer, suite_.account_, order));
}

void TradingSuite::Orders::modify_stop(RequestId id, OrderId order, Price stop_price) {
  if (order.value() <= 0) return suite_.decline(id, "the order has no id");
  BodyBuffer buffer;
  suite_.start(id, Endpoint::OrderModify, body::modify_stop(buffer, suite_.account_, order, stop_price));
}

void TradingSuite::Orders::place_stop(RequestId id, const PlaceStop& stop) {
  const Contract* known = suite_.known(id, stop.contract);
  if (known == nullptr) return;
  if (stop.size <= Lots{}) return suite_.decline(id, "an order is for one lot or more");
  StopTagText tag;
  body::PlaceOrder order;
  order.account = suite_.account_;
  order.contract = known->broker_id;
  order.type = static_cast<int>(OrderType::Stop);
  order.side = static_cast<int>(stop.side);
  order.size = stop.size;
  order.stop_price = stop.stop_price;
  order.custom_tag = write_stop_tag(stop.tag, tag);
  BodyBuffer buffer;
  suite_.start(id, Endpoint::OrderPlace, body::place(buffer, order));
}

void TradingSuite::Orders::resize(RequestId id, OrderId order, Lots size) {
  if (order.value() <= 0) return suite_.decline(id, "the order has no id");
  if (size <= Lots{}) return suite_.decline(id, "an order is for one lot or more");
  BodyBuffer buffer;
  suite_.start(id, Endpoint::OrderModify, body::resize(buffer, suite_.account_, order, size));
}

void TradingSuite::Orders::read_working(RequestId id, bool verifies) {
  suite_.post_page(suite_.begin(id, Endpoint::OrderQuery, verifies));
}

void TradingSuite::read_trades(RequestId id, BrokerTime since) {
  BodyBuffer buffer;
  start(id, Endpoint::TradeSearch, body::since(buffer, account_, since));
}

void TradingSuite::read_account(RequestId id) {
  BodyBuffer buffer;
  start(id, Endpoint::AccountSearch, body::account_search(buffer, false));
}

void TradingSuite::send(const BrokerRequest& request) {
  if (request.account != account_) return decline(request.id, "the request is for another account");
  struct Dispatch {
    TradingSuite& suite;
    RequestId id;
    bool verifies;
    void operator()(const ClosePosition& ask) const { suite.positions().close_position(id, ask.contract); }
    void operator()(const ReducePosition& ask) const { suite.positions().reduce_position(id, ask.contract, ask.by); }
    void operator()(const CancelOrder& ask) const { suite.orders().cancel(id, ask.order); }
    void operator()(const ModifyStop& ask) const { suite.orders().modify_stop(id, ask.order, ask.stop_price); }
    void operator()(const PlaceStop& ask) const { suite.orders().place_stop(id, ask); }
    void operator()(const ResizeOrder& ask) const { suite.orders().resize(id, ask.order, ask.size); }
    void operator()(const ReadPositions&) const { suite.positions().read(id, verifies); }
    void operator()(const ReadWorkingOrders&) const { suite.orders().read_working(id, verifies); }
    void operator()(const ReadTrades& ask) const { suite.read_trades(id, ask.since); }
    void operator()(const ReadAccount&) const { suite.read_account(id); }
  };
  std::visit(Dispatch{*this, request.id, request.verifies}, request.ask);
}

void TradingSuite::post_page(InFlight& flight) {
  ++flight.pages.posts;
  BodyBuffer buffer;
  post(flight, body::working_orders_page(buffer, account_, kPageSize, flight.pages.offset));
}

// ── back ───────────────────────────────────────────────────────────────────────────────────────────────────────────

std::optional<BrokerReply> TradingSuite::on_http(RequestCookie cookie, const HttpResult& result) {
  const auto flight = std::ranges::find(in_flight_, cookie, &InFlight::cookie);
  if (flight == in_flight_.end()) return std::nullopt;

  if (flight->endpoint == Endpoint::OrderQuery && result.status == 404) {
    // A gateway without this endpoint: what searchOpen shows is the best there is.
    flight->endpoint = Endpoint::OrderSearchOpen;
    BodyBuffer buffer;
    post(*flight, body::account_only(buffer, account_));
    return std::nullopt;
  }

  Verdict verdict = classify(flight->endpoint, result, reader_);
  BrokerReply reply{.id = flight->id,
                    .account = account_,
                    .outcome = verdict.outcome,
                    .error_code = verdict.error_code,
                    .text = std::move(verdict.text),
                    .payload = {},
                    .requested_at = result.requested_at,
                    .answered_at = result.answered_at,
                    .sent_ns = result.sent_ns,
                    .answered_ns = result.answered_ns};
  if (verdict.outcome != Outcome::Accepted || info_of(flight->endpoint).mutation)
    return finish(*flight, std::move(reply));
  if (flight->endpoint == Endpoint::OrderQuery) {
    if (take_page(*flight, verdict.envelope, reply)) return std::nullopt;
    return finish(*flight, std::move(reply));
  }
  auto payload = read_payload(flight->endpoint, verdict.envelope);
  if (payload) {
    reply.payload = std::move(*payload);
  } else {
    reply.outcome = Outcome::Refused;
    reply.text = clean_text(payload.error().message);
  }
  return finish(*flight, std::move(reply));
}

std::optional<BrokerReply> TradingSuite::finish(InFlight& flight, BrokerReply reply) {
  if (&flight != &in_flight_.back()) flight = std::move(in_flight_.back());
  in_flight_.pop_back();
  return reply;
}

}  // namespace rm::projectx
