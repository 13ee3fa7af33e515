#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "paper_gateway/exchange/exchange.h"

namespace paper {

using namespace literals;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

inline const std::string kMnq = "CON.F.US.MNQ.U26";
inline const std::string kEs = "CON.F.US.EP.U26";

// One trader at one exchange, with a time that moves only when told to, and every event as one short line.
class Desk : public ExchangeListener {
 public:
  explicit Desk(Settings settings = {}, Account account = {});
  ~Desk() override { exchange.remove_listener(*this); }

  void price(const std::string& contract, Decimal last);
  void price(const std::string& contract, Decimal bid, Decimal ask);
  void pass(Nanos time);
  PlaceOutcome market(Side side, int size, const std::string& contract = kMnq);
  PlaceOutcome limit(Side side, int size, Decimal price);
  PlaceOutcome stop(Side side, int size, Decimal price);
  PlaceOutcome place(PlaceRequest request);
  Outcome cancel(OrderId order) { return exchange.cancel(id, order, now); }
  Outcome close() { return exchange.close_contract(id, kMnq, now); }
  Order order(OrderId order) const { return exchange.order(id, order).value(); }
  Decimal balance() const { return exchange.account(id)->balance; }
  int position(const std::string& contract = kMnq) const;  // signed
  std::vector<std::string> take() { return std::exchange(lines, {}); }

  void on_order(const Order& order, Action action) override;
  void on_trade(const Trade& trade, Action action) override;
  void on_position(const Position& position, Action action) override;
  void on_account(const Account& account) override;
  void on_quote(const Quote& quote, QuoteChange change) override;
  void on_print(const Print& print) override;
  void on_depth(const std::string& contract, const std::vector<DepthRow>& rows) override;

  Exchange exchange;
  AccountId id{26001234};
  PaperTime now;
  std::vector<std::string> lines;  // orders, trades, positions and accounts
  std::vector<std::string> market_lines;
  std::vector<DepthRow> depth;
};

PaperTime at(std::string_view text);

}  // namespace paper
