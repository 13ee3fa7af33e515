#pragma once
// What the broker showed last of one account: by its position and order messages and its reads alone, without the
// book.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "event_bus/risk_event.h"

namespace rm {

class BrokerWords {
 public:
  struct Shown {
    ContractId contract;
    Lots size;  // signed
    BrokerTime opened;
    BrokerTime grown;  // when it was last shown larger than before, or on the other side
  };

  void take(const RiskEvent& event);

  // Flat ones too; what grew last comes first, equal times in the order of the contract table.
  [[nodiscard]] std::span<const Shown> positions() const { return positions_; }
  [[nodiscard]] std::span<const Order> orders() const { return orders_; }  // working
  [[nodiscard]] Lots held(ContractId contract) const;                      // signed
  [[nodiscard]] std::uint32_t orders_in(ContractId contract) const;
  // Positions and orders have both been read by requests from then on.
  [[nodiscard]] BrokerTime read_at() const { return std::min(positions_read_, orders_read_); }

 private:
  void take_positions(const std::vector<Position>& positions, BrokerTime requested_at, BrokerTime now);
  void take_orders(const std::vector<Order>& orders, BrokerTime requested_at);
  void show(const Position& position, BrokerTime now);

  std::vector<Shown> positions_;
  std::vector<Order> orders_;
  BrokerTime positions_read_, orders_read_;
};

}  // namespace rm
