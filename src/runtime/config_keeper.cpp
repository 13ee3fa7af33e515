#include "runtime/config_keeper.h"

#include <utility>

#include "config/print.h"

namespace rm {

const KeptConfig* ConfigKeeper::put_in_force(BrokerTime now) {
  kept_ = kept_for(parts_.kept, parts_.login, now);
  in_force_.emplace(parts_.config, kept_ ? std::optional{kept_->config} : std::nullopt);
  loaded_at_ = now;
  return kept_ ? &*kept_ : nullptr;
}

void ConfigKeeper::say_held(BrokerTime now) {
  std::vector<std::string> held = in_force_->pending();
  for (const std::string& text : in_force_->needs_restart()) held.push_back(text);
  if (!held.empty()) parts_.recorder.on_config_held(held, now);
}

void ConfigKeeper::want(Config wanted, BrokerTime now) {
  in_force_->want(std::move(wanted));
  loaded_at_ = now;
}

void ConfigKeeper::keep(const TradingCalendar& calendar, BrokerTime now) {
  day_ends_ = calendar.next_reset(now);
  parts_.archive.keep(parts_.login, calendar.day_of(now), day_ends_, to_yaml(in_force_->to_keep()));
}

void ConfigKeeper::begin_day(BrokerTime now) {
  in_force_->begin_day();
  if (!in_force_->changed().empty()) parts_.recorder.on_config_applied(in_force_->changed(), now);
}

}  // namespace rm
