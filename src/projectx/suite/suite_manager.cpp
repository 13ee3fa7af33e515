#include "projectx/suite/suite_manager.h"

#include <algorithm>

namespace rm::projectx {
namespace {

std::optional<ContractId> instrument_of(const BrokerAsk& ask) {
  if (const auto* close = std::get_if<ClosePosition>(&ask)) return close->contract;
  if (const auto* reduce = std::get_if<ReducePosition>(&ask)) return reduce->contract;
  if (const auto* place = std::get_if<PlaceStop>(&ask)) return place->contract;
  return std::nullopt;
}

}  // namespace

SuiteManager::SuiteManager(ContractTable& contracts, RestTransport& first_session)
    : contracts_{contracts}, sessions_{&first_session} {}

SessionId SuiteManager::add_session(RestTransport& transport) {
  sessions_.push_back(&transport);
  return SessionId{static_cast<std::uint32_t>(sessions_.size() - 1)};
}

Result<TradingSuite*> SuiteManager::add_account(SessionId session, AccountId account) {
  if (session.value() >= sessions_.size())
    return fail(ErrorCode::NotFound, std::string{"there is no session "}.append(std::to_string(session.value())));
  if (find(account))
    return fail(
        ErrorCode::Refused,
        std::string{"account "}.append(std::to_string(account.value())).append(" has a trading suite already"));
  if (suites_.size() >= kNobody) return fail(ErrorCode::Refused, "there are too many accounts");
  const auto index = static_cast<std::uint16_t>(suites_.size());
  return &suites_.emplace_back(account, index, contracts_, *sessions_[session.value()]);
}

Result<TradingSuite*> SuiteManager::find(AccountId account) {
  const auto suite = std::ranges::find(suites_, account, &TradingSuite::account);
  if (suite != suites_.end()) return &*suite;
  return fail(ErrorCode::UnknownAccount,
              std::string{"no trading suite serves account "}.append(std::to_string(account.value())));
}

Result<TradingSuite*> SuiteManager::find(AccountId account, ContractId contract) {
  if (contracts_.contains(contract)) return find(account);
  return fail(ErrorCode::UnknownContract,
              std::string{"no trading suite knows contract number "}.append(std::to_string(contract.value())));
}

void SuiteManager::send(const BrokerRequest& request) {
  const auto instrument = instrument_of(request.ask);
  const auto suite = instrument ? find(request.account, *instrument) : find(request.account);
  if (suite) return (*suite)->send(request);
  const RequestCookie cookie = std::uint64_t{kNobody} << 48 | next_cookie_++;
  undeliverable_.push_back({cookie, request.id, request.account, suite.error().message});
  sessions_.front()->decline(cookie, suite.error().message);
}

std::optional<BrokerReply> SuiteManager::on_http(RequestCookie cookie, const HttpResult& result) {
  const std::uint16_t index = TradingSuite::index_of(cookie);
  if (index < suites_.size()) return suites_[index].on_http(cookie, result);
  const auto lost = std::ranges::find(undeliverable_, cookie, &Undeliverable::cookie);
  if (lost == undeliverable_.end()) return std::nullopt;
  BrokerReply reply;
  reply.id = lost->id;
  reply.account = lost->account;
  reply.outcome = Outcome::NotSent;
  reply.text = std::move(lost->why);
  reply.requested_at = result.requested_at;
  reply.answered_at = result.answered_at;
  reply.answered_ns = result.answered_ns;
  undeliverable_.erase(lost);
  return reply;
}

}  // namespace rm::projectx
