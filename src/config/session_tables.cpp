#include "config/session_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "config/holiday_calendar.h"
#include "config/open_times.h"
#include "config/scalars.h"
#include "config/session_param.h"

namespace rm {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr minutes kDay = std::chrono::hours{24};
constexpr minutes kWeek = 7 * kDay;
constexpr Duration kBack = days{400}, kAhead = days{1100};

minutes length_of(const Session& session) {
  return session.end - session.start + (session.end < session.start ? kDay : minutes{0});
}

bool opens_on(const Session& session, unsigned day) {
  return (session.days >> day & 1U) != 0;
}

// One opening of the week, by the clocks and regardless of what they do on a day of change.
struct Opening {
  minutes begin, end;  // since Monday 00:00
  std::string text;
};

std::vector<Opening> openings(const SessionList& sessions) {
  std::vector<Opening> week;
  for (const Session& session : sessions) {
    for (unsigned day = 0; day < 7; ++day) {
      if (!opens_on(session, day)) continue;
      const minutes begin = static_cast<int>(day) * kDay + session.start;
      week.push_back({begin, begin + length_of(session), session_text(session, day)});
    }
  }
  std::ranges::stable_sort(week, {}, &Opening::begin);
  return week;
}

// The texts of two sessions that overlap. A long one reaches the one behind it first; the last of the week reaches
// the first of the next.
std::optional<std::pair<std::string, std::string>> overlap(const SessionList& sessions) {
  const auto week = openings(sessions);
  for (std::size_t i = 0; i < week.size() && week.size() > 1; ++i) {
    const bool last = i + 1 == week.size();
    const Opening& next = week[last ? 0 : i + 1];
    if (week[i].end > next.begin + (last ? kWeek : minutes{0})) return std::pair{week[i].text, next.text};
  }
  return std::nullopt;
}

class Maker {
 public:
  Maker(const RuleConfig& rule, BrokerTime today)
      : rule_{rule},
        zone_{Zone::find(rule.get<std::string>("timezone")).value()},
        early_{rule.get<Duration>("flatten_before_end")} {
    const BrokerTime first = BrokerTime::from_seconds(0), last = BrokerTime::from_seconds(Zone::kEndSecond);
    cover_ = {std::clamp(today - kBack, first, last), std::clamp(today + kAhead, first, last)};
    read_calendar(today);
  }

  std::expected<MadeSessions, std::vector<SessionProblem>> make() {
    if (!rule_.has("sessions") && !has_symbols())
      say({}, "found neither sessions nor per_symbol, allowed one of them or both: " + allowed_sessions());
    if (rule_.has("sessions")) made_.tables.everything = table(rule_.get<SessionList>("sessions"), {"sessions"});
    if (has_symbols()) {
      for (const auto& [symbol, sessions] : rule_.get<SessionsBySymbol>("per_symbol"))
        made_.tables.symbols.push_back({symbol, table(sessions, {"per_symbol", symbol})});
    }
    if (!problems_.empty()) return std::unexpected{std::move(problems_)};
    return std::move(made_);
  }

 private:
  [[nodiscard]] bool has_symbols() const {
    return rule_.has("per_symbol") && !rule_.get<SessionsBySymbol>("per_symbol").empty();
  }

  void say(std::vector<std::string> key, std::string message) {
    problems_.push_back({std::move(key), std::move(message)});
  }

  void read_calendar(BrokerTime today) {
    const auto& name = rule_.get<std::string>("holidays.calendar");
    if (name == "none") return;
    const auto calendar = load_calendar(name);
    if (!calendar) {
      say({"holidays", "calendar"},
          fmt::format("the calendar '{}' cannot be used: {}", printable(name, 300), calendar.error()));
      return;
    }
    const OpenTime covered = calendar->covered();
    if (today < covered.begin || today >= covered.end) {
      say({"holidays", "calendar"},
          fmt::format("found the calendar '{}', which covers {} to {}, allowed one that covers today, {}",
                      printable(name, 300), date_text(calendar->first), date_text(calendar->last),
                      date_text(zone_.day_of(today))));
      return;
    }
    if (const int left = calendar->days_left(today); left <= kWarnDaysBeforeCalendarEnds)
      made_.warning = fmt::format(
          "the calendar '{}' ends on {}, {}: behind it nothing counts as a session, and the program does not start",
          printable(name, 300), date_text(calendar->last),
          left <= 0 ? "today" : fmt::format("in {} day{}", left, left == 1 ? "" : "s"));
    cover_ = {std::max(cover_.begin, covered.begin), std::min(cover_.end, covered.end)};
    closed_ = calendar->closures(rule_.get<bool>("holidays.early_close"));
  }

  SessionTable table(const SessionList& sessions, const std::vector<std::string>& key) {
    const std::size_t before = problems_.size();
    if (const auto both = overlap(sessions))
      say(key, fmt::format("found sessions that overlap, {} and {}, allowed sessions one after the other",
                           both->first, both->second));
    for (const Session& session : sessions) check_length(session);
    if (problems_.size() != before) return {};
    std::vector<OpenTime> open = without(instants(sessions), closed_);
    for (OpenTime& each : open) each.end = each.end - early_;
    std::erase_if(open, [](const OpenTime& each) { return each.begin >= each.end; });
    if (open.empty() && problems_.empty()) say(key, "found sessions that never open, allowed at least one that does");
    return SessionTable{joined(open)};
  }

  void check_length(const Session& session) {
    if (length_of(session) > early_) return;
    const auto day = static_cast<unsigned>(std::countr_zero(session.days));
    say({"flatten_before_end"},
        fmt::format("found {}, allowed less than the length of each session; {} lasts {}", duration_text(early_),
                    session_text(session, day), duration_text(length_of(session))));
  }

  [[nodiscard]] std::vector<OpenTime> instants(const SessionList& sessions) const {
    std::vector<OpenTime> open;
    const auto last = zone_.day_of(cover_.end) + days{1};
    for (auto day = zone_.day_of(cover_.begin) - days{2}; day <= last; day += days{1}) {
      for (const Session& session : sessions) {
        if (!opens_on(session, std::chrono::weekday{day}.iso_encoding() - 1)) continue;
        const BrokerTime begin = std::max(zone_.instant(day, session.start), cover_.begin);
        const days over{session.end < session.start ? 1 : 0};
        const BrokerTime end = std::min(zone_.instant(day + over, session.end), cover_.end);
        if (begin < end) open.push_back({begin, end});
      }
    }
    std::ranges::sort(open, {}, &OpenTime::begin);
    return open;
  }

  const RuleConfig& rule_;
  Zone zone_;
  Duration early_;
  OpenTime cover_{};
  std::vector<OpenTime> closed_;
  MadeSessions made_;
  std::vector<SessionProblem> problems_;
};

}  // namespace

std::expected<MadeSessions, std::vector<SessionProblem>> make_sessions(const RuleConfig& rule, BrokerTime today) {
  return Maker{rule, today}.make();
}

}  // namespace rm
