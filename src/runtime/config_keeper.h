#pragma once
// The configuration in force over the life of a login: held back by what was kept over a restart, changed while it
// runs, taken as it is at each reset, and kept for the next start. Loop thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/in_force.h"
#include "runtime/kept_config.h"
#include "runtime/recorder.h"

namespace rm {

class ConfigKeeper {
 public:
  struct Parts {  // all must outlive the keeper
    std::string_view login;
    const Config& config;
    const std::vector<KeptConfig>& kept;  // what was in force before this start
    ConfigArchive& archive;
    Recorder& recorder;
  };
  ConfigKeeper(Parts parts, BrokerTime now) : parts_{parts}, loaded_at_{now} {}

  // `now` is the broker's, which alone says whether the trading day of before the restart still runs. Returns what
  // was in force then if it does, else nullptr.
  const KeptConfig* put_in_force(BrokerTime now);
  [[nodiscard]] bool known() const { return in_force_.has_value(); }
  [[nodiscard]] ConfigInForce& in_force() { return *in_force_; }
  [[nodiscard]] const ConfigInForce& in_force() const { return *in_force_; }
  [[nodiscard]] BrokerTime loaded_at() const { return loaded_at_; }

  void say_held(BrokerTime now);
  void want(Config wanted, BrokerTime now);
  // For the next start on this trading day.
  void keep(const TradingCalendar& calendar, BrokerTime now);
  [[nodiscard]] bool day_is_over(BrokerTime now) const { return now >= day_ends_; }
  void begin_day(BrokerTime now);

 private:
  Parts parts_;
  std::optional<KeptConfig> kept_;         // of this login, while its day runs
  std::optional<ConfigInForce> in_force_;  // once the broker's time is known
  BrokerTime loaded_at_, day_ends_;
};

}  // namespace rm
