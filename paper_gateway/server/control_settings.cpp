// Every switch of the gateway under its name, to be read, changed and shown.
#include <array>
#include <functional>
#include <limits>

#include "paper_gateway/server/control_api.h"

namespace paper {
namespace {

struct Switches {
  ServerSettings wire;
  Settings venue;
};

struct Setting {
  std::string_view name;
  std::function<void(Binder&, Switches&)> bind;
  std::function<Json(Switches)> show;
};

// `at` finds the value: [](Switches& s) -> bool& { return s.wire.x; }
template <class At>
Setting flag(std::string_view name, At at) {
  return {name, [=](Binder& binder, Switches& s) { at(s) = binder.optional_boolean(name).value_or(at(s)); },
          [=](Switches s) { return Json::boolean(at(s)); }};
}

std::optional<int> whole(Binder& binder, std::string_view name, int least, int most) {
  const auto value = binder.optional_int32(name);
  if (!value || (*value >= least && *value <= most)) return value;
  binder.note(name, most == std::numeric_limits<int>::max()
                        ? "At least " + std::to_string(least) + "."
                        : std::to_string(least) + " to " + std::to_string(most) + ".");
  return std::nullopt;
}

template <class At>
Setting number(std::string_view name, int least, At at, int most = std::numeric_limits<int>::max()) {
  return {name,
          [=](Binder& binder, Switches& s) {
            if (const auto value = whole(binder, name, least, most)) at(s) = *value;
          },
          [=](Switches s) { return Json::integer(at(s)); }};
}

template <class At>
Setting milliseconds(std::string_view name, At at) {
  using std::chrono::milliseconds;
  constexpr int longest = 3'600'000;
  return {name,
          [=](Binder& binder, Switches& s) {
            if (const auto value = whole(binder, name, 0, longest)) at(s) = milliseconds{*value};
          },
          [=](Switches s) { return Json::integer(at(s) / milliseconds{1}); }};
}

template <class T>
using Words = std::vector<std::pair<std::string_view, T>>;

template <class T, class At>
Setting choice(std::string_view name, Words<T> words, At at) {
  const auto bind = [=](Binder& binder, Switches& s) {
    const auto text = binder.optional_string(name);
    if (!text) return;
    std::string allowed;
    for (const auto& [word, value] : words) {
      if (word == *text) at(s) = value;
      if (word == *text) return;
      allowed.append(allowed.empty() ? "" : ", ").append(word);
    }
    binder.note(name, "One of " + allowed + ".");
  };
  const auto show = [=](Switches s) {
    for (const auto& [word, value] : words) {
      if (value == at(s)) return Json::string(word);
    }
    return Json{};
  };
  return {name, bind, show};
}

#define WIRE(member) [](Switches& s) -> auto& { return s.wire.member; }
#define VENUE(member) [](Switches& s) -> auto& { return s.venue.member; }

void add_wire(std::vector<Setting>& all) {
  all.push_back(flag("rateLimit", WIRE(rate_limits.enabled)));
  all.push_back(number("requests", 0, WIRE(rate_limits.other_requests)));
  all.push_back(number("windowMs", 1, WIRE(rate_limits.other_window_ms)));
  all.push_back(number("historyRequests", 0, WIRE(rate_limits.history_requests)));
  all.push_back(number("historyWindowMs", 1, WIRE(rate_limits.history_window_ms)));
  all.push_back(choice<bool>("rateWindow", {{"sliding", false}, {"fixed", true}}, WIRE(rate_limits.fixed_window)));
  all.push_back(number("banMs", 0, WIRE(rate_limits.ban_ms)));
  all.push_back(flag("retryAfter", WIRE(rate_limits.retry_after_header)));
  all.push_back(number("streamsPerUser", 0, WIRE(streams_per_user)));
  all.push_back(number("pingEveryMs", 1, WIRE(ping_every_ms)));
  all.push_back(number("tokenLifetimeSeconds", 1, WIRE(token_lifetime_s)));
  all.push_back(flag("closeHubsAtExpiry", WIRE(close_hubs_at_expiry)));
  all.push_back(flag("expiredValidateIsCode3", WIRE(expired_validate_is_code_3)));
  all.push_back(choice<EventShape>(
      "userEventShape",
      {{"envelope", EventShape::envelope}, {"bare", EventShape::bare}, {"array", EventShape::array}},
      WIRE(user_event_shape)));
  all.push_back(flag("nullMembersOnHub", WIRE(null_members_on_hub)));
  all.push_back(flag("idsAsStringsOnHub", WIRE(ids_as_strings_on_hub)));
  all.push_back(flag("pascalCaseOnHub", WIRE(pascal_case_on_hub)));
  all.push_back(choice<DepthShape>(
      "depthShape", {{"array", DepthShape::array}, {"object", DepthShape::object}, {"keyed", DepthShape::keyed}},
      WIRE(depth_shape)));
  all.push_back(flag("frozenQuoteTime", WIRE(frozen_quote_time)));
  all.push_back(flag("snapshotOnSubscribe", WIRE(snapshot_on_subscribe)));
  all.push_back(number("userEventDelayMs", 0, WIRE(user_event_delay_ms), 3'600'000));
  all.push_back(flag("fixedDecimalsInRest", WIRE(fixed_decimals_in_rest)));
}

void add_orders(std::vector<Setting>& all) {
  using V = Settings;
  all.push_back(milliseconds("latencyMs", VENUE(latency)));
  all.push_back(number("maxFillSize", 0, VENUE(max_fill_size)));
  all.push_back(flag("acceptStopLimit", VENUE(accept_stop_limit)));
  all.push_back(choice<V::FillEvents>("fillEvents",
                                      {{"usual", V::FillEvents::Usual},
                                       {"trade_first", V::FillEvents::TradeFirst},
                                       {"order_first", V::FillEvents::OrderFirst},
                                       {"random", V::FillEvents::Random}},
                                      VENUE(fill_events)));
  all.push_back(
      choice<V::Resend>("resendOpeningTrade",
                        {{"update", V::Resend::AsUpdate}, {"create", V::Resend::AsCreate}, {"off", V::Resend::Off}},
                        VENUE(resend_opening_trade)));
  all.push_back(number("accountCopies", 1, VENUE(account_copies), 10));
  all.push_back(milliseconds("accountDuplicateMs", VENUE(account_duplicate_delay)));
  all.push_back(milliseconds("siblingCancelMs", VENUE(sibling_cancel_delay)));
  all.push_back(choice<V::ChildrenOnPartialClose>("childrenOnPartialClose",
                                                  {{"keep", V::ChildrenOnPartialClose::Keep},
                                                   {"cancel_group", V::ChildrenOnPartialClose::CancelGroup},
                                                   {"rescale", V::ChildrenOnPartialClose::Rescale}},
                                                  VENUE(children_on_partial_close)));
  all.push_back(flag("cancelSiblingOnManualCancel", VENUE(cancel_sibling_on_manual_cancel)));
  all.push_back(flag("closeContractCancelsOrders", VENUE(close_contract_cancels_orders)));
  all.push_back(flag("closeWhenBlocked", VENUE(close_when_blocked)));
  all.push_back(choice<V::ClosedLots>(
      "closedLots", {{"average", V::ClosedLots::AverageCost}, {"fifo", V::ClosedLots::Fifo}}, VENUE(closed_lots)));
}

void add_window_and_reads(std::vector<Setting>& all) {
  using V = Settings;
  all.push_back(flag("firmWindow", VENUE(firm_window)));
  all.push_back({"closedWindowCode",
                 [](Binder& binder, Switches& s) {
                   const auto code = binder.optional_int32("closedWindowCode").value_or(s.venue.closed_window_code);
                   if (code != 2 && code != 5) binder.note("closedWindowCode", "2 or 5.");
                   s.venue.closed_window_code = code;
                 },
                 [](Switches s) { return Json::integer(s.venue.closed_window_code); }});
  all.push_back(choice<V::AtFlatTime>(
      "atFlatTime",
      {{"cancel", V::AtFlatTime::Cancel}, {"expire", V::AtFlatTime::Expire}, {"keep", V::AtFlatTime::Keep}},
      VENUE(at_flat_time)));
  all.push_back(milliseconds("positionReadLagMs", VENUE(position_read_lag)));
  all.push_back(milliseconds("orderReadLagMs", VENUE(order_read_lag)));
  all.push_back(milliseconds("tradeReadLagMs", VENUE(trade_read_lag)));
  all.push_back(flag("nullTextForDuplicateTag", VENUE(null_text_for_duplicate_tag)));
  all.push_back(flag("pageOffsetCountsPages", VENUE(page_offset_counts_pages)));
}

#undef WIRE
#undef VENUE

const std::vector<Setting>& all_settings() {
  static const auto settings = [] {
    std::vector<Setting> all;
    add_wire(all);
    add_orders(all);
    add_window_and_reads(all);
    return all;
  }();
  return settings;
}

}  // namespace

// Changes the switches that are named; nothing changes when one of them is wrong.
HttpResponse control_settings(Control& control, const HttpRequest&, Binder& binder) {
  Switches switches{control.context.settings, control.context.exchange.settings()};
  std::vector<std::string_view> names;
  for (const auto& setting : all_settings()) {
    setting.bind(binder, switches);
    names.push_back(setting.name);
  }
  binder.refuse_others(names);
  if (!binder.ok()) return control_error(binder);
  control.context.settings = switches.wire;
  control.context.limiter.set_limits(switches.wire.rate_limits);
  control.context.sessions.set_token_lifetime(switches.wire.token_lifetime_s);
  control.context.exchange.settings() = switches.venue;
  return control_done();
}

HttpResponse view_settings(Control& control, const HttpRequest&, Binder&) {
  const Switches switches{control.context.settings, control.context.exchange.settings()};
  auto list = Json::object();
  for (const auto& setting : all_settings()) list.add(setting.name, setting.show(switches));
  return control_done(Json::object().add("settings", std::move(list)).add("seed", seed_json(control.context)));
}

}  // namespace paper
