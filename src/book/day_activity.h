#pragma once
// What a trader did this trading day, counted from its fills in the order of their time: entries and round trips.

#include <span>
#include <vector>

#include "book/day_ledger.h"
#include "book/holding.h"

namespace rm {

// A fill that opened or increased exposure in its contract, or turned it around. All fills of one order are one.
struct Entry {
  BrokerTime at;  // of its first such fill
  OrderId order;
  ContractId contract;
  friend bool operator==(const Entry&, const Entry&) = default;
};
// What a closing fill, or a round trip with its last one, brought: gross, as the broker says it.
struct Outturn {
  BrokerTime at;
  ContractId contract;
  Money result;
  friend bool operator==(const Outturn&, const Outturn&) = default;
};

// A set of order numbers that allocates only when it grows.
class OrderSet {
 public:
  OrderSet();
  void clear();
  bool insert(OrderId order);  // true when it was not in it

 private:
  bool place(OrderId order);
  std::vector<OrderId> slots_;  // a power of two; 0: empty
  std::size_t count_ = 0;
};

// Keeps no truth of its own: what a fill does follows from the size before it, and that from the size now and the
// fills since. A position that was open before the day began is what the fills of the day do not explain.
class DayActivity {
 public:
  DayActivity();

  // A fill that the ledger has just taken as new; `size` is the contract's size with it. O(1). False: it does not
  // follow on what is known (it came late, or the size did not move with it), nothing is counted, rebuild() is due.
  bool add(const Trade& trade, Lots size);
  void rebuild(const DayLedger& day, std::span<const Holding> holdings);
  // Whether the sizes that the counting ended at are those that are held.
  [[nodiscard]] bool agrees(std::span<const Holding> holdings) const;

  // Grows when what was counted before may have changed; between, entries and results are only appended.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }          // in the order of time
  [[nodiscard]] std::span<const Outturn> round_trips() const { return trips_; }      // finished ones, the same
  [[nodiscard]] std::span<const Outturn> closing_fills() const { return closing_; }  // the same
  // What the round trip that was traded last has brought so far, and what its last fill brought.
  [[nodiscard]] Money latest_trip() const { return latest_trip_; }
  [[nodiscard]] Money latest_fill() const { return latest_fill_; }

 private:
  struct Running {
    ContractId contract;
    Lots size;   // signed
    Money trip;  // sum of the closing fills since it was flat
  };
  Running& running(ContractId contract);
  void count(const Trade& trade);

  std::vector<Running> running_;
  std::vector<Entry> entries_;
  std::vector<Outturn> trips_, closing_;
  OrderSet orders_;  // that made an entry
  Money latest_trip_, latest_fill_;
  std::uint64_t revision_ = 1;
  BrokerTime last_time_;  // of the fill counted last
  TradeId last_id_;
  std::vector<const Trade*> in_order_;  // of rebuild(): kept for its room
};

}  // namespace rm
