#pragma once
// A position and a fill as the broker reports them.

#include <optional>

#include "domain/ids.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/price.h"
#include "domain/time.h"

namespace rm {

struct Position {
  AccountId account;
  ContractId contract;
  Lots size;  // signed: long > 0; 0 = closed
  Price average_price;
  BrokerTime opened;
  friend bool operator==(const Position&, const Position&) = default;
};

// One fill. The gateway sends the opening trade again when the position closes: key by id, never sum messages.
struct Trade {
  TradeId id;
  AccountId account;
  ContractId contract;
  OrderId order;
  Side side{};
  Lots size;  // > 0
  Price price;
  std::optional<Money>
      profit_and_loss;      // gross; empty = half-turn (an opening fill), which is not the same as 0 (a scratch)
  Money fees, commissions;  // positive costs of this half-turn, both
  bool voided = false;
  BrokerTime time;

  [[nodiscard]] constexpr Lots signed_size() const { return side == Side::Buy ? size : -size; }
  [[nodiscard]] constexpr Money costs() const { return fees + commissions; }
  friend bool operator==(const Trade&, const Trade&) = default;
};

struct AccountInfo {
  AccountId account;
  Money balance;  // realised, net of costs; without open profit
  bool can_trade = false;
  friend bool operator==(const AccountInfo&, const AccountInfo&) = default;
};

}  // namespace rm
