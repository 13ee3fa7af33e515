#include "runtime/record/engine_news.h"

#include <fmt/format.h>

#include "control/words.h"
#include "observe/log.h"

namespace rm {

void EngineNews::on_warning(AccountId account, const Warning& warning, BrokerTime now) {
  const std::string text =
      fmt::format("{}: {}{} of the limit {} is {} %", warning.rule,
                  warning.contract ? contract_name(*warning.contract, contracts_) + ": " : std::string{},
                  warning.value.text(), warning.limit.text(),
                  percent_of(Money::from_nanos(warning.value.nanos), Money::from_nanos(warning.limit.nanos)));
  log(Level::Warning, "warning", text,
      {{"rule", warning.rule},
       {"account", account},
       {"value", warning.value.text()},
       {"limit", warning.limit.text()},
       {"percent", warning.percent}});
  teller_.tell(now, "WARNING      " + text);
  teller_.note(NoticeKind::Warning, now, account, {}, warning.rule, text);
}

void EngineNews::on_tightening(AccountId account, const Tightening& tightening, BrokerTime now) {
  const std::string contract = contract_name(tightening.contract, contracts_);
  const std::string text =
      fmt::format("{}: {} of {} to {}", tightening.rule, tightening.order ? "the stop" : "a stop is missing, one",
                  contract, tightening.stop.text());
  log(Level::Info, "tightening", text,
      {{"rule", tightening.rule},
       {"account", account},
       {"contract", contract},
       {"order", tightening.order.value_or(OrderId{})},
       {"stop_price", tightening.stop}});
  teller_.tell(now, text);
}

void EngineNews::on_alarm(const ValuationAlarm& alarm, BrokerTime now) {
  const std::string what = alarm.unvalued
                               ? "an open position cannot be valued: no price or no contract record"
                               : "prices are older than allowed: results are valued at the last known price";
  log(alarm.raised ? Level::Error : Level::Warning, alarm.unvalued ? "unvalued" : "stale_prices",
      alarm.raised ? what : "over: " + what, {{"account", alarm.account}, {"raised", alarm.raised}});
  if (alarm.raised) teller_.note(NoticeKind::Health, now, alarm.account, {}, {}, what);
}

}  // namespace rm
