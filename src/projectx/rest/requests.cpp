#include "projectx/rest/requests.h"

#include <array>

#include "domain/order.h"
#include "projectx/wire/body_writer.h"

namespace rm::projectx::body {

std::string_view login(Buffer out, std::string_view user_name, std::string_view api_key) {
  return BodyWriter{out}.text("userName", user_name).text("apiKey", api_key).finish();
}

std::string_view validate(Buffer out) {
  return BodyWriter{out}.finish();
}

std::string_view account_search(Buffer out, bool only_active) {
  return BodyWriter{out}.boolean("onlyActiveAccounts", only_active).finish();
}

std::string_view contract_available(Buffer out, bool live) {
  return BodyWriter{out}.boolean("live", live).finish();
}

std::string_view contract_search(Buffer out, std::string_view text, bool live) {
  return BodyWriter{out}.text("searchText", text).boolean("live", live).finish();
}

std::string_view contract_by_id(Buffer out, std::string_view contract) {
  return BodyWriter{out}.text("contractId", contract).finish();
}

std::string_view account_only(Buffer out, AccountId account) {
  return BodyWriter{out}.number("accountId", account.value()).finish();
}

std::string_view working_orders_page(Buffer out, AccountId account, int page_size, int page_offset) {
  constexpr std::array<std::int64_t, 4> kWorking{
      static_cast<std::int64_t>(OrderStatus::Open), static_cast<std::int64_t>(OrderStatus::Pending),
      static_cast<std::int64_t>(OrderStatus::PendingCancellation), static_cast<std::int64_t>(OrderStatus::Suspended)};
  constexpr int kById = 1;
  constexpr int kAscending = 0;
  return BodyWriter{out}
      .open("filter")
      .number("accountId", account.value())
      .numbers("statuses", kWorking)
      .close()
      .number("pageSize", page_size)
      .number("pageOffset", page_offset)
      .number("sortBy", kById)
      .number("sortDirection", kAscending)
      .boolean("includeTotalCount", true)
      .finish();
}

std::string_view since(Buffer out, AccountId account, BrokerTime start) {
  return BodyWriter{out}.number("accountId", account.value()).time("startTimestamp", start).finish();
}

std::string_view place(Buffer out, const PlaceOrder& order) {
  BodyWriter body{out};
  body.number("accountId", order.account.value()).text("contractId", order.contract);
  body.number("type", order.type).number("side", order.side).number("size", order.size.value());
  if (order.limit_price) body.price("limitPrice", *order.limit_price);
  if (order.stop_price) body.price("stopPrice", *order.stop_price);
  if (!order.custom_tag.empty()) body.text("customTag", order.custom_tag);
  const auto bracket = [&body](std::string_view name, const Bracket& leg) {
    if (leg.ticks != 0) body.open(name).number("ticks", leg.ticks).number("type", leg.type).close();
  };
  bracket("stopLossBracket", order.stop_loss);
  bracket("takeProfitBracket", order.take_profit);
  return body.finish();
}

std::string_view cancel(Buffer out, AccountId account, OrderId order) {
  return BodyWriter{out}.number("accountId", account.value()).number("orderId", order.value()).finish();
}

std::string_view modify_stop(Buffer out, AccountId account, OrderId order, Price stop_price) {
  return BodyWriter{out}
      .number("accountId", account.value())
      .number("orderId", order.value())
      .price("stopPrice", stop_price)
      .finish();
}

std::string_view resize(Buffer out, AccountId account, OrderId order, Lots size) {
  return BodyWriter{out}
      .number("accountId", account.value())
      .number("orderId", order.value())
      .number("size", size.value())
      .finish();
}

std::string_view close_contract(Buffer out, AccountId account, std::string_view contract) {
  return BodyWriter{out}.number("accountId", account.value()).text("contractId", contract).finish();
}

std::string_view partial_close(Buffer out, AccountId account, std::string_view contract, Lots size) {
  return BodyWriter{out}
      .number("accountId", account.value())
      .text("contractId", contract)
      .number("size", size.value())
      .finish();
}

}  // namespace rm::projectx::body
