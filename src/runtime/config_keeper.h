#pragma once
// The configuration in force over the life of a login: held back by what was kept over a restart, changed while it
// runs, taken as it is at each reset, and kept for the next start. Loop thread.

#include <optional>
#include <string>
#include <string_view>

#include "config/in_force.h"
#include "config/problem.h"
#include "control/status.h"
#include "runtime/kept_config.h"
#include "runtime/recorder.h"

namespace rm {

class ConfigKeeper {
 public:
  // All must outlive the keeper. `file` as named at the start; `kept` is what was in force before it, nullptr:
  // nothing.
  ConfigKeeper(const Config& config, std::string file, const KeptConfig* kept, Store& store, Recorder& recorder,
               BrokerTime now);

  // `now` is the broker's, which alone says whether the trading day of before the restart still runs. Returns what
  // was in force then if it does, else nullptr.
  const KeptConfig* put_in_force(BrokerTime now);
  [[nodiscard]] bool known() const { return in_force_.has_value(); }
  [[nodiscard]] ConfigInForce& in_force() { return *in_force_; }

  void say_held(BrokerTime now);
  void want(Config wanted, BrokerTime now);
  void refuse(const Problems& problems, std::string_view instead, BrokerTime now);
  // For the next start on this trading day.
  void keep(const TradingCalendar& calendar, BrokerTime now);
  [[nodiscard]] bool day_is_over(BrokerTime now) const { return now >= day_ends_; }
  void begin_day(BrokerTime now);

  [[nodiscard]] const ConfigStatus& status();

 private:
  const Config& config_;
  const KeptConfig* kept_;
  Store& store_;
  Recorder& recorder_;
  std::optional<ConfigInForce> in_force_;  // once the broker's time is known
  ConfigStatus status_;
  BrokerTime day_ends_;
};

}  // namespace rm
