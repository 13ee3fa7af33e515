#pragma once
// All that is known of one account: what rules, engine and executor read. Changed only by events.

#include <optional>
#include <span>
#include <vector>

#include "book/day_activity.h"
#include "book/day_ledger.h"
#include "book/holding.h"
#include "book/lock_book.h"
#include "book/market_book.h"
#include "book/trading_day.h"
#include "book/working_orders.h"
#include "domain/contract_table.h"

namespace rm {

// Not known is a state of its own: before the first snapshot nothing is evaluated and nothing counts as flat.
enum class SyncState : std::uint8_t {
  Unknown,       // no snapshot yet
  Synchronised,  // snapshot taken, stream up
  StreamDown,    // snapshot taken, stream down: REST polling stands in
  Blind          // the same, and the latest round of reads failed: what happens now is not seen
};
[[nodiscard]] std::string_view name_of(SyncState state);

struct OpenProfit {
  Money total;               // of the holdings that can be valued
  bool complete = true;      // false: at least one holding has no price or no tick value
  BrokerTime oldest_mark{};  // of the marks used; zero when nothing is open
};

class AccountBook {
 public:
  // All references must outlive the book.
  AccountBook(AccountId account, const ContractTable& contracts, const MarketBook& market,
              const TradingCalendar& calendar);

  [[nodiscard]] AccountId id() const { return account_; }

  // ── what happened ──
  void on(const AccountUpdated& event, BrokerTime now);
  void on(const OrderUpdated& event, BrokerTime now);
  void on(const PositionUpdated& event, BrokerTime now);
  void on(const TradeExecuted& event, BrokerTime now);
  void on(const SnapshotTaken& event, BrokerTime now);
  void on(const ReadBack& event, BrokerTime now);
  void on(const StreamChanged& event, BrokerTime now);
  void on(const ReadsFailed& event, BrokerTime now);
  // Starts a new trading day when its reset has come, and settles disputes that are old enough.
  void pass_time(BrokerTime now);
  [[nodiscard]] BrokerTime next_deadline() const;  // of pass_time: a day's reset, or the end of a patience

  // ── what is so ──
  [[nodiscard]] SyncState sync() const { return sync_; }
  [[nodiscard]] BrokerTime sync_since() const { return sync_since_; }
  [[nodiscard]] Generation generation() const { return generation_; }
  [[nodiscard]] std::optional<bool> can_trade() const { return can_trade_; }
  [[nodiscard]] std::optional<Money> balance() const { return balance_; }
  [[nodiscard]] BrokerTime account_heard() const { return account_heard_; }  // last account message; zero: none yet
  [[nodiscard]] std::span<const Holding> holdings() const { return holdings_; }  // includes flat ones
  [[nodiscard]] const Holding* holding(ContractId contract) const;
  [[nodiscard]] const WorkingOrders& orders() const { return orders_; }
  [[nodiscard]] const DayLedger& day() const { return day_; }
  [[nodiscard]] const DayActivity& activity() const { return activity_; }
  [[nodiscard]] BrokerTime day_begin(BrokerTime now) const { return calendar_.day_of(now); }
  [[nodiscard]] BrokerTime next_reset() const { return next_reset_; }
  [[nodiscard]] const LockBook& locks() const { return locks_; }
  [[nodiscard]] LockBook& locks() { return locks_; }
  [[nodiscard]] const ContractTable& contracts() const { return contracts_; }

  // Known, and nothing open, nothing disputed, no working order.
  [[nodiscard]] bool flat() const;
  // Nothing open and nothing disputed in the contract.
  [[nodiscard]] bool position_flat(ContractId contract) const;
  [[nodiscard]] bool disputed() const;
  [[nodiscard]] std::optional<Mark> mark(const Holding& holding) const;  // empty: no price yet
  // An order that can only take off what is open: of the other side and not larger, or a stop (one that has become
  // too large still protects). Children of a bracket wait for their parent and add nothing before it.
  [[nodiscard]] bool is_exit(const Order& order) const;
  [[nodiscard]] std::optional<Money> open_profit(const Holding& holding) const;  // empty: cannot be valued
  [[nodiscard]] OpenProfit open_profit() const;
  [[nodiscard]] Lots gross_size() const;

  // Grows with every stream event of this account: a read is newer than the last event when this did not move
  // meanwhile.
  [[nodiscard]] std::uint64_t stream_version() const { return stream_version_; }

 private:
  Holding& holding_slot(ContractId contract);
  void move(Holding& holding, const TradeExecuted& event, BrokerTime now);
  void hear_position(Lots size, Price average, ContractId contract, BrokerTime now);
  void take_from_snapshot(Holding& holding, const AccountSnapshot& snapshot, BrokerTime now);
  void read_position(Lots size, Price average, ContractId contract, const ReadBack& read, BrokerTime now);
  void settle(Holding& holding, BrokerTime now);
  void count_again();
  void set_sync(SyncState state, BrokerTime now);

  AccountId account_;
  const ContractTable& contracts_;
  const MarketBook& market_;
  const TradingCalendar& calendar_;

  SyncState sync_ = SyncState::Unknown;
  BrokerTime sync_since_;
  bool stream_up_ = false;
  Generation generation_;
  BrokerTime account_heard_;
  std::optional<bool> can_trade_;
  std::optional<Money> balance_;
  std::vector<Holding> holdings_;
  WorkingOrders orders_;
  DayLedger day_;
  DayActivity activity_;
  BrokerTime next_reset_;
  BrokerTime baseline_;     // fills before it are in the snapshot's positions already
  BrokerTime newest_read_;  // of positions: an older one that arrives later is left alone
  LockBook locks_;
  std::uint64_t stream_version_ = 0;

  // open_profit() of the same prices, holdings and contract records: several rules ask for it at each event.
  struct Valued {
    std::uint64_t market = 0, holdings = 0, contracts = 0;
    OpenProfit profit;
  };
  [[nodiscard]] OpenProfit value_holdings() const;
  std::uint64_t holdings_version_ = 1;  // grows with whatever may change a holding
  mutable Valued valued_;
};

}  // namespace rm
