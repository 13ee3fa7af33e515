#include "paper_gateway/server/market_hub.h"

#include <array>

#include "paper_gateway/exchange/calendar.h"
#include "paper_gateway/server/entity_json.h"

namespace paper {
namespace {

constexpr std::array topics{HubTopic{"ContractQuotes", HubArgument::contract},
                            HubTopic{"ContractTrades", HubArgument::contract},
                            HubTopic{"ContractMarketDepth", HubArgument::contract}};
constexpr QuoteChange everything{true, true, true, true, true, true, true, true};
constexpr std::int64_t null_row_every = 16;  // depth arrays hold null elements now and then

}  // namespace

MarketHub::MarketHub(Context& context) : Hub{context, "market", topics} {
  context.exchange.add_listener(*this);
}

MarketHub::~MarketHub() {
  context().exchange.remove_listener(*this);
}

std::string MarketHub::quote_record(const Quote& quote, const QuoteChange& change) const {
  const auto time = context().settings.frozen_quote_time ? session_open(quote.updated) : quote.updated;
  return invocation_record("GatewayQuote", {Json::string(quote.contract), to_json(quote, change, time)});
}

void MarketHub::on_quote(const Quote& quote, QuoteChange change) {
  std::string partial;  // written once, and only if somebody wants it
  for (const auto& [id, connection] : connections()) {
    if (!connection->subscribed("ContractQuotes", quote.contract)) continue;
    if (want_full_.erase({id, quote.contract}) > 0) {
      push(*connection, "GatewayQuote", quote_record(quote, everything));
      continue;
    }
    if (partial.empty()) partial = quote_record(quote, change);
    push(*connection, "GatewayQuote", partial);
  }
}

void MarketHub::on_print(const Print& print) {
  if (anyone("ContractTrades", print.contract)) prints_[print.contract].push_back(to_json(print));
}

void MarketHub::flush_prints() {
  for (auto& [contract, prints] : prints_) {
    push_to("ContractTrades", contract, "GatewayTrade", Json::array(std::move(prints)));
  }
  prints_.clear();
}

void MarketHub::on_depth(const std::string& contract, const std::vector<DepthRow>& rows) {
  if (!anyone("ContractMarketDepth", contract)) return;
  const auto record = depth_record(contract, rows);
  for (const auto& [id, connection] : connections()) {
    if (connection->subscribed("ContractMarketDepth", contract)) push(*connection, "GatewayDepth", record);
  }
}

void MarketHub::push_to(std::string_view topic, const std::string& contract, std::string_view target, Json payload) {
  const auto record = invocation_record(target, {Json::string(contract), std::move(payload)});
  for (const auto& [id, connection] : connections()) {
    if (connection->subscribed(topic, contract)) push(*connection, target, record);
  }
}

std::string MarketHub::depth_record(const std::string& contract, const std::vector<DepthRow>& rows) {
  const auto shape = context().settings.depth_shape;
  if (shape == DepthShape::object) {
    std::string records;
    for (const auto& row : rows) {
      records += invocation_record("GatewayDepth", {Json::string(contract), to_json(row)});
    }
    return records;
  }
  if (shape == DepthShape::keyed) {
    auto keyed = Json::object();
    for (std::size_t i = 0; i < rows.size(); ++i) keyed.add(std::to_string(i), to_json(rows[i]));
    return invocation_record("GatewayDepth", {Json::string(contract), std::move(keyed)});
  }
  auto list = Json::array();
  for (const auto& row : rows) list.push(to_json(row));
  if (++depth_pushes_ % null_row_every == 0) list.push(Json{});
  return invocation_record("GatewayDepth", {Json::string(contract), std::move(list)});
}

// What is known is sent at once and complete; for a contract without any price the first quote that comes is.
void MarketHub::on_subscribed(HubConnection& connection, std::string_view topic, std::string_view key) {
  const std::string contract{key};
  if (topic == "ContractQuotes") {
    if (const auto* quote = context().exchange.quote(contract)) {
      push(connection, "GatewayQuote", quote_record(*quote, everything));
    } else {
      want_full_.insert({connection.id(), contract});
    }
  } else if (topic == "ContractMarketDepth") {
    const auto rows = context().exchange.depth_snapshot(contract, context().now());
    if (!rows.empty()) push(connection, "GatewayDepth", depth_record(contract, rows));
  }
}

void MarketHub::on_gone(HubConnection& connection) {
  std::erase_if(want_full_, [&](const auto& wanted) { return wanted.first == connection.id(); });
}

}  // namespace paper
