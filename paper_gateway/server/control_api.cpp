#include "paper_gateway/server/control_api.h"

#include <algorithm>
#include <array>

#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

using Handler = HttpResponse (*)(Control&, const HttpRequest&, Binder&);

struct Route {
  std::string_view method;
  std::string_view path;
  Handler handler;
};

constexpr std::array routes{
    Route{"POST", "/paper/price", control_price},
    Route{"POST", "/paper/trade", control_trade},
    Route{"POST", "/paper/cancel", control_cancel},
    Route{"POST", "/paper/close", control_close},
    Route{"POST", "/paper/account", control_account},
    Route{"POST", "/paper/time", control_time},
    Route{"POST", "/paper/fault", control_fault},
    Route{"POST", "/paper/fault/clear", control_fault_clear},
    Route{"POST", "/paper/hub/close", control_hub_close},
    Route{"POST", "/paper/hub/refuse", control_hub_refuse},
    Route{"POST", "/paper/hub/freeze", control_hub_freeze},
    Route{"POST", "/paper/hub/storm", control_hub_storm},
    Route{"POST", "/paper/hub/logout", control_hub_logout},
    Route{"POST", "/paper/tokens/expire", control_tokens_expire},
    Route{"POST", "/paper/halt", control_halt},
    Route{"POST", "/paper/void", control_void},
    Route{"POST", "/paper/raw", control_raw},
    Route{"POST", "/paper/requests/clear", control_requests_clear},
    Route{"POST", "/paper/settings", control_settings},
    Route{"GET", "/paper/requests", view_requests},
    Route{"GET", "/paper/events", view_events},
    Route{"GET", "/paper/state", view_state},
    Route{"GET", "/paper/contracts", view_contracts},
    Route{"GET", "/paper/subscriptions", view_subscriptions},
    Route{"GET", "/paper/time", view_time},
    Route{"GET", "/paper/fault", view_faults},
    Route{"GET", "/paper/settings", view_settings},
};

HttpResponse no_such_control() {
  auto list = Json::array();
  for (const auto& route : routes) list.push(Json::string(std::string{route.method} + " " + std::string{route.path}));
  return json_response(Json::object().add("error", Json::string("no such control")).add("controls", std::move(list)),
                       404);
}

}  // namespace

HttpResponse handle_control(Control& control, const HttpRequest& request) {
  const auto path = request.path();
  const auto found = std::ranges::find_if(
      routes, [&](const Route& route) { return route.path == path && route.method == request.method; });
  if (found == routes.end()) return no_such_control();
  auto body = Json::object();
  if (request.method == "POST" && !request.body.empty()) {
    auto parsed = Json::parse(request.body);
    if (!parsed) return control_error(400, parsed.error());
    body = std::move(*parsed);
  }
  Binder binder{body};
  if (!binder.ok()) return control_error(binder);
  return found->handler(control, request, binder);
}

HttpResponse control_error(int status, std::string_view sentence) {
  return json_response(Json::object().add("error", Json::string(sentence)), status);
}

HttpResponse control_error(const Binder& binder) {
  return control_error(400, binder.sentence());
}

HttpResponse control_done(Json payload) {
  return json_response(payload.add("ok", Json::boolean(true)));
}

std::optional<std::string> bind_contract(const Control& control, Binder& binder) {
  auto id = binder.optional_string("contractId");
  const auto symbol = binder.optional_string("symbol");
  if (id) return id;
  if (!symbol) {
    binder.note("symbol", "symbol or contractId is required.");
    return std::nullopt;
  }
  const auto* contract = control.context.exchange.catalogue().find_symbol(*symbol);
  if (contract == nullptr) {
    binder.note("symbol", "No contract '" + *symbol + "' is traded here.");
    return std::nullopt;
  }
  return contract->id;
}

const Account* bind_account(const Control& control, Binder& binder) {
  const auto id = binder.account();
  if (!binder.ok()) return nullptr;
  const auto* account = control.context.exchange.account(id);
  if (account == nullptr) binder.note("accountId", "There is no such account.");
  return account;
}

}  // namespace paper
