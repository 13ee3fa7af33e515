#pragma once
// Trading sessions: as they are written (days and local times), and as the instants that were made of them. The pure
// parts know no time zones: they get the instants.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/time.h"

namespace rm {

// Local times of day; an end that is not after the start lies on the next day. `days` are those of the start.
struct Session {
  std::uint8_t days = 0;  // bit 0 is Monday
  std::chrono::minutes start{}, end{};
  friend bool operator==(const Session&, const Session&) = default;
};
using SessionList = std::vector<Session>;
using SessionsBySymbol = std::map<std::string, SessionList, std::less<>>;

struct OpenTime {
  BrokerTime begin, end;  // half open: at `end` it is over
  friend bool operator==(const OpenTime&, const OpenTime&) = default;
};

// When trading is allowed. Outside of what the table covers it is not: what is not known is not allowed.
class SessionTable {
 public:
  SessionTable() = default;
  // `open` ascending, without overlaps.
  explicit SessionTable(std::vector<OpenTime> open) : open_{std::move(open)} {}

  [[nodiscard]] bool open_at(BrokerTime t) const {
    const auto after = first_after(t);
    return after != open_.begin() && t < std::prev(after)->end;
  }
  // The first start after `t`; empty when the table has none.
  [[nodiscard]] std::optional<BrokerTime> next_start(BrokerTime t) const {
    const auto after = first_after(t);
    return after == open_.end() ? std::nullopt : std::optional{after->begin};
  }
  // The first start or end after `t`.
  [[nodiscard]] std::optional<BrokerTime> next_change(BrokerTime t) const {
    return open_at(t) ? std::optional{std::prev(first_after(t))->end} : next_start(t);
  }
  [[nodiscard]] const std::vector<OpenTime>& all() const { return open_; }

 private:
  [[nodiscard]] std::vector<OpenTime>::const_iterator first_after(BrokerTime t) const {
    return std::upper_bound(open_.begin(), open_.end(), t,
                            [](BrokerTime at, const OpenTime& open) { return at < open.begin; });
  }
  std::vector<OpenTime> open_;
};

struct SessionTables {
  struct OfSymbol {
    std::string symbol;  // as it was written
    SessionTable table;
  };
  std::optional<SessionTable> everything;  // of all symbols that have none of their own; empty: those are free
  std::vector<OfSymbol> symbols;
};

}  // namespace rm
