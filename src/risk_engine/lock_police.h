#pragma once
// While a lock holds, whatever it forbids is undone at once, each time, and counted as a strike.

#include <cstdint>
#include <optional>
#include <vector>

#include "book/account_book.h"
#include "risk_engine/under_way.h"
#include "rules/rule.h"

namespace rm {

class LockPolice {
 public:
  // Adds a violation for everything that a lock forbids and that nothing under way undoes.
  // `event` is in the book already.
  void look(const AccountBook& book, const RiskEvent& event, const UnderWay& under_way, Findings& findings);
  // What is open when an entry lock begins may stay.
  void on_lock_set(const AccountBook& book, const Lock& lock);

  [[nodiscard]] std::uint32_t strikes() const;  // of all locks that hold
  // When what is left alone for a moment has to be looked at again; later than the last look.
  [[nodiscard]] std::optional<BrokerTime> next_look() const { return next_look_; }

 private:
  struct Strikes {
    LockKind kind{};
    std::optional<SymbolId> symbol;
    std::uint32_t count = 0;
  };
  // Under an entry lock: the signed size that may stay. It only ever shrinks towards zero.
  struct Allowance {
    ContractId contract;
    Lots size;
    Side exit_side{};        // of orders that close what was open last
    BrokerTime shrunk_at{};  // when some of it was closed last
  };

  void look_at_account(const AccountBook& book, const Lock& lock, const UnderWay& under_way, Findings& findings);
  void look_at_symbol(const AccountBook& book, const Lock& lock, const UnderWay& under_way, Findings& findings);
  void follow_sizes(const AccountBook& book, const RiskEvent& event);
  void look_at_sizes(const AccountBook& book, const UnderWay& under_way, Findings& findings);
  void look_at_orders(const AccountBook& book, BrokerTime now, const UnderWay& under_way, Findings& findings);
  [[nodiscard]] BrokerTime left_alone_until(const AccountBook& book, const Order& order) const;
  void forget_ended(const AccountBook& book);
  Allowance& allowance(const AccountBook& book, const Holding& holding, const Lock& lock);
  [[nodiscard]] Allowance* find(ContractId contract);
  [[nodiscard]] const Allowance* find(ContractId contract) const;
  [[nodiscard]] bool seen_beginning(const Lock& lock) const;
  std::uint32_t strike(const Lock& lock);

  std::vector<Strikes> strikes_;
  std::vector<Allowance> allowances_;
  std::vector<Lock> seen_begin_;  // entry locks that began here; others are of before a restart
  OrderId finishing_;             // the order of the last entry before the lock: the rest of its fills may come in
  std::optional<BrokerTime> next_look_;
};

}  // namespace rm
