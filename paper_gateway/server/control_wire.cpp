#include "paper_gateway/server/control_api.h"

#include <array>

namespace paper {
namespace {

Hub* bind_hub(Control& control, Binder& binder) {
  const auto name = binder.string("hub");
  if (name == "user") return &control.user_hub;
  if (name == "market") return &control.market_hub;
  binder.note("hub", "user or market.");
  return nullptr;
}

// In milliseconds; a required one has no default.
std::int64_t bind_seconds(Binder& binder, std::string_view name, std::optional<std::int64_t> otherwise) {
  const auto seconds = binder.optional_decimal(name);
  if (!seconds && otherwise) return *otherwise;
  constexpr std::int64_t longest = 86'400;
  if (seconds && *seconds >= Decimal{} && *seconds <= Decimal::from_units(longest)) {
    return seconds->nanos() / 1'000'000;
  }
  binder.note(name, "0 to 86400.");
  return 0;
}

int bind_refusal(Binder& binder, std::string_view name) {
  const int status = binder.optional_int32(name).value_or(503);
  if (status < 400 || status > 599) binder.note(name, "400 to 599.");
  return status;
}

}  // namespace

// As text: a seed may have more digits than readers of JSON numbers keep.
Json seed_json(const Context& context) {
  return Json::string(std::to_string(context.faults.seed()));
}

HttpResponse control_fault(Control& control, const HttpRequest& request, Binder&) {
  const auto body = Json::parse(request.body);
  const auto rule = fault_rule_from(body ? *body : Json{});
  if (!rule) return control_error(400, rule.error());
  control.context.faults.add(*rule, control.context.monotonic_ns());
  return control_done();
}

HttpResponse control_fault_clear(Control& control, const HttpRequest&, Binder&) {
  control.context.faults.clear();
  control.user_hub.calm();
  control.market_hub.calm();
  return control_done();
}

HttpResponse view_faults(Control& control, const HttpRequest&, Binder&) {
  auto list = Json::array();
  for (const auto& rule : control.context.faults.rules()) list.push(to_json(rule));
  return control_done(Json::object().add("faults", std::move(list)).add("seed", seed_json(control.context)));
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
  const auto ms = bind_seconds(binder, "seconds", std::nullopt);
  const int status = bind_refusal(binder, "status");
  if (!binder.ok()) return control_error(binder);
  hub->refuse_for(ms, status);
  return control_done();
}

HttpResponse control_hub_freeze(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others(std::array<std::string_view, 3>{"hub", "seconds", "lose"});
  auto* hub = bind_hub(control, binder);
  const auto ms = bind_seconds(binder, "seconds", std::nullopt);
  const bool lose = binder.optional_boolean("lose").value_or(false);
  if (!binder.ok()) return control_error(binder);
  hub->freeze_for(ms, lose);
  return control_done();
}

HttpResponse control_hub_storm(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others(
      std::array<std::string_view, 5>{"hub", "mean_seconds", "refuse_seconds", "refuse_status", "allow_reconnect"});
  auto* hub = bind_hub(control, binder);
  Hub::Storm storm;
  storm.mean_ms = bind_seconds(binder, "mean_seconds", std::nullopt);
  storm.refuse_ms = bind_seconds(binder, "refuse_seconds", 0);
  storm.refuse_status = bind_refusal(binder, "refuse_status");
  storm.allow_reconnect = binder.optional_boolean("allow_reconnect").value_or(true);
  if (storm.mean_ms == 0) binder.note("mean_seconds", "0.001 or more.");
  if (!binder.ok()) return control_error(binder);
  hub->storm(storm);
  return control_done();
}

HttpResponse control_hub_logout(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others(std::array<std::string_view, 1>{"hub"});
  auto* hub = bind_hub(control, binder);
  if (!binder.ok()) return control_error(binder);
  hub->log_out_all("another session of this user has connected");
  return control_done();
}

HttpResponse control_tokens_expire(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others({});
  if (!binder.ok()) return control_error(binder);
  control.context.sessions.expire_all();
  control.user_hub.on_time();
  control.market_hub.on_time();
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
