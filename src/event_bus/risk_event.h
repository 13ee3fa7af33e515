#pragma once
// R3: everything that can happen to an account, as one typed variant. Exact money, broker time, no text, no
// allocation (a snapshot is shared, and is rare).

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/position.h"

namespace rm {

struct AccountUpdated {
  AccountInfo info;
};
struct OrderUpdated {
  Order order;
};
// From the stream or a read outside a snapshot; size 0 = closed.
struct PositionUpdated {
  Position position;
};
struct TradeExecuted {
  Trade trade;
  bool replayed = false;  // found by a read after the fact: rules wait for the positions that were read with it
};
// Partial: a field that is absent is unchanged.
struct QuoteUpdated {
  ContractId contract;
  std::optional<Price> last, bid, ask;
};

// What REST said of one account, read in one quiet stretch (no user event in between). The truth of its generation.
struct AccountSnapshot {
  AccountInfo info;
  Generation generation;
  std::vector<Position> positions;
  std::vector<Order> working_orders;  // statuses Open, Pending, PendingCancellation, Suspended
  std::vector<Trade> trades;          // of the trading day
  BrokerTime requested_at;            // the reads show the world no earlier than this
};
struct SnapshotTaken {
  AccountId account;
  std::shared_ptr<const AccountSnapshot> snapshot;
};

// Positions and working orders read back over REST outside a snapshot (verification, reconciliation).
struct ReadBack {
  AccountId account;
  std::shared_ptr<const std::vector<Position>> positions;    // null: not read
  std::shared_ptr<const std::vector<Order>> working_orders;  // null: not read
  BrokerTime requested_at;                                   // the read shows the world no earlier than this
  bool decisive =
      false;  // read to verify an enforcement: believed at once unless the stream spoke since, or just before
};

// The user stream of an account came up or went down. While it is down, what is known of the account grows old.
struct StreamChanged {
  AccountId account;
  bool up = false;
  Generation generation;
};

// A round of reads failed: what is true of the account could not be asked.
struct ReadsFailed {
  AccountId account;
};

struct TimePassed {};  // a deadline of a rule, a lock or the trading day

using RiskEventBody = std::variant<AccountUpdated, OrderUpdated, PositionUpdated, TradeExecuted, QuoteUpdated,
                                   SnapshotTaken, ReadBack, StreamChanged, TimePassed, ReadsFailed>;

struct RiskEvent {
  RiskEventBody body;
  BrokerTime at;                 // broker time of receipt ("now" of this event)
  std::int64_t received_ns = 0;  // monotonic, of the bytes that carried it; 0 when nothing was received
  std::uint64_t sequence = 0;    // given by the EventBus, grows by one
};

// Stable lower-case name: "trade", "quote", ...: for logs and metrics.
[[nodiscard]] std::string_view name_of(const RiskEventBody& body);
// Quotes can be conflated and wait; everything else is critical.
[[nodiscard]] inline bool is_critical(const RiskEventBody& body) {
  return !std::holds_alternative<QuoteUpdated>(body);
}
// A fill found after the fact. The sizes in between are history, on which nothing is judged or done: the positions
// that were read with it come right behind.
[[nodiscard]] inline bool is_history(const RiskEventBody& body) {
  const auto* trade = std::get_if<TradeExecuted>(&body);
  return trade && trade->replayed;
}
// The account an event is about; empty for quotes and time.
[[nodiscard]] std::optional<AccountId> account_of(const RiskEventBody& body);

}  // namespace rm
