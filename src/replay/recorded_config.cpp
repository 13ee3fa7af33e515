#include "replay/recorded_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "config/zone.h"
#include "store/run_records.h"

namespace rm {
namespace {

constexpr Duration kReach = std::chrono::hours{24 * 3653};
constexpr BrokerTime kFirst{};

BrokerTime last() {
  return BrokerTime::from_seconds(Zone::kEndSecond - 1);
}

}  // namespace

BrokerTime within_calendars(BrokerTime computer_time) {
  return std::clamp(computer_time, kFirst, last());
}

Result<Config> recorded_config(const std::vector<std::string>& yaml, BrokerTime computer_time,
                               std::string_view recorded_by) {
  auto config = load_config_text(joined(yaml), "the recorded configuration", {}, rule_registry(), computer_time);
  if (!config)
    return fail(ErrorCode::Refused,
                fmt::format("the journal was recorded by version {}, with a configuration that this version ({}) "
                            "does not understand: {}",
                            recorded_by, RM_VERSION, config.error().front().text()));
  return std::move(*config);
}

Result<TradingCalendar> calendar_around(BrokerTime computer_time, const TradingDayConfig& day) {
  auto resets = trading_day_resets(day.timezone, day.reset, std::max(computer_time - kReach, kFirst),
                                   std::min(computer_time + kReach, last()));
  if (!resets) return std::unexpected{resets.error()};
  return TradingCalendar{std::move(*resets)};
}

}  // namespace rm
