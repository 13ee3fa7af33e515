#include "paper_gateway/server/rest_api.h"

namespace paper {

HttpResponse search_accounts(RestCall& call, const Json& body) {
  Binder binder{body};
  const bool only_active = binder.boolean("onlyActiveAccounts");
  if (!binder.ok()) return binder.problem();
  auto list = Json::array();
  for (const auto& account : call.context.exchange.accounts(call.user(), only_active)) {
    list.push(to_json(account, call.style()));
  }
  return envelope({}, "accounts", std::move(list));
}

HttpResponse search_trades(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  const auto from = binder.optional_time("startTimestamp");
  const auto to = binder.optional_time("endTimestamp");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account(), "trades", Json{});
  auto list = Json::array();
  for (const auto& trade : call.context.exchange.trades(account, from, to, Exchange::Seen::Late)) {
    list.push(to_json(trade, call.style()));
  }
  return envelope({}, "trades", std::move(list));
}

}  // namespace paper
