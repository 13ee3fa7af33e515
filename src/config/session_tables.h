#pragma once
// Sessions as instants. For rules whose spec says Prepare::Sessions: made of the values `timezone`, `sessions`,
// `per_symbol`, `holidays.calendar`, `holidays.early_close` and `flatten_before_end`, once all of them are there. To
// be made anew whenever one of them changes.

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "rules/param.h"

namespace rm {

// Values that are each right by themselves and wrong together.
struct SessionProblem {
  std::vector<std::string> key;  // within the section: {"per_symbol", "ES"}
  std::string message;
};

struct MadeSessions {
  SessionTables tables;
  std::optional<std::string> warning;  // the calendar runs out soon
};

// Over a year back (a paper day may lie in the past) to three years ahead, as far as the calendar goes. `today`
// decides no more than that, and whether the calendar is one of today.
[[nodiscard]] std::expected<MadeSessions, std::vector<SessionProblem>> make_sessions(const RuleConfig& rule,
                                                                                     BrokerTime today);

inline constexpr int kWarnDaysBeforeCalendarEnds = 60;

}  // namespace rm
