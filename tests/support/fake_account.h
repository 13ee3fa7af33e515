#pragma once
// One account at the fake broker. It remembers and obeys the gateway's contract: what was closed is gone, closing
// leaves working orders alone, a fill is told as order, trade, (the opening trades again,) order, position, account.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/contract_table.h"
#include "event_bus/risk_event.h"
#include "projectx/suite/broker_api.h"

namespace rm::test {

struct Costs {  // of one contract and half-turn
  Money fee, commission;
};

class FakeAccount {
 public:
  FakeAccount(AccountId id, const ContractTable& contracts) : id_{id}, contracts_{contracts} {}

  // Each appends what the stream says of it to `told`, in wire order.
  using Told = std::vector<RiskEventBody>;
  void market_order(ContractId contract, Lots signed_lots, BrokerTime now, Told& told);  // fills at the last price
  OrderId place(Order wanted, BrokerTime now, Told& told);  // rests; fills when the market trades there
  struct Bracket {
    OrderId entry, stop, target;
  };
  Bracket place_bracket(const Order& entry, Price stop_offset, Price target_offset, BrokerTime now, Told& told);
  bool cancel(OrderId order, BrokerTime now, Told& told);  // false: unknown or ended
  // Empty: done. Else why not: unknown or ended, suspended, or on the wrong side of the market.
  std::optional<std::string> modify_stop(OrderId order, Price stop, BrokerTime now, Told& told);
  // A stop order of the program itself; a tag is taken once for ever.
  std::optional<std::string> place_stop(const PlaceStop& wanted, BrokerTime now, Told& told);
  bool resize(OrderId order, Lots size, BrokerTime now, Told& told);  // false: unknown or ended, or filled that far
  bool close(ContractId contract, BrokerTime now, Told& told);
  bool reduce(ContractId contract, Lots by, BrokerTime now, Told& told);
  void trade_at(ContractId contract, Price last, BrokerTime now,
                Told& told);  // the market trades: stops and limits fill
  void fill_part(OrderId order, Lots lots, Price price, BrokerTime now, Told& told);
  void void_trade(TradeId trade, BrokerTime now, Told& told);
  void set_can_trade(bool allowed, Told& told);

  [[nodiscard]] Lots held(ContractId contract) const;
  [[nodiscard]] bool flat() const { return positions().empty() && working_orders().empty(); }
  [[nodiscard]] std::vector<Position> positions() const;
  [[nodiscard]] std::vector<Order> working_orders() const;
  [[nodiscard]] std::vector<Trade> trades(BrokerTime since) const;  // newest first, as the gateway lists them
  [[nodiscard]] std::size_t trade_count() const { return trades_.size(); }
  [[nodiscard]] AccountInfo info() const { return {id_, balance_, can_trade_}; }
  [[nodiscard]] std::optional<Price> last(ContractId contract) const;
  void set_last(ContractId contract, Price price) { last_[contract] = price; }

  std::map<ContractId, Costs> costs;  // none: free
  bool resend_opening_trades = true;
  int account_messages = 2;  // the same figures come several times

 private:
  struct Held {
    Lots size;
    PriceSum paid;
    std::vector<TradeId> opened_by;
    BrokerTime opened;
  };
  void fill(Order& order, Lots lots, Price price, BrokerTime now, Told& told);
  Trade book_trade(const Order& order, Lots lots, Price price, BrokerTime now);
  void tell_position(ContractId contract, Told& told) const;
  void tell_account(Told& told) const;
  void after_fill(const Order& filled, BrokerTime now, Told& told);
  void end(Order& order, OrderStatus status, BrokerTime now, Told& told);

  AccountId id_;
  const ContractTable& contracts_;
  std::map<ContractId, Held> held_;
  std::map<OrderId, Order> orders_;
  std::set<StopTag> tags_;
  std::map<OrderId, OrderId> sibling_;  // of bracket legs
  std::map<OrderId, Price> offset_;     // of suspended legs, from the fill price
  std::map<TradeId, Trade> trades_;
  std::map<ContractId, Price> last_;
  Money balance_ = Money::from_units(50'000);
  bool can_trade_ = true;
  std::int64_t next_order_ = 3'400'000'001, next_trade_ = 3'100'000'001;  // beyond 32 bits, as on the live gateway
};

}  // namespace rm::test
