#pragma once
// The market and the trader of one paper account: carries out the steps of a breach at the paper gateway.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "domain/contract_table.h"
#include "drill/paper.h"
#include "rules/breach.h"

namespace rm::drill {

// What the paper gateway trades, as the rules know contracts.
class Market {
 public:
  [[nodiscard]] static Result<Market> of(Paper& paper);

  [[nodiscard]] const ContractTable& contracts() const { return contracts_; }
  [[nodiscard]] const std::vector<ContractId>& offered() const { return offered_; }  // the usual ones first
  [[nodiscard]] Price price(ContractId contract) const { return prices_.at(contract.value()); }
  void set_price(ContractId contract, Price price) { prices_.at(contract.value()) = price; }

 private:
  ContractTable contracts_;
  std::vector<ContractId> offered_;
  std::vector<Price> prices_;  // by contract
};

class Stage {
 public:
  // All must outlive the stage. `stop`: waits end.
  Stage(Paper& paper, Market& market, std::int64_t account, ContractId contract, ValuationConfig::Mark mark,
        const std::atomic<bool>& stop);

  // Error: the gateway's words.
  [[nodiscard]] Result<void> take(const Breach::Step& step);

  [[nodiscard]] const std::string& order() const { return order_; }            // the last that was placed
  [[nodiscard]] const std::string& stop_price() const { return stop_price_; }  // of it
  [[nodiscard]] std::int64_t most_lots() const { return most_lots_; }
  // Broker time was sent forward: the daemon learns of it when it reads.
  [[nodiscard]] Result<void> pass(Duration time);
  // Hub event that tells of a step; empty: nothing does, time passes.
  [[nodiscard]] static std::string_view told_by(const Breach::Step& step);

 private:
  struct Held {
    std::int64_t lots = 0;  // signed
    Price average;
  };
  [[nodiscard]] Result<Held> held();
  // The side that is named trades at this price.
  [[nodiscard]] Result<void> quote(Price price, Side trades);
  [[nodiscard]] Result<void> trade(Side side, std::int64_t lots, std::string_view more = {});
  [[nodiscard]] Result<void> enter(Side side, std::int64_t lots);
  [[nodiscard]] Result<void> move_to(Money open_result);
  [[nodiscard]] Result<void> move_by(std::int64_t ticks);
  [[nodiscard]] Result<void> place(const Breach::Place& order);
  [[nodiscard]] Result<void> round_trips(std::int64_t times);  // from flat
  [[nodiscard]] Result<void> exit();
  [[nodiscard]] Result<void> close(Side closes);  // the side of the order that closes
  [[nodiscard]] Result<void> go_to(BrokerTime time);
  [[nodiscard]] const Contract& traded() const { return market_.contracts().at(contract_); }

  Paper& paper_;
  Market& market_;
  std::int64_t account_;
  ContractId contract_;
  ValuationConfig::Mark mark_;
  const std::atomic<bool>& stop_;
  std::string order_, stop_price_;
  std::int64_t most_lots_ = 0;
};

[[nodiscard]] Result<BrokerTime> paper_time(Paper& paper);

}  // namespace rm::drill
