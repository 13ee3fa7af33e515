#pragma once
// The state behind every decision: market, trading days, accounts. First subscriber of the bus, so that rules see the
// event in it.

#include <memory>
#include <span>
#include <vector>

#include "book/account_book.h"
#include "event_bus/event_bus.h"

namespace rm {

class Book final : public EventHandler {
 public:
  // `contracts` and `calendar` must outlive the book.
  Book(const ContractTable& contracts, const TradingCalendar& calendar, MarkKind mark);

  AccountBook& add_account(AccountId account);  // known already: the same book
  [[nodiscard]] AccountBook* find(AccountId account);
  [[nodiscard]] const AccountBook* find(AccountId account) const;
  [[nodiscard]] std::span<const std::unique_ptr<AccountBook>> accounts() const { return accounts_; }
  [[nodiscard]] const MarketBook& market() const { return market_; }
  [[nodiscard]] const TradingCalendar& calendar() const { return calendar_; }

  [[nodiscard]] std::string_view handler_name() const override { return "book"; }
  // Errors: UnknownAccount for an event of an account that is not watched.
  Result<void> on_event(const RiskEvent& event) override;

 private:
  template <class Event>
  Result<void> to_account(AccountId account, const Event& event, BrokerTime now);

  const ContractTable& contracts_;
  const TradingCalendar& calendar_;
  MarketBook market_;
  std::vector<std::unique_ptr<AccountBook>> accounts_;
};

}  // namespace rm
