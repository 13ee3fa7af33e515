#include "paper_gateway/server/rest_api.h"

namespace paper {

HttpResponse search_open_positions(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account(), "positions", Json{});
  auto list = Json::array();
  for (const auto& position : call.context.exchange.positions(account, Exchange::Seen::Late))
    list.push(to_json(position, call.style()));
  return envelope({}, "positions", std::move(list));
}

HttpResponse close_contract(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  const auto contract = binder.string("contractId");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account());
  return envelope(call.context.exchange.close_contract(account, contract, call.now));
}

HttpResponse partial_close_contract(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  const auto contract = binder.string("contractId");
  const int size = binder.int32("size");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account());
  return envelope(call.context.exchange.partial_close(account, contract, size, call.now));
}

}  // namespace paper
