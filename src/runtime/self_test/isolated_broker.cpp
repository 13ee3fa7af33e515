#include "runtime/self_test/isolated_broker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "projectx/wire/fields.h"

namespace rm {
namespace {

using projectx::Endpoint;
using projectx::Hub;
using projectx::HubTarget;

// High enough that every price of a breach is above zero, low enough for what the wire can say.
constexpr std::int64_t kPriceInTicks = 40'000, kHighestPrice = 100'000'000;

std::int64_t first_price(const Contract& contract) {
  const Wide ticks = std::min<Wide>(kPriceInTicks, Wide{kHighestPrice} * kNanosPerUnit / contract.tick_size_nanos);
  return saturate(ticks * contract.tick_size_nanos);
}

bool is(std::string_view path, Endpoint endpoint) {
  return path == projectx::info_of(endpoint).path;
}

bool changes_something(std::string_view path) {
  return is(path, Endpoint::OrderPlace) || is(path, Endpoint::OrderModify) || is(path, Endpoint::OrderCancel) ||
         is(path, Endpoint::CloseContract) || is(path, Endpoint::PartialCloseContract);
}

std::string price_text(std::int64_t nanos) {
  return Price::from_nanos(nanos).text();
}

// "F.US.MNQ" of "CON.F.US.MNQ.U26".
std::string symbol_id(const Contract& contract) {
  return fmt::format("F.US.{}", vendor_of_broker_id(contract.broker_id));
}

}  // namespace

IsolatedBroker::IsolatedBroker(AccountId account, const Contract& contract)
    : account_{account}, contract_{contract}, price_{first_price(contract)} {}

// ── the trader and the market ────────────────────────────────────────────────────────────────────────────────────

void IsolatedBroker::carry_out(const Breach::Step& what, BrokerTime now) {
  now_ = now;
  std::visit([this](const auto& each) { step(each); }, what);
}

void IsolatedBroker::step(const Breach::Enter& enter) {
  tell_price();
  fill(enter.side == Side::Buy ? enter.lots : -enter.lots);
  tell_position();
}

// Only the fills of it: ten thousand positions that come and go would say nothing new.
void IsolatedBroker::step(const Breach::RoundTrips& trips) {
  for (std::int64_t i = 0; i < trips.times; ++i) {
    fill(Lots{1});
    now_ = now_ + std::chrono::microseconds{1};
    fill(Lots{-1});
    now_ = now_ + std::chrono::microseconds{1};
  }
}

void IsolatedBroker::step(const Breach::Place& place) {
  const OrderId id{next_id_++};
  const std::int64_t at = price_ + place.ticks * contract_.tick_size_nanos;
  std::string json = fmt::format(
      R"({{"id":{},"accountId":{},"contractId":"{}","symbolId":"{}","creationTimestamp":"{}","updateTimestamp":"{}",)"
      R"("status":{},"type":{},"side":{},"size":{},"fillVolume":0,"{}":{}}})",
      id.value(), account_.value(), contract_.broker_id, symbol_id(contract_), now_text(), now_text(),
      static_cast<int>(OrderStatus::Open), static_cast<int>(place.type), static_cast<int>(place.side),
      place.lots.value(), place.type == OrderType::Stop ? "stopPrice" : "limitPrice", price_text(at));
  tell_user(HubTarget::Order, json);
  orders_.push_back({id, std::move(json)});
}

// The next price of the grid at which the result is at least as large.
void IsolatedBroker::step(const Breach::MoveTo& move) {
  const Wide wanted = move.open_result.nanos();
  const Wide sum = paid_.raw() * contract_.tick_value.nanos() + wanted * contract_.tick_size_nanos;
  const Wide of_a_price = Wide{size_.value()} * contract_.tick_value.nanos();
  if (of_a_price == 0) return;
  Wide ticks = sum / of_a_price / contract_.tick_size_nanos;
  const bool loss = wanted < 0;
  const auto reached = [&] {
    const auto open =
        open_profit(contract_, size_, paid_, Price::from_nanos(saturate(ticks * contract_.tick_size_nanos)));
    return open && (loss ? *open <= move.open_result : *open >= move.open_result);
  };
  const Wide further = (size_ > Lots{}) == loss ? -1 : 1;
  for (int i = 0; i < 4 && !reached(); ++i) ticks += further;
  price_ = saturate(ticks * contract_.tick_size_nanos);
  tell_price();
}

void IsolatedBroker::step(const Breach::MoveTicks& move) {
  price_ += move.ticks * contract_.tick_size_nanos;
  tell_price();
}

void IsolatedBroker::step(const Breach::Exit&) {
  fill(-size_);
  tell_position();
}

void IsolatedBroker::step(const Breach::TradingRight& right) {
  can_trade_ = right.given;
  tell_user(HubTarget::Account, account_json());
}

void IsolatedBroker::fill(Lots signed_lots) {
  const Lots before = size_;
  const bool closes = !before.is_zero() && (before > Lots{}) != (signed_lots > Lots{});
  std::string result;
  if (closes) {
    const auto money = open_profit(contract_, before, paid_, Price::from_nanos(price_));
    result = fmt::format(R"("profitAndLoss":{},)", money ? money->text() : "0");
  }
  const std::int64_t id = next_id_++, order = next_id_++;
  std::string json = fmt::format(
      R"({{"id":{},"accountId":{},"contractId":"{}","creationTimestamp":"{}","price":{},{}"fees":0,"commissions":0,)"
      R"("side":{},"size":{},"voided":false,"orderId":{}}})",
      id, account_.value(), contract_.broker_id, now_text(), price_text(price_), result,
      static_cast<int>(signed_lots > Lots{} ? Side::Buy : Side::Sell), signed_lots.magnitude().value(), order);
  tell_user(HubTarget::Trade, json);
  trades_.push_back(std::move(json));
  size_ = size_ + signed_lots;
  paid_ = size_.is_zero() ? PriceSum{} : paid_ + PriceSum::of(Price::from_nanos(price_), signed_lots);
}

// ── in the gateway's text ────────────────────────────────────────────────────────────────────────────────────────

void IsolatedBroker::tell_user(HubTarget target, std::string_view json) {
  told_.push_back({Hub::User, target, fmt::format(R"([{{"action":1,"data":{}}}])", json)});
}

// A position of more lots than its message can hold is told by its fills alone.
void IsolatedBroker::tell_position() {
  if (size_.magnitude().value() <= projectx::kMaxLots) tell_user(HubTarget::Position, position_json());
}

void IsolatedBroker::tell_price() {
  const std::string price = price_text(price_);
  told_.push_back(
      {Hub::Market, HubTarget::Quote,
       fmt::format(R"(["{}",{{"symbol":"{}","lastPrice":{},"bestBid":{},"bestAsk":{},"lastUpdated":"{}"}}])",
                   contract_.broker_id, symbol_id(contract_), price, price, price, now_text())});
}

std::string IsolatedBroker::position_json() const {
  const Price average = size_.is_zero() ? Price::from_nanos(price_) : paid_.average(size_);
  const int type = size_.is_zero() ? 0 : size_ > Lots{} ? 1 : 2;
  return fmt::format(
      R"({{"id":1,"accountId":{},"contractId":"{}","creationTimestamp":"{}","type":{},"size":{},"averagePrice":{}}})",
      account_.value(), contract_.broker_id, now_text(), type, size_.magnitude().value(), average.text());
}

std::string IsolatedBroker::account_json() const {
  return fmt::format(
      R"({{"id":{},"name":"self-test","balance":50000,"canTrade":{},"isVisible":true,"simulated":true}})",
      account_.value(), can_trade_);
}

// ── RestTransport ────────────────────────────────────────────────────────────────────────────────────────────────

void IsolatedBroker::post(std::string_view path, std::string_view body, projectx::Priority,
                          projectx::RequestCookie cookie) {
  if (changes_something(path)) {
    asked_for_.push_back({std::string{path}, std::string{body}});
  } else {
    was_read_ = true;
    waiting_.push_back({cookie, std::string{path}, {}});
  }
}

void IsolatedBroker::decline(projectx::RequestCookie cookie, std::string_view why) {
  waiting_.push_back({cookie, {}, std::string{why}});
}

std::vector<IsolatedBroker::Answer> IsolatedBroker::take_answers(BrokerTime now) {
  now_ = now;
  std::vector<Answer> answers;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    Answer& answer = answers.emplace_back();
    answer.cookie = waiting.cookie;
    answer.result.requested_at = answer.result.answered_at = now;
    if (waiting.path.empty()) {
      answer.body = std::move(waiting.declined);
    } else {
      answer.result.status = 200;
      answer.body = answer_to(waiting.path);
    }
  }
  for (Answer& answer : answers) (answer.result.status ? answer.result.body : answer.result.failure) = answer.body;
  return answers;
}

std::string IsolatedBroker::answer_to(std::string_view path) const {
  constexpr std::string_view kYes = R"("success":true,"errorCode":0,"errorMessage":null)";
  if (is(path, Endpoint::AccountSearch)) return fmt::format(R"({{"accounts":[{}],{}}})", account_json(), kYes);
  if (is(path, Endpoint::TradeSearch)) return fmt::format(R"({{"trades":[{}],{}}})", fmt::join(trades_, ","), kYes);
  if (is(path, Endpoint::PositionSearchOpen))
    return fmt::format(R"({{"positions":[{}],{}}})", size_.is_zero() ? "" : position_json(), kYes);
  std::string orders;
  for (const Working& order : orders_) orders += (orders.empty() ? "" : ",") + order.json;
  return fmt::format(R"({{"orders":[{}],"totalCount":{},{}}})", orders, orders_.size(), kYes);
}

}  // namespace rm
