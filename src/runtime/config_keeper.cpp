#include "runtime/config_keeper.h"

#include <utility>
#include <vector>

#include "config/print.h"

namespace rm {

ConfigKeeper::ConfigKeeper(const Config& config, std::string file, const KeptConfig* kept, Store& store,
                           Recorder& recorder, BrokerTime now)
    : config_{config}, kept_{kept}, store_{store}, recorder_{recorder} {
  status_.file = std::move(file);
  status_.loaded_at = now;
}

const KeptConfig* ConfigKeeper::put_in_force(BrokerTime now) {
  const KeptConfig* kept = kept_ != nullptr && now < kept_->until ? kept_ : nullptr;
  in_force_.emplace(config_, kept != nullptr ? std::optional{kept->config} : std::nullopt);
  status_.loaded_at = now;
  return kept;
}

void ConfigKeeper::say_held(BrokerTime now) {
  std::vector<std::string> held = in_force_->pending();
  for (const std::string& text : in_force_->needs_restart()) held.push_back(text);
  if (!held.empty()) recorder_.on_config_held(held, now);
}

void ConfigKeeper::want(Config wanted, BrokerTime now) {
  in_force_->want(std::move(wanted));
  status_.loaded_at = now;
  status_.refused.clear();
  recorder_.on_config_reloaded(status_.file, in_force_->changed(), in_force_->pending(), in_force_->needs_restart(),
                               now);
}

void ConfigKeeper::refuse(const Problems& problems, std::string_view instead, BrokerTime now) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems) texts.push_back(problem.text());
  status_.refused = texts.front();
  recorder_.on_config_refused(status_.file, texts, instead, now);
}

void ConfigKeeper::keep(const TradingCalendar& calendar, BrokerTime now) {
  day_ends_ = calendar.next_reset(now);
  store_.record_config(calendar.day_of(now), day_ends_, to_yaml(in_force_->to_keep()));
}

void ConfigKeeper::begin_day(BrokerTime now) {
  in_force_->begin_day();
  if (!in_force_->changed().empty()) recorder_.on_config_applied(in_force_->changed(), now);
}

const ConfigStatus& ConfigKeeper::status() {
  if (in_force_) {
    status_.pending = in_force_->pending();
    status_.needs_restart = in_force_->needs_restart();
  }
  return status_;
}

}  // namespace rm
