// The market hub: quotes, prints and depth of contracts, to whoever asked for them.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>

#include "paper_gateway/server/hub.h"

namespace paper {

class MarketHub final : public Hub, public ExchangeListener {
 public:
  explicit MarketHub(Context& context);
  ~MarketHub() override;

  void on_quote(const Quote& quote, QuoteChange change) override;
  void on_print(const Print& print) override;
  void on_depth(const std::string& contract, const std::vector<DepthRow>& rows) override;
  // Sends the prints collected since the last call, those of one contract in one event: a burst arrives as it does
  // live.
  void flush_prints();

 private:
  bool permitted(const HubConnection&, std::string_view, std::string_view) const override { return true; }
  void on_subscribed(HubConnection& connection, std::string_view topic, std::string_view key) override;
  void on_gone(HubConnection& connection) override;
  void push_to(std::string_view topic, const std::string& contract, std::string_view target, Json payload);
  std::string quote_record(const Quote& quote, const QuoteChange& change) const;
  std::string depth_record(const std::string& contract, const std::vector<DepthRow>& rows);  // one or more records

  std::map<std::string, Json::Array> prints_;                // by contract, waiting for flush_prints()
  std::set<std::pair<std::string, std::string>> want_full_;  // (connection, contract): the next quote is complete
  std::int64_t depth_pushes_ = 0;
};

}  // namespace paper
