#include "paper_gateway/server/control_api.h"

namespace paper {
namespace {

Hub* bind_hub(Control& control, Binder& binder) {
  const auto name = binder.string("hub");
  if (name == "user") return &control.user_hub;
  if (name == "market") return &control.market_hub;
  binder.note("hub", "user or market.");
  return nullptr;
}

}  // namespace

HttpResponse control_fault(Control& control, const HttpRequest& request, Binder&) {
  const auto body = Json::parse(request.body);
  const auto rule = fault_rule_from(body ? *body : Json{});
  if (!rule) return control_error(400, rule.error());
  control.context.faults.add(*rule);
  return control_done();
}

HttpResponse control_fault_clear(Control& control, const HttpRequest&, Binder&) {
  control.context.faults.clear();
  return control_done();
}

HttpResponse view_faults(Control& control, const HttpRequest&, Binder&) {
  auto list = Json::array();
  for (const auto& rule : control.context.faults.rules()) list.push(to_json(rule));
  return control_done(Json::object().add("faults", std::move(list)));
}

HttpResponse control_hub_close(Control& control, const HttpRequest&, Binder& binder) {
  auto* hub = bind_hub(control, binder);
  const auto error = binder.optional_string("error");
  const bool allow_reconnect = binder.optional_boolean("allow_reconnect").value_or(true);
  if (!binder.ok()) return control_error(binder);
  hub->close_all(error, allow_reconnect);
  return control_done();
}

HttpResponse control_hub_refuse(Control& control, const HttpRequest&, Binder& binder) {
  auto* hub = bind_hub(control, binder);
  const auto seconds = binder.optional_decimal("seconds");
  constexpr std::int64_t longest = 86'400;
  if (!seconds || *seconds < Decimal{} || *seconds > Decimal::from_units(longest)) {
    binder.note("seconds", "0 to 86400.");
  }
  if (!binder.ok()) return control_error(binder);
  hub->refuse_for(seconds->nanos() / 1'000'000);
  return control_done();
}

HttpResponse control_raw(Control& control, const HttpRequest&, Binder& binder) {
  auto* hub = bind_hub(control, binder);
  const auto text = binder.string("text");
  if (!binder.ok()) return control_error(binder);
  hub->send_raw(text);
  return control_done();
}

}  // namespace paper
