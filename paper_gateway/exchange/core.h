#pragma once

#include <deque>
#include <map>
#include <set>
#include <utility>

#include "paper_gateway/exchange/bars.h"
#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/exchange/holding.h"
#include "paper_gateway/exchange/scheduler.h"

namespace paper {

// An order and what clients are not told about it.
struct OrderState {
  Order order;
  Wide filled_value = 0;            // Σ fill price nanos × size, for the average
  std::optional<OrderId> stop_leg;  // of an entry with brackets
  std::optional<OrderId> target_leg;
  std::optional<OrderId> sibling;  // of a bracket leg
  int bracket_ticks = 0;           // of a bracket leg
  bool locked = false;             // its sibling filled: no longer matched, cancelled in a moment
  bool triggered = false;          // a stop-limit that has become a limit
};

struct MarketState {
  Contract contract;
  Quote quote;
  std::chrono::sys_days session{};  // trade date of open, high, low and volume
  BarSeries bars;
};

// What clients were told of one thing, oldest first; no more of it than a read through the lag needs.
template <class Entity>
using Versions = std::deque<std::pair<PaperTime, Entity>>;

struct Halt {
  HaltKind kind;
  std::string contract;  // empty: every one
  PaperTime until;
};

// The state behind Exchange. Its functions stand in the files named at their group.
struct Exchange::Core {
  explicit Core(Settings s) : settings{s} {}

  Settings settings;
  Catalogue catalogue;
  std::vector<ExchangeListener*> listeners;
  std::vector<std::unique_ptr<User>> users;  // stable addresses: find_user() hands them out
  std::map<AccountId, Account> accounts;
  std::map<OrderId, OrderState> orders;              // all of them, for ever
  std::map<std::string, std::set<OrderId>> working;  // by contract
  std::set<std::pair<AccountId, std::string>> tags;  // every customTag ever used
  std::map<std::pair<AccountId, std::string>, Holding> holdings;
  std::vector<Trade> trades;                                // ascending
  std::map<std::string, MarketState, std::less<>> markets;  // by contract
  std::map<OrderId, Versions<Order>> told_orders;
  std::map<std::pair<AccountId, std::string>, Versions<Position>> told_positions;
  std::vector<Halt> halts;
  std::map<std::string, PriceUpdate> held_back;  // by contract: the price there will be when its halt is over
  Scheduler later;
  PaperTime now;
  PaperTime last_stamp;
  std::int64_t next_order = 3'500'000'001;
  std::int64_t next_trade = 3'100'000'001;
  std::int64_t next_position = 900'000'001;

  // time: core_time.cpp
  void enter(PaperTime time);  // does all that is due and moves the clock; first thing in every timed call
  std::optional<PaperTime> next_due() const;
  PaperTime stamp();  // now, in steps of 100 ns, no two alike
  void flat_time();   // the firm closes the day

  // events: core_events.cpp
  void tell_order(const Order& order);
  void tell_trade(const Trade& trade, Action action);
  void tell_position(const Position& position, Action action);
  void tell_account(AccountId id);  // now, and again a little later
  // What a reader sees of it; null pointer: nothing yet.
  const Order* shown(const OrderState& state, Seen seen) const;
  const Position* shown(const Holding& holding, Seen seen) const;

  // halting.cpp
  std::expected<void, std::string> halt(const HaltRequest& request);
  void resume();                                        // ends the halts that are over
  const Halt* halted(std::string_view contract) const;  // null pointer: trading goes on
  bool prices_stand_still(std::string_view contract) const;
  bool closed(std::string_view contract) const;  // halted, or outside the firm's window

  // placing.cpp
  PlaceOutcome place(const PlaceRequest& request);
  std::optional<std::string> refusal(const PlaceRequest& request, const Contract& contract) const;
  OrderState& record(const PlaceRequest& request, const Contract& contract, PaperTime created);
  PlaceOutcome reject(const PlaceRequest& request, const Contract& contract, std::string text);
  OrderId accept(const PlaceRequest& request, const Contract& contract);
  void set_prices(OrderState& state, const PlaceRequest& request, const Contract& contract) const;
  void start_later(OrderId id);
  void start(OrderId id);  // first look at the market; what does not fill rests

  // brackets.cpp
  void add_legs(OrderState& entry, const PlaceRequest& request, const Contract& contract);
  void open_legs(OrderState& entry);
  void drop_legs(OrderState& entry);
  void leg_part_filled(const OrderState& leg);
  void leg_filled(OrderState& leg);

  // matching.cpp
  std::optional<Decimal> touch(const std::string& contract,
                               Side side) const;  // what a market order of that side gets
  std::optional<Decimal> last(const std::string& contract) const;
  bool try_fill(OrderState& state, bool resting);
  void trail(OrderState& state);
  void match(const std::string& contract);

  // fills.cpp
  void fill(OrderState& state, Decimal price);
  struct FillNews {
    std::vector<std::pair<Trade, Action>> trades;
    std::vector<std::pair<Position, Action>> positions;
  };
  void fill_part(OrderState& state, int size, Decimal price);
  bool order_told_first(const Order& order) const;
  Trade& book_trade(const Order& order, int size, Decimal price);  // charges the costs; valid until the next one
  void close_lots(const Order& order, int size, Decimal price, FillNews& news);
  void open_lots(const Order& order, int size, Decimal price, FillNews& news);
  static void show_position(Holding& holding);

  // voiding.cpp
  Outcome void_trade(AccountId account, TradeId id);
  Holding replayed(Holding holding, FillNews& news);  // from the trades that stand

  // modifying.cpp
  Outcome modify(const ModifyRequest& request);
  Outcome cancel(AccountId account, OrderId id);
  void end_order(OrderState& state, OrderStatus status);  // Cancelled or Expired; looks after an entry's legs
  std::optional<std::string> change(OrderState& state, const ModifyRequest& request, const Contract& contract);

  // closing.cpp
  void market_exit(AccountId account, const Contract& contract, int size);
  Outcome close_contract(AccountId account, std::string_view contract);
  Outcome partial_close(AccountId account, std::string_view contract, int size);
  void cancel_working(AccountId account, const std::string& contract, bool legs_only);
  void rescale_legs(AccountId account, const std::string& contract, int size);

  // prices.cpp, depth.cpp
  std::expected<void, std::string> set_price(const PriceUpdate& update);
  MarketState* market(std::string_view contract);
  const MarketState* market(std::string_view contract) const;
  void tell_depth(const MarketState& m, const Quote& before) const;
  std::vector<DepthRow> depth_snapshot(std::string_view contract, PaperTime time) const;

  // small look-ups
  Account* account(AccountId id);
  OrderState* order_of(AccountId account, OrderId id);
  OrderState& state(OrderId id) { return orders.at(id); }
  int held(AccountId account, const std::string& contract) const;  // signed
};

}  // namespace paper
