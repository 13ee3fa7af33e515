#include "paper_gateway/server/rest_api.h"

#include <algorithm>
#include <array>

namespace paper {
namespace {

constexpr std::array endpoints{
    Endpoint{"/api/Auth/loginKey", login_key, false},
    Endpoint{"/api/Auth/loginApp", login_app, false},
    Endpoint{"/api/Auth/validate", validate_token, true, false},
    Endpoint{"/api/Auth/logout", logout, true, false},
    Endpoint{"/api/Account/search", search_accounts},
    Endpoint{"/api/Contract/available", available_contracts},
    Endpoint{"/api/Contract/search", search_contracts},
    Endpoint{"/api/Contract/searchById", contract_by_id},
    Endpoint{"/api/History/retrieveBars", retrieve_bars},
    Endpoint{"/api/Order/place", place_order},
    Endpoint{"/api/Order/modify", modify_order},
    Endpoint{"/api/Order/cancel", cancel_order},
    Endpoint{"/api/Order/search", search_orders},
    Endpoint{"/api/Order/searchOpen", search_open_orders},
    Endpoint{"/api/Order/searchById", order_by_id},
    Endpoint{"/api/Order/v2/query", query_orders},
    Endpoint{"/api/Position/searchOpen", search_open_positions},
    Endpoint{"/api/Position/closeContract", close_contract},
    Endpoint{"/api/Position/partialCloseContract", partial_close_contract},
    Endpoint{"/api/Trade/search", search_trades},
};

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// application/json, text/json or application/*+json, parameters ignored.
bool is_json_media(const HttpRequest& request) {
  auto type = lower(request.header("Content-Type").value_or(""));
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.pop_back();
  return type == "application/json" || type == "text/json" ||
         (type.starts_with("application/") && type.ends_with("+json"));
}

HttpResponse ping(const HttpRequest& request) {
  if (request.method != "GET") return {405, "", "", {{"Allow", "GET"}}, false};
  const auto accept = request.header("Accept").value_or("*/*");
  const bool quoted = accept.find("json") != std::string::npos && accept.find("text/plain") == std::string::npos;
  if (quoted) return {200, "application/json; charset=utf-8", "\"pong\"", {}, false};
  return {200, "text/plain; charset=utf-8", "pong", {}, false};
}

// Logins are counted under the user they try, everything else under the user of the token; unknown names share a
// count.
std::string rate_key(const Context& context, const Endpoint& endpoint, const TokenClaims& claims, const Json* body) {
  if (endpoint.needs_token) return lower(claims.user_name);
  const auto* name = body == nullptr ? nullptr : body->find("userName");
  const auto* user = name != nullptr && name->is_string() ? context.exchange.find_user(name->as_string()) : nullptr;
  return user == nullptr ? std::string{} : lower(user->name);
}

std::optional<HttpResponse> over_the_limit(Context& context, const Endpoint& endpoint, const std::string& key) {
  const auto bucket = endpoint.handler == retrieve_bars ? RateBucket::history : RateBucket::everything_else;
  const auto wait_ms = context.limiter.admit(key, bucket, context.monotonic_ns() / 1'000'000);
  if (wait_ms == 0) return std::nullopt;
  HttpResponse response{429, "", "", {}, false};
  if (context.settings.rate_limits.retry_after_header) {
    response.headers.emplace_back("Retry-After", std::to_string((wait_ms + 999) / 1000));
  }
  return response;
}

HttpResponse refuse_token(const Context& context, const Endpoint& endpoint, TokenFault fault) {
  constexpr int expired_token = 3;
  const bool told = context.settings.expired_validate_is_code_3 && endpoint.handler == validate_token;
  if (told && fault == TokenFault::expired) return envelope({expired_token, std::nullopt}, "newToken", Json{});
  return unauthorized();
}

}  // namespace

const Endpoint* find_endpoint(std::string_view path) {
  const auto found =
      std::ranges::find_if(endpoints, [&](const auto& e) { return equal_ignoring_case(e.path, path); });
  return found == endpoints.end() ? nullptr : &*found;
}

const std::vector<std::string_view>& endpoint_paths() {
  static const auto paths = [] {
    std::vector<std::string_view> list{"/api/Status/ping"};
    for (const auto& endpoint : endpoints) list.push_back(endpoint.path);
    return list;
  }();
  return paths;
}

HttpResponse handle_rest(Context& context, const HttpRequest& request) {
  const auto path = request.path();
  if (equal_ignoring_case(path, "/api/Status/ping")) return ping(request);
  const auto* endpoint = find_endpoint(path);
  if (endpoint == nullptr) return {404, "", "", {}, false};
  if (request.method != "POST") return {405, "", "", {{"Allow", "POST"}}, false};

  RestCall call{context, request, {}, context.now()};
  if (endpoint->needs_token) {
    auto claims = context.sessions.authenticate(bearer_token(request), context.now_s());
    if (!claims) return refuse_token(context, *endpoint, claims.error());
    call.claims = std::move(*claims);
  }
  const auto body = Json::parse(request.body);
  const auto key = rate_key(context, *endpoint, call.claims, body ? &*body : nullptr);
  if (auto refusal = over_the_limit(context, *endpoint, key)) return std::move(*refusal);
  if (!endpoint->needs_body) return endpoint->handler(call, Json::object());
  if (!is_json_media(request)) return problem_details(415, "Unsupported Media Type");
  if (request.body.empty()) {
    return problem_details(400, "One or more validation errors occurred.",
                           {{"", "A non-empty request body is required."}});
  }
  if (!body) return problem_details(400, "One or more validation errors occurred.", {{"$", body.error()}});
  return endpoint->handler(call, *body);
}

std::string bearer_token(const HttpRequest& request) {
  const auto header = request.header("Authorization").value_or("");
  constexpr std::size_t scheme = 7;
  if (header.size() <= scheme || !equal_ignoring_case(header.substr(0, scheme), "Bearer ")) return {};
  return header.substr(scheme);
}

HttpResponse unauthorized() {
  return {401, "", "", {{"WWW-Authenticate", "Bearer"}}, false};
}

HttpResponse json_response(const Json& json, int status) {
  return {status, "application/json; charset=utf-8", json.dump(), {}, false};
}

namespace {
HttpResponse finish(Json json, const Outcome& outcome) {
  json.add("success", Json::boolean(outcome.ok()))
      .add("errorCode", Json::integer(outcome.code))
      .add("errorMessage", outcome.message ? Json::string(*outcome.message) : Json{});
  return json_response(json);
}
}  // namespace

HttpResponse envelope(const Outcome& outcome) {
  return finish(Json::object(), outcome);
}

HttpResponse refused(std::string_view path, const Outcome& outcome) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> members{
      {{"/api/Auth/loginKey", "token"},
       {"/api/Auth/loginApp", "token"},
       {"/api/Auth/validate", "newToken"},
       {"/api/Account/search", "accounts"},
       {"/api/Contract/available", "contracts"},
       {"/api/Contract/search", "contracts"},
       {"/api/Contract/searchById", "contract"},
       {"/api/History/retrieveBars", "bars"},
       {"/api/Order/place", "orderId"},
       {"/api/Order/search", "orders"},
       {"/api/Order/searchOpen", "orders"},
       {"/api/Order/searchById", "order"},
       {"/api/Position/searchOpen", "positions"},
       {"/api/Trade/search", "trades"}}};
  const auto found = std::ranges::find_if(members, [&](const auto& m) { return equal_ignoring_case(m.first, path); });
  return found == members.end() ? envelope(outcome) : envelope(outcome, found->second, Json{});
}

HttpResponse envelope(const Outcome& outcome, std::string_view member, Json payload) {
  return finish(Json::object().add(member, std::move(payload)), outcome);
}

}  // namespace paper
