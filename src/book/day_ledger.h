#pragma once
// R26: the fills of one trading day, each trade id once, and the exact result they make.

#include <memory>
#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "domain/position.h"

namespace rm {

struct DayResult {
  Money realised;  // sum of profitAndLoss of trades that are not voided; a half-turn counts zero
  Money costs;     // fees + commissions of the same trades, opening fills too
  std::uint32_t trade_count = 0;
  [[nodiscard]] Money net() const { return realised - costs; }
  friend bool operator==(const DayResult&, const DayResult&) = default;
};

class DayLedger {
 public:
  DayLedger();

  // Begins a day at `begin`. Fills of before are forgotten; those stamped in the new day (our clock may trail the
  // broker's) stay.
  void start_day(BrokerTime begin);
  [[nodiscard]] BrokerTime begin() const { return begin_; }

  // Takes a fill over. Of an earlier day: ignored. Known id: replaces what was known (a void reverses its effect).
  // True when the id is new to this day.
  bool record(const Trade& trade);
  // Whether this fill is recorded with the same figures.
  [[nodiscard]] bool same(const Trade& trade) const;

  // The fills in this contract later than `since` that are not voided, in the order of their time. Allocates.
  [[nodiscard]] std::vector<Trade> fills_of(ContractId contract, BrokerTime since) const;

  // All fills that are not voided, in the order of their time and number; valid until the next change.
  void in_order(std::vector<const Trade*>& fills) const;

  [[nodiscard]] const DayResult& result() const { return result_; }

 private:
  using Trades = std::pmr::unordered_map<TradeId, Trade>;
  void add(const Trade& trade);
  void subtract(const Trade& trade);

  // Fills land in one block taken at the start, so that recording one allocates nothing on a normal day.
  std::vector<std::byte> block_;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  std::unique_ptr<Trades> trades_;
  BrokerTime begin_;
  DayResult result_;
};

}  // namespace rm
