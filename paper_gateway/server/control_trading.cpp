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

HttpResponse control_halt(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others(std::array<std::string_view, 4>{"seconds", "kind", "symbol", "contractId"});
  HaltRequest halt;
  const auto seconds = binder.optional_decimal("seconds");
  constexpr std::int64_t longest = 7 * 86'400;
  if (!seconds || *seconds < Decimal{} || *seconds > Decimal::from_units(longest)) {
    binder.note("seconds", "0 (go on trading) to 604800.");
  }
  const auto kind = binder.optional_string("kind").value_or("closed");
  if (kind == "velocity") halt.kind = HaltKind::Velocity;
  if (kind == "outage") halt.kind = HaltKind::Outage;
  if (kind != "closed" && kind != "velocity" && kind != "outage") binder.note("kind", "closed, velocity or outage.");
  if (binder.optional_string("symbol") || binder.optional_string("contractId")) {
    halt.contract = bind_contract(control, binder).value_or("");
  }
  if (!binder.ok()) return control_error(binder);
  halt.length = Nanos{seconds->nanos()};
  const auto done = control.context.exchange.halt(halt, control.context.now());
  if (!done) return control_error(400, done.error());
  control.context.tell(halt.length == Nanos{0} ? std::string{"trading goes on"}
                                               : "trading is halted for " + seconds->text() + " s: " + kind);
  return control_done();
}

// The newest trade that stands, where none is named.
HttpResponse control_void(Control& control, const HttpRequest&, Binder& binder) {
  binder.refuse_others(std::array<std::string_view, 2>{"accountId", "tradeId"});
  const auto* account = bind_account(control, binder);
  const bool named = binder.optional_decimal("tradeId").has_value();
  const TradeId trade{named ? binder.int64("tradeId") : 0};
  if (!binder.ok()) return control_error(binder);
  auto& exchange = control.context.exchange;
  const auto all = exchange.trades(account->id, std::nullopt, std::nullopt);
  const auto newest = std::ranges::find_if(all, [](const Trade& t) { return !t.voided; });
  const auto chosen = named || newest == all.end() ? trade : newest->id;
  const auto outcome = exchange.void_trade(account->id, chosen, control.context.now());
  return envelope(outcome, "tradeId", outcome.ok() ? Json::integer(chosen.value) : Json{});
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
