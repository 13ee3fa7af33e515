#pragma once
// The working orders of one account, and for a while the ones that ended: messages and reads of the same order cross,
// and an older "working" must not bring an order back to life.

#include <span>
#include <vector>

#include "domain/order.h"

namespace rm {

class WorkingOrders {
 public:
  WorkingOrders();
  // From the stream. False when nothing changed.
  bool on_order(const Order& order, BrokerTime now);
  // A fill of this order, each trade once. Its last fill ends it: on the stream the trade of a market order comes
  // before the order's own message, and an order that is filled must not be cancelled in between. Nor may what has
  // filled count twice, in the position and in what remains: until its message comes, the order's `filled` is ours.
  void on_fill(OrderId id, Lots lots, BrokerTime now);
  // The complete working set, read at the broker. What the stream said after `requested_at`, or so shortly before
  // that the read may lag it, stays; a read older than one taken over before is left alone. False when nothing
  // changed.
  bool on_read(std::span<const Order> working, BrokerTime requested_at);

  // Lots that orders of this side have filled by their own messages, while the trades that say so are still awaited:
  // until then the position looks larger than it is.
  [[nodiscard]] Lots filled_ahead(ContractId contract, Side side) const;
  void forget_ahead(BrokerTime older_than);  // their trades are lost
  [[nodiscard]] std::optional<BrokerTime> oldest_ahead() const;

  [[nodiscard]] const Order* find(OrderId id) const;
  // When the stream last spoke of it, or a read first did; zero when it is not known.
  [[nodiscard]] BrokerTime heard_at(OrderId id) const;
  [[nodiscard]] bool any() const { return !working_.empty(); }
  [[nodiscard]] std::span<const Order> all() const { return working_; }

 private:
  struct Ended {
    OrderId id;
    BrokerTime at;
  };
  struct Ahead {  // filled by the order's word, no trade yet
    OrderId id;
    ContractId contract;
    Side side{};
    Lots lots;
    BrokerTime since;
  };
  void note_ahead(const Order& said, std::size_t index, BrokerTime now);
  [[nodiscard]] bool ended_after(OrderId id, BrokerTime t) const;
  bool put(const Order& order, BrokerTime now);
  void count_filled(std::size_t index);
  void remember_end(OrderId id, BrokerTime at);
  bool take_out(OrderId id);
  [[nodiscard]] std::size_t index_of(OrderId id) const;  // size() when it is not there

  std::vector<Order> working_;
  std::vector<BrokerTime> heard_;  // parallel to working_: when the stream last spoke of it
  std::vector<Lots> traded_;       // parallel to working_: sum of its fills
  std::vector<Lots> said_;         // parallel to working_: filled by its own messages and reads
  std::vector<Lots> untold_;       // parallel to working_: fills that its own messages have not shown yet
  std::vector<Ended> ended_;       // newest last, bounded
  std::vector<Ahead> ahead_;       // oldest first, short-lived
  BrokerTime newest_read_;
};

}  // namespace rm
