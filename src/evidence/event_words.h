#pragma once
// Events and requests in words.

#include <string>

#include "domain/contract_table.h"
#include "event_bus/risk_event.h"
#include "projectx/suite/broker_api.h"

namespace rm {

[[nodiscard]] std::string_view side_text(Side side);
[[nodiscard]] std::string_view status_text(OrderStatus status);
[[nodiscard]] std::string_view type_text(OrderType type);
// "the price of MNQU6: last 29480.25 bid 29480 ask 29480.5"
[[nodiscard]] std::string quote_text(const QuoteUpdated& quote, const ContractTable& contracts);

// "closeContract MNQU6", "cancel order 3500000001".
[[nodiscard]] std::string ask_words(const BrokerAsk& ask, const ContractTable& contracts);

// The event in words: "trade buy 2 MNQU6 @ 29480", "the price of MNQU6: last 29480.25".
[[nodiscard]] std::string event_text(const RiskEvent& event, const ContractTable& contracts);

}  // namespace rm
