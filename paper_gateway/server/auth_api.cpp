#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

constexpr int agreements_not_signed = 7;
constexpr int app_not_found = 4;

std::optional<std::string> login_message(int code) {
  if (code != agreements_not_signed) return std::nullopt;
  return "Please log into the ProjectX platform and complete the required agreements";
}

}  // namespace

HttpResponse login_key(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto name = binder.string("userName");
  const auto key = binder.string("apiKey");
  if (!binder.ok()) return binder.problem();
  const auto* user = call.context.exchange.find_user(name);
  const auto token = call.context.sessions.log_in(user, key, call.context.now_s());
  if (!token) return envelope({token.error(), login_message(token.error())}, "token", Json{});
  return envelope({}, "token", Json::string(*token));
}

// The application login is no longer offered to anyone: well-formed requests find no such application.
HttpResponse login_app(RestCall&, const Json& body) {
  Binder binder{body};
  for (const auto* name : {"userName", "password", "deviceId", "appId", "verifyKey"}) binder.string(name);
  if (!binder.ok()) return binder.problem();
  return envelope({app_not_found, std::nullopt}, "token", Json{});
}

HttpResponse validate_token(RestCall& call, const Json&) {
  return envelope({}, "newToken", Json::string(call.context.sessions.renew(call.claims, call.context.now_s())));
}

HttpResponse logout(RestCall& call, const Json&) {
  call.context.sessions.log_out(call.claims);
  return envelope({});
}

}  // namespace paper
