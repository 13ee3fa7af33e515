#pragma once
// The seam between deciding and the broker: what the executor can ask for, and what can come back. Typed; every
// request names its account. The real one is TradingSuite (found by SuiteManager); unit tests use a fake broker that
// obeys the contract.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/position.h"

namespace rm {

// Market order for the whole position; the broker computes the size, so closing twice is harmless. Leaves working
// orders alone.
struct ClosePosition {
  ContractId contract;
};
// Market order for `by` lots of the position (by > 0, at most its size). Not repeatable blindly.
struct ReducePosition {
  ContractId contract;
  Lots by;
};
struct CancelOrder {
  OrderId order;
};
// Moves a working stop order. Used to tighten only.
struct ModifyStop {
  OrderId order;
  Price stop_price;
};
// A new stop order. The tag tells it from all others when the answer is lost.
struct PlaceStop {
  ContractId contract;
  Side side{};
  Lots size;
  Price stop_price;
  StopTag tag;
};
// Changes the original quantity of a working order. Used on stops of our own, to make them smaller.
struct ResizeOrder {
  OrderId order;
  Lots size;
};
struct ReadPositions {};
struct ReadWorkingOrders {};  // complete set: statuses Open, Pending, PendingCancellation and Suspended children
struct ReadTrades {
  BrokerTime since;
};
struct ReadAccount {};

// New ones at the end: the number of an alternative is stored.
using BrokerAsk = std::variant<ClosePosition, ReducePosition, CancelOrder, ModifyStop, ReadPositions,
                               ReadWorkingOrders, ReadTrades, ReadAccount, PlaceStop, ResizeOrder>;

struct BrokerRequest {
  RequestId id;
  AccountId account;
  BrokerAsk ask;
  bool verifies = false;  // a read on which an enforcement waits: it may use what is kept for exits
};

enum class Outcome : std::uint8_t {
  Accepted,     // the broker says success; the effect shows on the stream and in reads
  Refused,      // the broker says no; nothing happened
  Ambiguous,    // may have been executed: answer lost, timed out, or a code that says "pending"/"unknown". Reconcile,
                // never repeat blindly
  NotSent,      // certainly not executed: could not connect, budget spent, no token
  RateLimited,  // HTTP 429; not executed
  Unauthorised  // HTTP 401; not executed
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

using ReadPayload =
    std::variant<std::monostate, std::vector<Position>, std::vector<Order>, std::vector<Trade>, AccountInfo>;

struct BrokerReply {
  RequestId id;
  AccountId account;
  Outcome outcome{};
  int error_code = 0;       // the endpoint's own number; meaning differs from endpoint to endpoint
  std::string text;         // broker's or transport's words, without secrets
  ReadPayload payload;      // of a read with outcome Accepted
  BrokerTime requested_at;  // broker time when the request left
  BrokerTime answered_at;
  std::int64_t sent_ns = 0, answered_ns = 0;  // monotonic: last byte written, answer complete
};

class BrokerApi {
 public:
  virtual ~BrokerApi() = default;
  // Starts the request; never blocks, never answers from inside the call. Exactly one BrokerReply follows, however it
  // ends.
  virtual void send(const BrokerRequest& request) = 0;
};

// "closeContract", "cancel", ...: the endpoint, for logs and receipts.
[[nodiscard]] std::string_view name_of(const BrokerAsk& ask);
[[nodiscard]] inline bool is_read(const BrokerAsk& ask) {
  return std::holds_alternative<ReadPositions>(ask) || std::holds_alternative<ReadWorkingOrders>(ask) ||
         std::holds_alternative<ReadTrades>(ask) || std::holds_alternative<ReadAccount>(ask);
}

}  // namespace rm
