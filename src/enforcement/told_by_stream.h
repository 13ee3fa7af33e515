#pragma once
// What the stream of one account has told of its orders and positions, kept beside the book, which cannot say who
// told it: a read that shows something else has found what the stream hid. Pure.

#include <vector>

#include "enforcement/found_by_reads.h"
#include "event_bus/risk_event.h"

namespace rm {

class ToldByStream {
 public:
  // What a snapshot shows is where the stream begins: it hides nothing of it.
  void on_snapshot(const AccountSnapshot& snapshot);
  void on_order(const Order& order, BrokerTime now);
  void on_position(const Position& position, BrokerTime now);
  void on_fill(const Trade& trade, BrokerTime now);  // its position message is on its way
  // Of a stream that is up. What it may have told only just before the read says nothing.
  void on_read(const ReadBack& read, FoundByReads& found, BrokerTime now);

 private:
  struct KnownOrder {
    Order order;
    BrokerTime heard_at;
  };
  struct KnownPosition {
    ContractId contract;
    Lots size;
    BrokerTime heard_at;
  };
  void compare_orders(const ReadBack& read, FoundByReads& found, BrokerTime now);
  void compare_positions(const ReadBack& read, FoundByReads& found, BrokerTime now);
  KnownPosition& position(ContractId contract);
  void forget_ended(BrokerTime now);

  std::vector<KnownOrder> orders_;  // ended ones too, for a while: a read may lag
  std::vector<KnownPosition> positions_;
};

}  // namespace rm
