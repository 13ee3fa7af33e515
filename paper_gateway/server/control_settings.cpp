#include "paper_gateway/server/control_api.h"

#include <array>

namespace paper {
namespace {

struct Flag {
  std::string_view name;
  bool ServerSettings::* member;
};

constexpr std::array flags{Flag{"closeHubsAtExpiry", &ServerSettings::close_hubs_at_expiry},
                           Flag{"expiredValidateIsCode3", &ServerSettings::expired_validate_is_code_3},
                           Flag{"nullMembersOnHub", &ServerSettings::null_members_on_hub},
                           Flag{"idsAsStringsOnHub", &ServerSettings::ids_as_strings_on_hub},
                           Flag{"pascalCaseOnHub", &ServerSettings::pascal_case_on_hub},
                           Flag{"fixedDecimalsInRest", &ServerSettings::fixed_decimals_in_rest}};

int at_least(Binder& binder, std::string_view name, int current, int least) {
  const int value = binder.optional_int32(name).value_or(current);
  if (value < least) binder.note(name, "At least " + std::to_string(least) + ".");
  return value;
}

void bind_limits(Binder& binder, RateLimits& limits) {
  const auto number = [&](std::string_view name, int current, int least) {
    return at_least(binder, name, current, least);
  };
  limits.enabled = binder.optional_boolean("rateLimit").value_or(limits.enabled);
  limits.history_requests = number("historyRequests", limits.history_requests, 0);
  limits.other_requests = number("requests", limits.other_requests, 0);
  limits.history_window_ms = number("historyWindowMs", static_cast<int>(limits.history_window_ms), 1);
  limits.other_window_ms = number("windowMs", static_cast<int>(limits.other_window_ms), 1);
  limits.ban_ms = number("banMs", static_cast<int>(limits.ban_ms), 0);
  limits.retry_after_header = binder.optional_boolean("retryAfter").value_or(limits.retry_after_header);
}

void bind_shape(Binder& binder, EventShape& shape) {
  const auto text = binder.optional_string("userEventShape");
  if (!text) return;
  if (*text == "envelope") {
    shape = EventShape::envelope;
  } else if (*text == "bare") {
    shape = EventShape::bare;
  } else if (*text == "array") {
    shape = EventShape::array;
  } else {
    binder.note("userEventShape", "envelope, bare or array.");
  }
}

}  // namespace

// Changes the switches that are named; nothing changes when one of them is wrong.
HttpResponse control_settings(Control& control, const HttpRequest&, Binder& binder) {
  auto settings = control.context.settings;
  auto venue = control.context.exchange.settings();
  for (const auto& flag : flags) {
    settings.*flag.member = binder.optional_boolean(flag.name).value_or(settings.*flag.member);
  }
  bind_limits(binder, settings.rate_limits);
  bind_shape(binder, settings.user_event_shape);
  settings.streams_per_user = at_least(binder, "streamsPerUser", settings.streams_per_user, 0);
  settings.token_lifetime_s =
      at_least(binder, "tokenLifetimeSeconds", static_cast<int>(settings.token_lifetime_s), 1);
  const auto latency =
      at_least(binder, "latencyMs", static_cast<int>(venue.latency / std::chrono::milliseconds{1}), 0);
  venue.latency = std::chrono::milliseconds{latency};
  venue.firm_window = binder.optional_boolean("firmWindow").value_or(venue.firm_window);
  venue.max_fill_size = at_least(binder, "maxFillSize", venue.max_fill_size, 0);
  if (!binder.ok()) return control_error(binder);
  control.context.settings = settings;
  control.context.limiter.set_limits(settings.rate_limits);
  control.context.sessions.set_token_lifetime(settings.token_lifetime_s);
  control.context.exchange.settings() = venue;
  return control_done();
}

}  // namespace paper
