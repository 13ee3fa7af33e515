#include "paper_gateway/server/control_api.h"
#include "paper_gateway/server/rest_api.h"

#include <algorithm>
#include <array>

namespace paper {
namespace {

constexpr std::array<std::pair<std::string_view, OrderType>, 6> order_types{
    {{"limit", OrderType::Limit},
     {"market", OrderType::Market},
     {"stop", OrderType::Stop},
     {"trailing_stop", OrderType::TrailingStop},
     {"join_bid", OrderType::JoinBid},
     {"join_ask", OrderType::JoinAsk}}};

OrderType bind_type(Binder& binder) {
  const auto text = binder.optional_string("type").value_or("market");
  const auto found = std::ranges::find_if(order_types, [&](const auto& t) { return t.first == text; });
  if (found != order_types.end()) return found->second;
  binder.note("type", "One of limit, market, stop, trailing_stop, join_bid, join_ask.");
  return OrderType::Market;
}

Side bind_side(Binder& binder) {
  const auto text = binder.string("side");
  if (text != "buy" && text != "sell") binder.note("side", "buy or sell.");
  return text == "sell" ? Side::Sell : Side::Buy;
}

}  // namespace

HttpResponse control_price(Control& control, const HttpRequest&, Binder& binder) {
  PriceUpdate update;
  const auto contract = bind_contract(control, binder);
  update.last = binder.optional_decimal("last");
  update.bid = binder.optional_decimal("bid");
  update.ask = binder.optional_decimal("ask");
  update.volume = binder.optional_int32("volume").value_or(update.volume);
  if (!update.last && !update.bid && !update.ask) binder.note("last", "One of last, bid and ask is required.");
  if (!binder.ok()) return control_error(binder);
  update.contract = *contract;
  auto& context = control.context;
  const auto done = context.exchange.set_price(update, context.now());
  if (!done) return control_error(400, done.error());
  if (update.last && context.hooks.on_price_set) context.hooks.on_price_set(*contract, *update.last);
  return control_done();
}

// As the person in the platform: without a tag.
HttpResponse control_trade(Control& control, const HttpRequest&, Binder& binder) {
  PlaceRequest order;
  const auto* account = bind_account(control, binder);
  const auto contract = bind_contract(control, binder);
  order.type = bind_type(binder);
  order.side = bind_side(binder);
  order.size = binder.int32("size");
  order.limit_price = binder.optional_decimal("limitPrice");
  order.stop_price = binder.optional_decimal("stopPrice");
  order.trail_price = binder.optional_decimal("trailPrice");
  if (!binder.ok()) return control_error(binder);
  order.account = account->id;
  order.contract = *contract;
  const auto outcome = control.context.exchange.place(order, control.context.now());
  control.context.tell("trader " + std::string{order.side == Side::Buy ? "buys " : "sells "} +
                       std::to_string(order.size) + " " + *contract +
                       (outcome.ok() ? "" : ": refused, " + outcome.message.value_or("no reason given")));
  return envelope(outcome, "orderId", outcome.order ? Json::integer(outcome.order->value) : Json{});
}

HttpResponse control_cancel(Control& control, const HttpRequest&, Binder& binder) {
  const auto* account = bind_account(control, binder);
  const OrderId order{binder.int64("orderId")};
  if (!binder.ok()) return control_error(binder);
  return envelope(control.context.exchange.cancel(account->id, order, control.context.now()));
}

HttpResponse control_close(Control& control, const HttpRequest&, Binder& binder) {
  const auto* account = bind_account(control, binder);
  const auto contract = bind_contract(control, binder);
  if (!binder.ok()) return control_error(binder);
  return envelope(control.context.exchange.close_contract(account->id, *contract, control.context.now()));
}

HttpResponse control_account(Control& control, const HttpRequest&, Binder& binder) {
  const auto* account = bind_account(control, binder);
  AccountChange change;
  change.can_trade = binder.optional_boolean("canTrade");
  change.visible = binder.optional_boolean("isVisible");
  change.active = binder.optional_boolean("active");
  change.simulated = binder.optional_boolean("simulated");
  change.follower = binder.optional_boolean("follower");
  change.balance = binder.optional_decimal("balance");
  change.max_size = binder.optional_int32("maxSize");
  if (const auto mode = binder.optional_string("bracketMode")) {
    if (*mode != "position" && *mode != "auto_oco") binder.note("bracketMode", "position or auto_oco.");
    change.bracket_mode = *mode == "auto_oco" ? BracketMode::AutoOco : BracketMode::Position;
  }
  if (!binder.ok()) return control_error(binder);
  return envelope(control.context.exchange.set_account(account->id, change, control.context.now()));
}

HttpResponse control_time(Control& control, const HttpRequest& request, Binder& binder) {
  const auto seconds = binder.optional_decimal("advance_seconds");
  if (!seconds || *seconds < Decimal{}) binder.note("advance_seconds", "Seconds to go forward, 0 or more.");
  if (!binder.ok()) return control_error(binder);
  control.context.clock.advance(Nanos{seconds->nanos()});
  control.context.exchange.on_time(control.context.now());
  return view_time(control, request, binder);
}

}  // namespace paper
