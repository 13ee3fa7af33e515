#pragma once
// A time zone: local times as instants.

#include <chrono>
#include <string>

#include "domain/result.h"
#include "domain/time.h"

namespace date {
class time_zone;
}

namespace rm {

class Zone {
 public:
  // By its name in the time zone database. Errors: UnknownValue (the sentence has the nearest names), Unavailable (no
  // database on this machine).
  [[nodiscard]] static Result<Zone> find(const std::string& name);

  // When the clocks of the zone show this. A local time that a clock change skips stands for the instant of the
  // change, one that comes twice for the first of the two. `time` may be beyond 24 h: that much later by the clocks.
  [[nodiscard]] BrokerTime instant(std::chrono::sys_days local_day, std::chrono::minutes time) const;
  [[nodiscard]] std::chrono::sys_days day_of(BrokerTime t) const;  // the local date

  // 2038-01-01: the compiled time zone files list their clock changes up to 2037, and a table that silently went on
  // without them would be an hour wrong every summer.
  static constexpr std::int64_t kEndSecond = 2'145'916'800;

 private:
  explicit Zone(const date::time_zone& zone) : zone_{&zone} {}
  const date::time_zone* zone_;
};

}  // namespace rm
