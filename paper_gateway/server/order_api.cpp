#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

Json orders_json(const RestCall& call, const std::vector<Order>& orders) {
  auto list = Json::array();
  for (const auto& order : orders) list.push(to_json(order, call.style()));
  return list;
}

std::optional<BracketLeg> bind_bracket(Binder& binder, std::string_view name) {
  const auto* json = binder.optional_object(name);
  if (json == nullptr) return std::nullopt;
  Binder inner{*json};
  const BracketLeg leg{inner.int32("ticks"), static_cast<OrderType>(inner.int32("type"))};
  binder.adopt(inner, name);
  return leg;
}

OrderQuery bind_filter(Binder& binder) {
  OrderQuery query;
  const auto* json = binder.object("filter");
  if (json == nullptr) return query;
  Binder filter{*json};
  query.account = filter.account();
  for (const int status : filter.optional_int32s("statuses").value_or(std::vector<int>{})) {
    if (status < 0 || status > static_cast<int>(OrderStatus::Suspended)) filter.note("statuses", "Unknown status.");
    query.statuses.push_back(static_cast<OrderStatus>(status));
  }
  query.contract = filter.optional_string("contractId");
  query.created_after = filter.optional_time("createdAfter");
  query.created_before = filter.optional_time("createdBefore");
  binder.adopt(filter, "filter");
  return query;
}

// 0 or 1, as the sort enums have it.
bool bind_choice(Binder& binder, std::string_view name) {
  const int value = binder.optional_int32(name).value_or(0);
  if (value != 0 && value != 1) binder.note(name, "The value must be 0 or 1.");
  return value == 1;
}

}  // namespace

PlaceRequest bind_place(Binder& binder) {
  PlaceRequest order;
  order.type = static_cast<OrderType>(binder.int32("type"));
  const int side = binder.int32("side");
  if (side != 0 && side != 1) binder.note("side", "The value must be 0 (buy) or 1 (sell).");
  order.side = side == 0 ? Side::Buy : Side::Sell;
  order.size = binder.int32("size");
  order.limit_price = binder.optional_decimal("limitPrice");
  order.stop_price = binder.optional_decimal("stopPrice");
  order.trail_price = binder.optional_decimal("trailPrice");
  order.custom_tag = binder.optional_string("customTag");
  order.stop_loss = bind_bracket(binder, "stopLossBracket");
  order.take_profit = bind_bracket(binder, "takeProfitBracket");
  return order;
}

HttpResponse place_order(RestCall& call, const Json& body) {
  Binder binder{body};
  auto order = bind_place(binder);
  order.account = binder.account();
  order.contract = binder.string("contractId");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(order.account)) return envelope(not_your_account(), "orderId", Json{});
  const auto outcome = call.context.exchange.place(order, call.now);
  return envelope(outcome, "orderId", outcome.order ? Json::integer(outcome.order->value) : Json{});
}

HttpResponse modify_order(RestCall& call, const Json& body) {
  Binder binder{body};
  ModifyRequest change;
  change.account = binder.account();
  change.order = OrderId{binder.int64("orderId")};
  change.size = binder.optional_int32("size");
  change.limit_price = binder.optional_decimal("limitPrice");
  change.stop_price = binder.optional_decimal("stopPrice");
  change.trail_price = binder.optional_decimal("trailPrice");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(change.account)) return envelope(not_your_account());
  return envelope(call.context.exchange.modify(change, call.now));
}

HttpResponse cancel_order(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  const OrderId order{binder.int64("orderId")};
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account());
  return envelope(call.context.exchange.cancel(account, order, call.now));
}

HttpResponse search_orders(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  const auto from = binder.time("startTimestamp");
  const auto to = binder.optional_time("endTimestamp");
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account(), "orders", Json{});
  return envelope({}, "orders",
                  orders_json(call, call.context.exchange.orders(account, from, to, Exchange::Seen::Late)));
}

HttpResponse search_open_orders(RestCall& call, const Json& body) {
  Binder binder{body};
  const auto account = binder.account();
  if (!binder.ok()) return binder.problem();
  if (!call.owns(account)) return envelope(not_your_account(), "orders", Json{});
  return envelope({}, "orders", orders_json(call, call.context.exchange.open_orders(account, Exchange::Seen::Late)));
}

HttpResponse order_by_id(RestCall& call, const Json& body) {
  constexpr int order_not_found = 1;
  Binder binder{body};
  const auto account = binder.account();
  const OrderId id{binder.int64("orderId")};
  if (!binder.ok()) return binder.problem();
  const auto order =
      call.owns(account) ? call.context.exchange.order(account, id, Exchange::Seen::Late) : std::nullopt;
  if (!order) return envelope({order_not_found, std::nullopt}, "order", Json{});
  return envelope({}, "order", to_json(*order, call.style()));
}

HttpResponse query_orders(RestCall& call, const Json& body) {
  Binder binder{body};
  auto query = bind_filter(binder);
  query.page_size = binder.optional_int32("pageSize").value_or(query.page_size);
  query.page_offset = binder.optional_int32("pageOffset").value_or(0);
  query.sort_by_id = bind_choice(binder, "sortBy");
  query.descending = bind_choice(binder, "sortDirection");
  const bool with_total = binder.optional_boolean("includeTotalCount").value_or(false);
  if (!binder.ok()) return binder.problem();
  if (!call.owns(query.account)) return envelope(not_your_account(), "orders", Json{});
  const auto page = call.context.exchange.query(query, Exchange::Seen::Late);
  if (!page) return problem_details(400, "One or more validation errors occurred.", {{"request", page.error()}});
  auto json = Json::object().add("orders", orders_json(call, page->orders));
  json.add("totalCount", with_total ? Json::integer(page->total) : Json{});
  json.add("success", Json::boolean(true)).add("errorCode", Json::integer(0)).add("errorMessage", Json{});
  return json_response(json);
}

}  // namespace paper
