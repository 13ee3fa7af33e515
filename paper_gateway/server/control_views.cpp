#include "paper_gateway/server/control_api.h"
#include "paper_gateway/server/rest_api.h"

#include <charconv>

namespace paper {
namespace {

// A whole number of the query; the default when it is absent, nothing when it is something else.
std::optional<std::int64_t> number_in_query(const HttpRequest& request, std::string_view name,
                                            std::int64_t otherwise) {
  const auto text = request.query(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

template <class Entry>
HttpResponse log_view(const Log<Entry>& log, const HttpRequest& request, std::string_view member) {
  const auto since = number_in_query(request, "since", 0);
  if (!since) return control_error(400, "since must be a whole number");
  auto list = Json::array();
  for (const auto& entry : log.entries()) {
    if (entry.seq > *since) list.push(to_json(entry));
  }
  return control_done(Json::object().add(member, std::move(list)));
}

template <class Entities>
Json list_of(const Entities& entities) {
  auto list = Json::array();
  for (const auto& entity : entities) list.push(to_json(entity, rest_style));
  return list;
}

Json state_of(const Exchange& exchange, const Account& account) {
  return Json::object()
      .add("account", to_json(account, rest_style))
      .add("balance", decimal_json(account.balance))
      .add("positions", list_of(exchange.positions(account.id)))
      .add("workingOrders", list_of(exchange.working_orders(account.id)))
      .add("trades", list_of(exchange.trades(account.id, std::nullopt, std::nullopt)));
}

}  // namespace

HttpResponse view_requests(Control& control, const HttpRequest& request, Binder&) {
  return log_view(control.context.requests, request, "requests");
}

HttpResponse view_events(Control& control, const HttpRequest& request, Binder&) {
  return log_view(control.context.events, request, "events");
}

HttpResponse control_requests_clear(Control& control, const HttpRequest&, Binder&) {
  control.context.requests.clear();
  control.context.events.clear();
  return control_done();
}

// One account's state with accountId, else that of every account.
HttpResponse view_state(Control& control, const HttpRequest& request, Binder&) {
  const auto& exchange = control.context.exchange;
  if (request.query("accountId")) {
    const auto id = number_in_query(request, "accountId", 0);
    const auto* account = id ? exchange.account(AccountId{*id}) : nullptr;
    if (account == nullptr) return control_error(404, "there is no such account");
    return control_done(state_of(exchange, *account));
  }
  auto list = Json::array();
  for (const auto& account : exchange.accounts()) list.push(state_of(exchange, account));
  return control_done(Json::object().add("accounts", std::move(list)));
}

// What is traded, and at what price; a price is left out where there is none yet.
HttpResponse view_contracts(Control& control, const HttpRequest&, Binder&) {
  const auto& exchange = control.context.exchange;
  auto list = Json::array();
  for (const auto& contract : exchange.catalogue().available()) {
    auto row = to_json(contract, rest_style);
    row.add("symbol", Json::string(contract.root));
    if (const auto* quote = exchange.quote(contract.id)) {
      if (quote->last) row.add("last", decimal_json(*quote->last));
      if (quote->bid) row.add("bid", decimal_json(*quote->bid));
      if (quote->ask) row.add("ask", decimal_json(*quote->ask));
    }
    list.push(std::move(row));
  }
  return control_done(Json::object().add("contracts", std::move(list)));
}

HttpResponse view_subscriptions(Control& control, const HttpRequest&, Binder&) {
  auto all = control.user_hub.connections_json();
  const auto market = control.market_hub.connections_json();
  for (const auto& connection : market.items()) all.push(connection);
  return control_done(Json::object().add("connections", std::move(all)));
}

HttpResponse view_time(Control& control, const HttpRequest&, Binder&) {
  const auto monotonic = control.context.monotonic_ns();
  return control_done(Json::object()
                          .add("paperTime", Json::string(hub_time(control.context.clock.now(monotonic))))
                          .add("monotonicNs", Json::integer(monotonic)));
}

}  // namespace paper
