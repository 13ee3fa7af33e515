#include "evidence/event_words.h"

#include <fmt/format.h>

#include "control/words.h"
#include "domain/counted.h"

namespace rm {

std::string_view side_text(Side side) {
  return side == Side::Buy ? "buy" : "sell";
}

std::string_view status_text(OrderStatus status) {
  constexpr std::string_view kNames[] = {
      "none", "open", "filled", "cancelled", "expired", "rejected", "pending", "pending cancellation", "suspended"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view type_text(OrderType type) {
  constexpr std::string_view kNames[] = {"order", "limit",         "market",   "stop limit",
                                         "stop",  "trailing stop", "join bid", "join ask"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string quote_text(const QuoteUpdated& quote, const ContractTable& contracts) {
  std::string text = "the price of " + contract_name(quote.contract, contracts) + ":";
  if (quote.last) text += " last " + quote.last->text();
  if (quote.bid) text += " bid " + quote.bid->text();
  if (quote.ask) text += " ask " + quote.ask->text();
  return text;
}

namespace {

std::string order_text(const Order& order, const ContractTable& contracts) {
  std::string text = fmt::format("order {} {} {} {} {}", order.id.value(), type_text(order.type),
                                 side_text(order.side), order.size.value(), contract_name(order.contract, contracts));
  if (order.limit_price) text += " at " + order.limit_price->text();
  if (order.stop_price) text += ", stop at " + order.stop_price->text();
  if (!order.filled.is_zero()) text += fmt::format(", {} filled", order.filled.value());
  return text + fmt::format(": {}", status_text(order.status));
}

struct EventText {
  const ContractTable& contracts;
  std::string operator()(const AccountUpdated& e) const {
    return fmt::format("the account: balance {}, trading {}", e.info.balance.text(),
                       e.info.can_trade ? "allowed" : "NOT allowed by the broker");
  }
  std::string operator()(const OrderUpdated& e) const { return order_text(e.order, contracts); }
  std::string operator()(const PositionUpdated& e) const {
    return position_text(e.position, contract_name(e.position.contract, contracts));
  }
  std::string operator()(const TradeExecuted& e) const {
    return trade_text(e.trade, contract_name(e.trade.contract, contracts)) +
           (e.replayed ? " (found by a read after the fact)" : "");
  }
  std::string operator()(const QuoteUpdated& e) const { return quote_text(e, contracts); }
  std::string operator()(const SnapshotTaken& e) const {
    if (!e.snapshot) return "a snapshot of the account";
    return fmt::format("a snapshot of the account: balance {}, {}, {}, {} of the day",
                       e.snapshot->info.balance.text(), counted(e.snapshot->positions.size(), "position"),
                       counted(e.snapshot->working_orders.size(), "working order"),
                       counted(e.snapshot->trades.size(), "trade"));
  }
  std::string operator()(const ReadBack& e) const {
    std::string text = "read at the broker:";
    if (e.positions) text += " " + counted(e.positions->size(), "position");
    if (e.working_orders) text += (e.positions ? ", " : " ") + counted(e.working_orders->size(), "working order");
    return text;
  }
  std::string operator()(const StreamChanged& e) const {
    return e.up ? "the user stream is up" : "the user stream is down, reads stand in";
  }
  std::string operator()(const TimePassed&) const { return "time passed"; }
  std::string operator()(const ReadsFailed&) const { return "the account could not be read"; }
};

}  // namespace

std::string ask_words(const BrokerAsk& ask, const ContractTable& contracts) {
  const std::string subject = ask_text(ask, contracts);
  return fmt::format("{}{}{}", name_of(ask), subject.empty() ? "" : " ", subject);
}

std::string event_text(const RiskEvent& event, const ContractTable& contracts) {
  return std::visit(EventText{contracts}, event.body);
}

}  // namespace rm
