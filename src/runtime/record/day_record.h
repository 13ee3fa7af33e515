#pragma once
// The day's result: kept with each trade and read, and held against what else knows of it, the account's balance and
// the row of before a restart.

#include <unordered_map>
#include <vector>

#include "book/account_book.h"
#include "store/store.h"

namespace rm {

class DayRecord {
 public:
  explicit DayRecord(Store& store) : store_{store} {}  // which must outlive this
  // The day results of before a restart.
  void set_recovered(std::vector<DayRow> days) { recovered_ = std::move(days); }
  // `book` is the event's account's, and has the event.
  void on_event(const RiskEvent& event, const AccountBook& book);

 private:
  struct Balance {
    BrokerTime day;
    Money base;        // the balance without the day's result, when it was first seen on this day
    Money difference;  // that was said last
  };
  void compare_with_balance(const AccountBook& book);
  void compare_with_recovered(const AccountBook& book);
  void keep(const AccountBook& book);

  Store& store_;
  std::unordered_map<AccountId, Balance> balances_;
  std::vector<DayRow> recovered_;
};

}  // namespace rm
