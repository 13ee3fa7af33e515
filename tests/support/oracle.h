#pragma once
// An independent opinion of what is so and of which rules are broken: slow, written from the rules' pages, in plain
// figures, sharing nothing with the book and the rules. It keeps what it was told and works everything out again each
// time it is asked. Figures are long doubles on purpose: another arithmetic than the product's exact one.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "event_bus/risk_event.h"
#include "support/random_rules.h"

namespace rm::test {

using Dollars = long double;

struct Product {
  std::string symbol;
  Dollars tick = 0, tick_value = 0;
  bool micro = false;
  [[nodiscard]] Dollars point() const { return tick_value / tick; }
};

enum class MarkWith { Last, Mid, Exit };

// A broken condition: of which rule, about what, and what has to become true.
struct Broken {
  std::string rule;
  std::optional<ContractId> contract;  // empty: the account
  OrderId order{};                     // of orders that would breach
  bool certain = true;  // false: so close to the limit that the rounding of the broker's own figures decides
};

class Oracle {
 public:
  Oracle(std::map<ContractId, Product> products, RandomRules rules, MarkWith mark);
  void on(const RiskEvent& event);

  [[nodiscard]] bool known() const { return known_; }  // a snapshot was taken
  [[nodiscard]] bool up() const { return up_; }        // the stream tells what happens
  [[nodiscard]] bool sure() const {
    return doubts_.empty() && now_ >= settled_at_;
  }  // what the stream said fits together
  [[nodiscard]] std::vector<Broken> broken() const;

  // ── what is so ──
  [[nodiscard]] int held(ContractId contract) const;
  [[nodiscard]] std::vector<ContractId> open() const;
  [[nodiscard]] const std::map<OrderId, Order>& orders() const { return orders_; }
  [[nodiscard]] bool flat() const { return open().empty() && orders_.empty(); }
  [[nodiscard]] bool ended(OrderId order) const { return ended_.contains(order); }
  [[nodiscard]] Dollars realised() const;  // of the trading day, gross
  [[nodiscard]] Dollars costs() const;
  [[nodiscard]] std::optional<Dollars> open_result(ContractId contract) const;  // empty: no price
  [[nodiscard]] Dollars blur(ContractId contract) const;                        // how far rounding can have moved it
  [[nodiscard]] std::optional<bool> can_trade() const { return can_trade_; }
  [[nodiscard]] BrokerTime now() const { return now_; }
  [[nodiscard]] static BrokerTime day_begin(BrokerTime t);  // 17:00 in Chicago, in summer
  [[nodiscard]] std::vector<BrokerTime> entries() const;
  // The end of the pause that runs, of this window.
  [[nodiscard]] std::optional<BrokerTime> pause_end(const std::string& window) const;
  // When trading may begin again; empty: it may now.
  [[nodiscard]] std::optional<BrokerTime> next_session() const;
  // The end of the cooldown that runs.
  [[nodiscard]] std::optional<BrokerTime> cooldown_end() const;
  [[nodiscard]] const Product& product(ContractId contract) const { return products_.at(contract); }
  [[nodiscard]] bool is_exit(const Order& order) const;

 private:
  struct Pos {
    int lots = 0;         // signed
    Dollars average = 0;  // price
    Dollars blur = 0;     // in price x lots
    BrokerTime as_of;     // fills stamped before are in it
    BrokerTime heard;     // when the stream last spoke of it
  };
  struct Quote {
    std::optional<Dollars> last, bid, ask;
  };
  struct Doubt {
    BrokerTime since;
    Position said;
  };
  void on_trade(const TradeExecuted& event);
  void on_order(const Order& order);
  void on_position(const Position& said);
  void on_snapshot(const AccountSnapshot& snapshot);
  void on_read(const ReadBack& read);
  void set(ContractId contract, int lots, Dollars average);
  void apply(Pos& pos, int lots, Dollars price) const;
  void settle_doubts();
  [[nodiscard]] std::vector<Trade> fills_of_day() const;
  [[nodiscard]] std::optional<Dollars> price(ContractId contract, int lots) const;
  [[nodiscard]] Dollars weight(ContractId contract) const;
  [[nodiscard]] int left(const Order& order) const;
  // The largest size there can be: over every choice of these orders that could fill.
  [[nodiscard]] Dollars worst(const std::vector<Order>& orders, const std::string& symbol) const;
  void sizes(std::vector<Broken>& list) const;
  void orders_too_large(const RandomRules::Size& rule, const std::string& name, bool of_symbol,
                        std::vector<Broken>& list) const;
  [[nodiscard]] std::optional<Dollars> limit_of(const RandomRules::Size& rule, bool of_symbol,
                                                ContractId contract) const;
  void results(std::vector<Broken>& list) const;
  void without_stop(std::vector<Broken>& list) const;
  void watch_cover();
  [[nodiscard]] std::map<ContractId, int> held_at_begin_of_day() const;

  std::map<ContractId, Product> products_;
  RandomRules rules_;
  MarkWith mark_;
  bool known_ = false, up_ = false;
  BrokerTime now_;
  BrokerTime settled_at_;  // until then a snapshot and what the stream had said before it may contradict each other
  std::map<TradeId, Trade> fills_;
  std::map<OrderId, int> traded_;  // lots, told by trades
  std::map<ContractId, Pos> positions_;
  std::map<ContractId, Quote> quotes_;
  std::map<OrderId, Order> orders_;
  std::map<OrderId, BrokerTime> heard_;
  std::set<OrderId> ended_;
  std::map<ContractId, Doubt> doubts_;
  std::optional<bool> can_trade_;
  std::map<ContractId, std::pair<BrokerTime, bool>> bare_since_;  // without full cover; long?
  BrokerTime gap_at_;  // the latest time at which the stream did not tell everything
};

}  // namespace rm::test
