#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/exchange/entities.h"
#include "paper_gateway/exchange/requests.h"
#include "paper_gateway/exchange/settings.h"

namespace paper {

// Told of everything that happens, in the order a client of the hubs would see it. Called from inside the Exchange
// call that caused it: copy what you need; do not call the Exchange from here.
class ExchangeListener {
 public:
  virtual ~ExchangeListener() = default;
  virtual void on_order(const Order&, Action) {}
  virtual void on_trade(const Trade&, Action) {}        // a closing fill tells its opening trades again
  virtual void on_position(const Position&, Action) {}  // Delete: flat, size 0, type Undefined
  virtual void on_account(const Account&) {}            // told several times for one change
  virtual void on_quote(const Quote&, QuoteChange) {}   // the whole quote and which members changed
  virtual void on_print(const Print&) {}
  virtual void on_depth(const std::string& /*contract*/, const std::vector<DepthRow>&) {}
};

// The venue: users, accounts, orders, positions, prices. Pure: no clock, thread or socket; `now` is an argument and
// may not go back (an earlier value counts as the latest one seen). One thread. Everything due before `now` happens
// first. Ids of accounts are not checked against a user here: the server asks owns() and answers AccountNotFound (1)
// itself.
class Exchange {
 public:
  explicit Exchange(Settings settings = {});
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void add_listener(ExchangeListener& listener);  // must outlive the exchange or be removed
  void remove_listener(ExchangeListener& listener);

  Settings& settings();  // may be changed at any time; takes effect from the next call
  Catalogue& catalogue();
  const Catalogue& catalogue() const;

  // --- users and accounts
  // -------------------------------------------------------------------------------------------
  UserId add_user(std::string name, std::string api_key,
                  int login_refusal = 0);              // replaces the user of the same name
  const User* find_user(std::string_view name) const;  // without regard to case
  const User* user(UserId id) const;
  bool add_account(Account account);  // false: the id is taken or the user unknown
  const Account* account(AccountId id) const;
  bool owns(UserId user, AccountId account) const;
  std::vector<Account> accounts(UserId user, bool only_active) const;             // by id
  std::vector<Account> accounts() const;                                          // all users'
  Outcome set_account(AccountId id, const AccountChange& change, PaperTime now);  // code 1: no such account

  // --- trading: what the REST endpoints of the same name do; codes are theirs
  // -----------------------------------------
  PlaceOutcome place(const PlaceRequest& request, PaperTime now);
  Outcome modify(const ModifyRequest& request, PaperTime now);
  Outcome cancel(AccountId account, OrderId order, PaperTime now);
  Outcome close_contract(AccountId account, std::string_view contract, PaperTime now);
  Outcome partial_close(AccountId account, std::string_view contract, int size, PaperTime now);

  // The venue takes a trade back: it is told again with `voided`, and position, results and balance are what they
  // would have been without it.
  Outcome void_trade(AccountId account, TradeId trade, PaperTime now);

  // --- reads (as of the last call that took a time)
  // ---------------------------------------------------------------------
  // Late: through the read lags of the settings, as a client over REST is shown it.
  enum class Seen { Truth, Late };
  std::vector<Order> orders(AccountId, PaperTime from, std::optional<PaperTime> to,
                            Seen seen = Seen::Truth) const;                  // ascending, no Suspended
  std::vector<Order> open_orders(AccountId, Seen seen = Seen::Truth) const;  // status Open only
  std::vector<Order> working_orders(AccountId) const;  // Open, Pending, PendingCancellation and Suspended
  std::optional<Order> order(AccountId, OrderId, Seen seen = Seen::Truth) const;
  std::expected<OrderPage, std::string> query(const OrderQuery& query,
                                              Seen seen = Seen::Truth) const;  // error: the sentence for the 400
  std::vector<Position> positions(AccountId, Seen seen = Seen::Truth) const;
  std::vector<Trade> trades(AccountId, std::optional<PaperTime> from, std::optional<PaperTime> to,
                            Seen seen = Seen::Truth) const;  // descending
  BarsOutcome bars(const BarQuery& query) const;             // made of the prints since the start

  // --- market
  // -----------------------------------------------------------------------------------------------------------
  // Publishes quote and print, then triggers stops, trails and limits. Error: a sentence (unknown contract, off tick,
  // ≤ 0, bid ≥ ask).
  std::expected<void, std::string> set_price(const PriceUpdate& update, PaperTime now);
  // Error: an unknown contract.
  std::expected<void, std::string> halt(const HaltRequest& request, PaperTime now);
  const Quote* quote(std::string_view contract) const;                                   // nullptr: never priced
  std::vector<DepthRow> depth_snapshot(std::string_view contract, PaperTime now) const;  // Reset row, then the ladder

  // --- deferred happenings: sibling cancels, duplicate events, latency, the firm's flat time
  // -----------------------------
  std::optional<PaperTime> next_deadline() const;  // call on_time() then
  void on_time(PaperTime now);

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace paper
