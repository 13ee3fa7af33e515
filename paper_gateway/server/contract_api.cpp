#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

// `live` asks for the data of live subscriptions; simulated, evaluation and practice users have none.
template <class Contracts>
HttpResponse contract_list(const RestCall& call, const Contracts& contracts, bool live) {
  auto list = Json::array();
  if (!live) {
    for (const auto& contract : contracts) list.push(to_json(contract, call.style()));
  }
  return envelope({}, "contracts", std::move(list));
}

}  // namespace

HttpResponse available_contracts(RestCall& call, const Json& body) {
  Binder binder{body};
  const bool live = binder.boolean("live");
  if (!binder.ok()) return binder.problem();
  return contract_list(call, call.context.exchange.catalogue().available(), live);
}

HttpResponse search_contracts(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto text = binder.optional_string("searchText").value_or("");
  const bool live = binder.boolean("live");
  if (!binder.ok()) return binder.problem();
  return contract_list(call, call.context.exchange.catalogue().search(text), live);
}

HttpResponse contract_by_id(RestCall& call, const Json& body) {
  constexpr int contract_not_found = 1;
  Binder binder{body};
  const auto id = binder.string("contractId");
  if (!binder.ok()) return binder.problem();
  const auto contract = call.context.exchange.catalogue().by_id(id);
  if (!contract) return envelope({contract_not_found, std::nullopt}, "contract", Json{});
  return envelope({}, "contract", to_json(*contract, call.style()));
}

HttpResponse retrieve_bars(RestCall& call, const Json& body) {
  Binder binder{body};
  BarQuery query;
  query.contract = binder.string("contractId");
  const bool live = binder.boolean("live");
  query.from = binder.time("startTime");
  query.to = binder.time("endTime");
  query.unit = binder.int32("unit");
  query.unit_number = binder.int32("unitNumber");
  query.limit = binder.int32("limit");
  query.include_partial = binder.boolean("includePartialBar");
  if (!binder.ok()) return binder.problem();
  const auto outcome = call.context.exchange.bars(query);
  if (!outcome.ok()) return envelope(outcome, "bars", Json{});
  auto list = Json::array();
  if (!live) {
    for (const auto& bar : outcome.bars) list.push(to_json(bar, call.style()));
  }
  return envelope(outcome, "bars", std::move(list));
}

}  // namespace paper
