#include "runtime/kept_config.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "config/zone.h"

namespace rm {

TradingCalendar calendar_of(const TradingDayConfig& day) {
  using namespace std::chrono;
  const auto today =
      BrokerTime::from_nanos(duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count());
  // Ten years each way: the computer's clock, which alone is known here, may be wrong by years.
  constexpr hours kReach{24 * 3653};
  const auto last = BrokerTime::from_seconds(Zone::kEndSecond - 1);
  auto resets = trading_day_resets(day.timezone, day.reset, today - kReach, std::min(today + kReach, last));
  if (!resets) throw std::runtime_error{resets.error().message};
  return TradingCalendar{std::move(*resets)};
}

Result<std::optional<KeptConfig>> kept_config(const Recovered& recovered) {
  if (!recovered.config) return std::optional<KeptConfig>{};
  std::string yaml;
  for (const std::string& part : recovered.config->yaml) yaml += part;
  // What the environment said then is part of it; what it says now belongs to the file.
  auto config = load_config_text(yaml, "the configuration kept in the data directory", {}, rule_registry());
  if (!config) return fail(ErrorCode::Malformed, config.error().front().text());
  TradingCalendar calendar = calendar_of(config->trading_day);
  return std::optional{KeptConfig{std::move(*config), std::move(calendar), recovered.config->until}};
}

}  // namespace rm
