#include "config/trading_day_table.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "config/problem.h"
#include "config/suggest.h"

namespace rm {
namespace {

using std::chrono::days;
using std::chrono::seconds;
constexpr std::int64_t kFirstSecond = 0;  // 1970
// 2038-01-01: the compiled time zone files list their clock changes up to 2037, and a table that silently went on
// without them would be an hour wrong every summer.
constexpr std::int64_t kEndSecond = 2'145'916'800;

// "Chicago" and "america/chicago" are what people write first.
std::vector<std::string> nearest_zones(const std::string& wanted, const date::tzdb& database) {
  std::vector<std::string_view> names;
  std::vector<std::string> out;
  for (const date::time_zone& zone : database.zones) {
    names.push_back(zone.name());
    const std::size_t slash = names.back().rfind('/');
    const std::string_view city = slash == std::string_view::npos ? names.back() : names.back().substr(slash + 1);
    if (wanted.size() < 64 && city.size() == wanted.size() && edit_distance(city, wanted) == 0)
      out.emplace_back(zone.name());
  }
  for (std::string& name : nearest(wanted, names, 3)) {
    if (std::ranges::find(out, name) == out.end()) out.push_back(std::move(name));
  }
  out.resize(std::min<std::size_t>(out.size(), 3));
  return out;
}

Result<const date::time_zone*> find_zone(const std::string& name) {
  try {
    const date::tzdb& database = date::get_tzdb();
    const auto zone =
        std::ranges::find_if(database.zones, [&](const date::time_zone& z) { return z.name() == name; });
    if (zone != database.zones.end()) return &*zone;
    const auto near = nearest_zones(name, database);
    return fail(ErrorCode::UnknownValue,
                fmt::format("found '{}', allowed a time zone like America/Chicago{}{}{}", printable(name),
                            near.empty() ? "" : ", did you mean ", fmt::join(near, " or "), near.empty() ? "" : "?"));
  } catch (const std::exception& error) {
    return fail(
        ErrorCode::Unavailable,
        fmt::format("the time zone database of this machine (package tzdata) cannot be read: {}", error.what()));
  }
}

date::sys_seconds instant_of(const date::time_zone& zone, date::local_seconds local) {
  const date::local_info info = zone.get_info(local);
  // Skipped: the clocks jump over this time at one instant, and that is the instant.
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return date::sys_seconds{local.time_since_epoch()} - info.first.offset;  // comes twice: `first` is the earlier
}

std::vector<BrokerTime> instants(const date::time_zone& zone, std::chrono::minutes reset, BrokerTime from,
                                 BrokerTime to) {
  std::vector<BrokerTime> out;
  const auto seconds_of = [](BrokerTime t) {
    return date::sys_seconds{std::chrono::floor<seconds>(Duration{t.nanos()})};
  };
  // Local dates differ from those of UTC by at most one day.
  const auto first = std::chrono::floor<days>(seconds_of(from)) - days{2};
  const auto last = std::chrono::floor<days>(seconds_of(to)) + days{2};
  for (auto day = first; day <= last; day += days{1}) {
    const auto instant = instant_of(zone, date::local_seconds{day.time_since_epoch() + reset});
    const auto time = BrokerTime::from_seconds(instant.time_since_epoch().count());
    // A zone that skipped a whole day has one instant for two dates.
    if (time >= from && time <= to && (out.empty() || time > out.back())) out.push_back(time);
  }
  return out;
}

}  // namespace

Result<void> check_timezone(const std::string& timezone) {
  const auto zone = find_zone(timezone);
  if (!zone) return std::unexpected{zone.error()};
  return {};
}

Result<std::vector<BrokerTime>> trading_day_resets(const std::string& timezone, std::chrono::minutes reset,
                                                   BrokerTime from, BrokerTime to) {
  const auto in_range = [](BrokerTime t) {
    return t >= BrokerTime::from_seconds(kFirstSecond) && t < BrokerTime::from_seconds(kEndSecond);
  };
  if (!in_range(from) || !in_range(to))
    return fail(ErrorCode::OutOfRange, "trading days are known from 1970 to 2037");
  if (reset < std::chrono::minutes{0} || reset >= std::chrono::hours{24})
    return fail(ErrorCode::OutOfRange, "the reset is a time of day, 00:00 to 23:59");
  const auto zone = find_zone(timezone);
  if (!zone) return std::unexpected{zone.error()};
  try {
    return instants(**zone, reset, from, to);
  } catch (const std::exception& error) {
    return fail(ErrorCode::Unavailable, fmt::format("the time zone {} cannot be read: {}", timezone, error.what()));
  }
}

}  // namespace rm
