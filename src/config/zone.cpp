#include "config/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "config/problem.h"
#include "config/suggest.h"

namespace rm {
namespace {

using std::chrono::days;
using std::chrono::seconds;

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

}  // namespace

Result<Zone> Zone::find(const std::string& name) {
  try {
    const date::tzdb& database = date::get_tzdb();
    const auto zone =
        std::ranges::find_if(database.zones, [&](const date::time_zone& z) { return z.name() == name; });
    if (zone != database.zones.end()) {
      static_cast<void>(zone->get_info(date::sys_seconds{}));  // its file is read now, or refused now
      return Zone{*zone};
    }
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

BrokerTime Zone::instant(std::chrono::sys_days local_day, std::chrono::minutes time) const {
  const date::local_seconds local{seconds{local_day.time_since_epoch()} + seconds{time}};
  const date::local_info info = zone_->get_info(local);
  const auto at = info.result == date::local_info::nonexistent
                      ? info.first.end
                      : date::sys_seconds{local.time_since_epoch()} - info.first.offset;
  return BrokerTime::from_seconds(at.time_since_epoch().count());
}

std::chrono::sys_days Zone::day_of(BrokerTime t) const {
  const auto at = date::sys_seconds{std::chrono::floor<seconds>(Duration{t.nanos()})};
  const auto local = at.time_since_epoch() + zone_->get_info(at).offset;
  return std::chrono::sys_days{std::chrono::floor<days>(local)};
}

}  // namespace rm
