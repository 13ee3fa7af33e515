#include "paper_gateway/server/entity_json.h"

#include "paper_gateway/exchange/wide.h"

namespace paper {
namespace {

template <class Enum>
Json number_of(Enum value) {
  return Json::integer(static_cast<int>(value));
}

void add_optional(Json& json, std::string_view name, const std::optional<Decimal>& value, const JsonStyle& style) {
  if (value) {
    json.add(name, decimal_json(*value, style));
  } else if (style.nulls) {
    json.add(name, Json{});
  }
}

void add_optional(Json& json, std::string_view name, const std::optional<std::int64_t>& value,
                  const JsonStyle& style) {
  if (value) {
    json.add(name, Json::integer(*value));
  } else if (style.nulls) {
    json.add(name, Json{});
  }
}

std::optional<std::int64_t> value_of(const std::optional<OrderId>& id) {
  if (!id) return std::nullopt;
  return id->value;
}

// Percent with two decimals, as far as the opening price is known.
Decimal percent(Decimal change, Decimal open) {
  constexpr std::int64_t hundredth = 10'000'000;
  if (open <= Decimal{}) return {};
  return Decimal::from_nanos(saturate(divide_rounded(Wide{change.nanos()} * 10'000, open.nanos()) * hundredth));
}

}  // namespace

Json decimal_json(Decimal value, const JsonStyle& style) {
  return Json::number(style.fixed_decimals ? value.fixed() : value.text());
}

Json to_json(const Account& account, const JsonStyle& style) {
  return Json::object()
      .add("id", Json::integer(account.id.value))
      .add("name", Json::string(account.name))
      .add("balance", decimal_json(account.balance, style))
      .add("canTrade", Json::boolean(account.can_trade))
      .add("isVisible", Json::boolean(account.visible))
      .add("simulated", Json::boolean(account.simulated));
}

Json to_json(const Contract& contract, const JsonStyle& style) {
  return Json::object()
      .add("id", Json::string(contract.id))
      .add("name", Json::string(contract.name))
      .add("description", Json::string(contract.description))
      .add("tickSize", decimal_json(contract.tick_size, style))
      .add("tickValue", decimal_json(contract.tick_value, style))
      .add("activeContract", Json::boolean(contract.active))
      .add("symbolId", Json::string(contract.symbol_id));
}

Json to_json(const Order& order, const JsonStyle& style) {
  auto json = Json::object()
                  .add("id", Json::integer(order.id.value))
                  .add("accountId", Json::integer(order.account.value))
                  .add("contractId", Json::string(order.contract))
                  .add("symbolId", Json::string(order.symbol_id))
                  .add("creationTimestamp", Json::string(time_text(order.created, style.fraction_digits)))
                  .add("updateTimestamp", Json::string(time_text(order.updated, style.fraction_digits)))
                  .add("status", number_of(order.status))
                  .add("type", number_of(order.type))
                  .add("side", number_of(order.side))
                  .add("size", Json::integer(order.size));
  add_optional(json, "limitPrice", order.limit_price, style);
  add_optional(json, "stopPrice", order.stop_price, style);
  json.add("fillVolume", Json::integer(order.fill_volume));
  add_optional(json, "filledPrice", order.filled_price, style);
  if (order.custom_tag) {
    json.add("customTag", Json::string(*order.custom_tag));
  } else if (style.nulls) {
    json.add("customTag", Json{});
  }
  add_optional(json, "parentOrderId", value_of(order.parent), style);
  add_optional(json, "linkedOrderId", value_of(order.linked), style);
  add_optional(json, "trailDistance", std::optional<std::int64_t>{order.trail_distance}, style);
  add_optional(json, "trailPrice", order.trail_price, style);
  return json;
}

Json to_json(const Position& position, const JsonStyle& style) {
  return Json::object()
      .add("id", Json::integer(position.id.value))
      .add("accountId", Json::integer(position.account.value))
      .add("contractId", Json::string(position.contract))
      .add("contractDisplayName", Json::string(position.display_name))
      .add("creationTimestamp", Json::string(time_text(position.created, style.fraction_digits)))
      .add("type", number_of(position.type))
      .add("size", Json::integer(position.size))
      .add("averagePrice", decimal_json(position.average_price, style));
}

Json to_json(const Trade& trade, const JsonStyle& style) {
  auto json = Json::object()
                  .add("id", Json::integer(trade.id.value))
                  .add("accountId", Json::integer(trade.account.value))
                  .add("contractId", Json::string(trade.contract))
                  .add("creationTimestamp", Json::string(time_text(trade.created, style.fraction_digits)))
                  .add("price", decimal_json(trade.price, style));
  add_optional(json, "profitAndLoss", trade.profit_and_loss, style);
  return json.add("fees", decimal_json(trade.fees, style))
      .add("commissions", decimal_json(trade.commissions, style))
      .add("side", number_of(trade.side))
      .add("size", Json::integer(trade.size))
      .add("voided", Json::boolean(trade.voided))
      .add("orderId", Json::integer(trade.order.value));
}

Json to_json(const Bar& bar, const JsonStyle& style) {
  return Json::object()
      .add("t", Json::string(rest_time(bar.open_time)))
      .add("o", decimal_json(bar.open, style))
      .add("h", decimal_json(bar.high, style))
      .add("l", decimal_json(bar.low, style))
      .add("c", decimal_json(bar.close, style))
      .add("v", Json::integer(bar.volume));
}

Json to_json(const Print& print) {
  return Json::object()
      .add("symbolId", Json::string(print.symbol_id))
      .add("price", decimal_json(print.price))
      .add("timestamp", Json::string(quote_time(print.time)))
      .add("type", number_of(print.aggressor))
      .add("volume", Json::integer(print.volume))
      .add("contractId", Json::string(print.contract));
}

Json to_json(const DepthRow& row) {
  return Json::object()
      .add("timestamp", Json::string(hub_time(row.time)))
      .add("type", number_of(row.type))
      .add("price", decimal_json(row.price))
      .add("volume", Json::integer(row.volume))
      .add("currentVolume", Json::integer(row.current_volume));
}

Json to_json(const Quote& quote, const QuoteChange& change, PaperTime timestamp) {
  auto json = Json::object().add("symbol", Json::string(quote.symbol_id));
  const auto price = [&](bool changed, std::string_view name, const std::optional<Decimal>& value) {
    if (changed && value) json.add(name, decimal_json(*value));
  };
  price(change.last, "lastPrice", quote.last);
  price(change.bid, "bestBid", quote.bid);
  price(change.ask, "bestAsk", quote.ask);
  price(change.change, "change", quote.change);
  if (change.change && quote.change && quote.open) {
    json.add("changePercent", decimal_json(percent(*quote.change, *quote.open)));
  }
  price(change.open, "open", quote.open);
  price(change.high, "high", quote.high);
  price(change.low, "low", quote.low);
  if (change.volume) json.add("volume", Json::integer(quote.volume));
  return json.add("lastUpdated", Json::string(hub_time(quote.updated)))
      .add("timestamp", Json::string(quote_time(timestamp)))
      .add("contract", Json::string(quote.contract));
}

}  // namespace paper
