#include "projectx/wire/entities.h"

#include "projectx/wire/fields.h"
#include "projectx/wire/stop_tag.h"

namespace rm::projectx {
namespace {

// Position types on the wire. Not the numbering of order sides.
enum PositionType : std::uint8_t { kUndefined, kLong, kShort };

constexpr auto kHighestStatus = static_cast<std::uint8_t>(OrderStatus::Suspended);
constexpr auto kHighestType = static_cast<std::uint8_t>(OrderType::JoinAsk);
constexpr auto kHighestSide = static_cast<std::uint8_t>(Side::Sell);

Lots lots(std::int64_t count) {
  return Lots{static_cast<std::int32_t>(count)};
}

// Direction lives in the type alone; the size is never negative, and a closed position has type 0 and size 0.
Lots signed_size(Fields& take) {
  const std::uint8_t type = take.known("type", kShort);
  const Lots size = lots(take.integer("size", 0, kMaxLots));
  if (type == kUndefined && !size.is_zero())
    take.reject(ErrorCode::UnknownValue, "type", "does not say long or short");
  return type == kShort ? -size : size;
}

std::optional<Price> known_price(std::optional<Price> price) {
  return price && price->nanos() == 0 ? std::nullopt : price;
}

}  // namespace

Result<OrderRow> read_order(Members members) {
  Fields take{members, "order"};
  OrderRow row;
  Order& order = row.order;
  // "orderId" has been seen in place of "id".
  order.id =
      OrderId{take.find("id") == nullptr && take.find("orderId") != nullptr ? take.id("orderId") : take.id("id")};
  order.account = AccountId{take.id("accountId")};
  row.contract = take.contract_id("contractId");
  order.status = static_cast<OrderStatus>(take.known("status", kHighestStatus));
  order.type = static_cast<OrderType>(take.known("type", kHighestType));
  order.side = static_cast<Side>(take.known("side", kHighestSide));
  order.size = lots(take.integer("size", 1, kMaxLots));
  order.filled = lots(take.optional_integer("fillVolume", 0, order.size.value(), 0));
  order.limit_price = take.optional_price("limitPrice");
  order.stop_price = take.optional_price("stopPrice");
  order.parent = OrderId{take.optional_id("parentOrderId")};
  order.created = take.time("creationTimestamp");
  order.updated = take.optional_time("updateTimestamp").value_or(order.created);
  // Anybody may tag an order as he likes: what is no text of ours is no reason to refuse it.
  if (const JsonValue* tag = take.find("customTag"); tag != nullptr && tag->kind == JsonKind::String)
    order.tag = read_stop_tag(tag->text);
  if (!take.ok()) return take.error();
  return row;
}

Result<PositionRow> read_position(Members members) {
  Fields take{members, "position"};
  PositionRow row;
  row.position.account = AccountId{take.id("accountId")};
  row.contract = take.contract_id("contractId");
  row.position.size = signed_size(take);
  row.position.average_price = take.average_price("averagePrice");
  row.position.opened = take.time("creationTimestamp");
  if (!take.ok()) return take.error();
  return row;
}

Result<TradeRow> read_trade(Members members) {
  Fields take{members, "trade"};
  TradeRow row;
  Trade& trade = row.trade;
  trade.id = TradeId{take.id("id")};
  trade.account = AccountId{take.id("accountId")};
  row.contract = take.contract_id("contractId");
  trade.order = OrderId{take.optional_id("orderId")};
  trade.side = static_cast<Side>(take.known("side", kHighestSide));
  trade.size = lots(take.integer("size", 1, kMaxLots));
  trade.price = take.price("price");
  trade.profit_and_loss = take.optional_money("profitAndLoss");
  trade.fees = take.money("fees");
  trade.commissions = take.optional_money("commissions").value_or(Money{});
  trade.voided = take.optional_boolean("voided", false);
  trade.time = take.time("creationTimestamp");
  if (!take.ok()) return take.error();
  return row;
}

Result<AccountRow> read_account(Members members) {
  Fields take{members, "account"};
  AccountRow row;
  row.info.account = AccountId{take.id("id")};
  row.info.balance = take.money("balance");
  row.info.can_trade = take.boolean("canTrade");
  row.name = take.optional_text("name");
  row.visible = take.optional_boolean("isVisible", true);
  row.simulated = take.optional_boolean("simulated", true);
  if (!take.ok()) return take.error();
  return row;
}

Result<QuoteRow> read_quote(Members members) {
  Fields take{members, "quote"};
  QuoteRow row;
  row.last = known_price(take.optional_price("lastPrice"));
  row.bid = known_price(take.optional_price("bestBid"));
  row.ask = known_price(take.optional_price("bestAsk"));
  row.updated = take.optional_time("lastUpdated");
  if (!take.ok()) return take.error();
  return row;
}

Result<PrintRow> read_print(Members members) {
  Fields take{members, "print"};
  PrintRow row;
  row.price = take.price("price");
  row.time = take.optional_time("timestamp");
  if (take.ok() && row.price.nanos() == 0) take.reject(ErrorCode::OutOfRange, "price", "is zero");
  if (!take.ok()) return take.error();
  return row;
}

Result<ContractRow> read_contract(Members members) {
  Fields take{members, "contract"};
  ContractRow row;
  row.id = take.contract_id("id");
  row.name = take.contract_id("name");
  row.description = take.optional_text("description");
  row.tick_size_nanos = take.tick_size("tickSize");
  row.tick_value = take.money("tickValue");
  row.active = take.boolean("activeContract");
  // 128-bit valuation counts on tick values below 2^37 nanos, and no product is near it.
  constexpr Money kMaxTickValue = Money::from_nanos((std::int64_t{1} << 37) - 1);
  if (take.ok() && (row.tick_value <= Money{} || row.tick_value > kMaxTickValue))
    take.reject(ErrorCode::OutOfRange, "tickValue", "is out of range");
  if (!take.ok()) return take.error();
  return row;
}

}  // namespace rm::projectx
