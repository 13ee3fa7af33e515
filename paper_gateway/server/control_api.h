// The hand on the broker's controls, under /paper/: prices, trades of the person in the platform, flags, faults,
// logs.
#pragma once
#include "paper_gateway/server/binder.h"
#include "paper_gateway/server/context.h"
#include "paper_gateway/server/hub.h"

namespace paper {

struct Control {
  Context& context;
  Hub& user_hub;
  Hub& market_hub;
};

// A request to a path below /paper/. Wrong requests get 400 {"error": "…"}, unknown paths 404 with the paths there
// are.
HttpResponse handle_control(Control& control, const HttpRequest& request);

// Groups of controls, by file: control_trading.cpp, control_wire.cpp, control_views.cpp, control_settings.cpp
HttpResponse control_price(Control&, const HttpRequest&, Binder&);
HttpResponse control_trade(Control&, const HttpRequest&, Binder&);
HttpResponse control_cancel(Control&, const HttpRequest&, Binder&);
HttpResponse control_close(Control&, const HttpRequest&, Binder&);
HttpResponse control_account(Control&, const HttpRequest&, Binder&);
HttpResponse control_time(Control&, const HttpRequest&, Binder&);
HttpResponse control_fault(Control&, const HttpRequest&, Binder&);
HttpResponse control_fault_clear(Control&, const HttpRequest&, Binder&);
HttpResponse control_hub_close(Control&, const HttpRequest&, Binder&);
HttpResponse control_hub_refuse(Control&, const HttpRequest&, Binder&);
HttpResponse control_hub_freeze(Control&, const HttpRequest&, Binder&);
HttpResponse control_hub_storm(Control&, const HttpRequest&, Binder&);
HttpResponse control_hub_logout(Control&, const HttpRequest&, Binder&);
HttpResponse control_tokens_expire(Control&, const HttpRequest&, Binder&);
HttpResponse control_halt(Control&, const HttpRequest&, Binder&);
HttpResponse control_void(Control&, const HttpRequest&, Binder&);
HttpResponse view_settings(Control&, const HttpRequest&, Binder&);
HttpResponse control_raw(Control&, const HttpRequest&, Binder&);
HttpResponse control_requests_clear(Control&, const HttpRequest&, Binder&);
HttpResponse control_settings(Control&, const HttpRequest&, Binder&);
HttpResponse view_requests(Control&, const HttpRequest&, Binder&);
HttpResponse view_events(Control&, const HttpRequest&, Binder&);
HttpResponse view_state(Control&, const HttpRequest&, Binder&);
HttpResponse view_contracts(Control&, const HttpRequest&, Binder&);
HttpResponse view_subscriptions(Control&, const HttpRequest&, Binder&);
HttpResponse view_time(Control&, const HttpRequest&, Binder&);
HttpResponse view_faults(Control&, const HttpRequest&, Binder&);

HttpResponse control_error(int status, std::string_view sentence);
HttpResponse control_error(const Binder& binder);
Json seed_json(const Context& context);  // of the draws: with it a failing run can be repeated
HttpResponse control_done(Json payload = Json::object());

// From contractId or symbol. The problem is noted in the binder.
std::optional<std::string> bind_contract(const Control& control, Binder& binder);
const Account* bind_account(const Control& control, Binder& binder);

}  // namespace paper
