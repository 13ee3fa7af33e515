#include "runtime/record/day_record.h"

#include <fmt/format.h>

#include "observe/log.h"

namespace rm {

void DayRecord::on_event(const RiskEvent& event, const AccountBook& book) {
  const bool snapshot = std::holds_alternative<SnapshotTaken>(event.body);
  const bool read = snapshot || std::holds_alternative<ReadBack>(event.body);
  if (read) compare_with_balance(book);
  if (snapshot) compare_with_recovered(book);
  if (read || std::holds_alternative<TradeExecuted>(event.body)) keep(book);
}

// net must agree with the change of the account balance to the cent; a difference is said once.
void DayRecord::compare_with_balance(const AccountBook& book) {
  if (!book.balance()) return;
  const Money base = *book.balance() - book.day().result().net();
  const auto [found, first] = balances_.try_emplace(book.id());
  Balance& known = found->second;
  if (first || known.day != book.day().begin()) {
    known.day = book.day().begin();
    known.base = base;
    return;
  }
  const Money difference = base - known.base;
  if (difference == known.difference) return;
  known.difference = difference;
  log(Level::Warning, "balance_difference",
      "balance and net result of the day differ by " + difference.text() +
          " $ since the start: an account fee, or a trade that was not seen",
      {{"account", book.id()},
       {"difference", difference},
       {"balance", *book.balance()},
       {"pnl", book.day().result().net()}});
}

// R28: the day is re-derived from the broker's trades; a difference from what was stored is said, and the broker's
// figure wins.
void DayRecord::compare_with_recovered(const AccountBook& book) {
  const DayResult& day = book.day().result();
  std::erase_if(recovered_, [&](const DayRow& stored) {
    if (stored.account != book.id()) return false;
    if (stored.day_start != book.day().begin()) return true;
    const bool same = stored.realised == day.realised && stored.costs == day.costs;
    log(same ? Level::Info : Level::Warning, "day_rederived",
        fmt::format("the day's result from the broker's trades is {} net, stored was {}{}", day.net().text(),
                    (stored.realised - stored.costs).text(), same ? "" : ": the broker's figure is used"),
        {{"account", book.id()},
         {"pnl", day.net()},
         {"stored", stored.realised - stored.costs},
         {"trades", day.trade_count}});
    return true;
  });
}

void DayRecord::keep(const AccountBook& book) {
  const DayResult& day = book.day().result();
  store_.record_day(book.id(), book.day().begin(), day.realised, day.costs, static_cast<int>(day.trade_count));
}

}  // namespace rm
