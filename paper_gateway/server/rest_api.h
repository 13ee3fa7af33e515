// The REST endpoints below /api/: route, rate limit, token, media type, binding, and the call of the exchange.
#pragma once
#include <string_view>
#include <vector>

#include "paper_gateway/server/binder.h"
#include "paper_gateway/server/context.h"
#include "paper_gateway/server/entity_json.h"
#include "paper_gateway/server/http.h"

namespace paper {

// One authenticated request. `claims` is empty for endpoints that need no token.
struct RestCall {
  Context& context;
  const HttpRequest& request;
  TokenClaims claims;
  PaperTime now;
  UserId user() const { return UserId{claims.user_id}; }
  bool owns(AccountId account) const { return context.exchange.owns(user(), account); }
  JsonStyle style() const { return {true, context.settings.fixed_decimals_in_rest, 6}; }
};

using RestHandler = HttpResponse (*)(RestCall& call, const Json& body);

struct Endpoint {
  std::string_view path;
  RestHandler handler = nullptr;
  bool needs_token = true;
  bool needs_body = true;
};

const Endpoint* find_endpoint(std::string_view path);  // case ignored; null pointer: 404

// The whole treatment of one request to a path below /api/.
HttpResponse handle_rest(Context& context, const HttpRequest& request);

std::string bearer_token(const HttpRequest& request);  // empty when there is none
HttpResponse unauthorized();
HttpResponse json_response(const Json& json, int status = 200);

// {<payload member>, success, errorCode, errorMessage}
HttpResponse envelope(const Outcome& outcome);
HttpResponse envelope(const Outcome& outcome, std::string_view member, Json payload);
HttpResponse refused(std::string_view path, const Outcome& outcome);  // with that endpoint's member as null
const std::vector<std::string_view>& endpoint_paths();
inline constexpr int account_not_found = 1;  // of every endpoint that takes an account id
inline Outcome not_your_account() {
  return {account_not_found, std::nullopt};
}

// Endpoints, by file: auth_api.cpp, account_api.cpp, contract_api.cpp, order_api.cpp, position_api.cpp
HttpResponse login_key(RestCall&, const Json&);
HttpResponse login_app(RestCall&, const Json&);
HttpResponse validate_token(RestCall&, const Json&);
HttpResponse logout(RestCall&, const Json&);
HttpResponse search_accounts(RestCall&, const Json&);
HttpResponse search_trades(RestCall&, const Json&);
HttpResponse available_contracts(RestCall&, const Json&);
HttpResponse search_contracts(RestCall&, const Json&);
HttpResponse contract_by_id(RestCall&, const Json&);
HttpResponse retrieve_bars(RestCall&, const Json&);
HttpResponse place_order(RestCall&, const Json&);
HttpResponse modify_order(RestCall&, const Json&);
HttpResponse cancel_order(RestCall&, const Json&);
HttpResponse search_orders(RestCall&, const Json&);
HttpResponse search_open_orders(RestCall&, const Json&);
HttpResponse order_by_id(RestCall&, const Json&);
HttpResponse query_orders(RestCall&, const Json&);
HttpResponse search_open_positions(RestCall&, const Json&);
HttpResponse close_contract(RestCall&, const Json&);
HttpResponse partial_close_contract(RestCall&, const Json&);

// Reads the members of Order/place except accountId and contractId; shared with the control API.
PlaceRequest bind_place(Binder& binder);

}  // namespace paper
