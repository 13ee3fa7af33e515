#include <fmt/format.h>

#include "config/param_value.h"
#include "config/session_param.h"

namespace rm {

std::string_view bound_text(Bound bound) {
  switch (bound) {
    case Bound::Any:
      return "";
    case Bound::BelowZero:
      return " below 0";
    case Bound::AboveZero:
      return " above 0";
    case Bound::AtLeastZero:
      return " of 0 or more";
  }
  return "";
}

std::vector<std::string_view> split_choices(std::string_view choices) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from <= choices.size();) {
    const std::size_t bar = std::min(choices.find('|', from), choices.size());
    out.push_back(choices.substr(from, bar - from));
    from = bar + 1;
  }
  return out;
}

std::string allowed_text(const Param& param) {
  const std::string_view bound = bound_text(param.bound);
  switch (param.kind) {
    case ParamKind::Bool:
      return "true or false";
    case ParamKind::Int:
      return fmt::format("a whole number{}, at most {}", bound, param.bound == Bound::BelowZero ? -1 : kMaxInt);
    case ParamKind::Money:
      return fmt::format("an amount of money{}, like {}", bound,
                         param.bound == Bound::BelowZero ? "-1000.00" : "1000.00");
    case ParamKind::Choice:
      return fmt::format("{}{}", param.choices.find('|') == std::string_view::npos ? "" : "one of ",
                         fmt::join(split_choices(param.choices), ", "));
    case ParamKind::PercentList:
      return "a list of whole percents from 1 to 99 in ascending order, like [50, 75, 90]";
    case ParamKind::TimeSpan:
      return fmt::format("a duration{}, like 500ms, 10s, 5m or 2h, at most 8784h", bound);
    case ParamKind::Text:
      return param.choices.empty() ? "a text" : std::string{param.choices};
    case ParamKind::SymbolList:
      return "a list of different symbols, like [MNQ, ES]";
    case ParamKind::SymbolLimits:
      return fmt::format("a mapping of each symbol to a whole number{}, like {{MNQ: 3, ES: 1}}", bound);
    case ParamKind::SymbolWeights:
      return "a mapping of each symbol to a number above 0 with at most one decimal, like {MNQ: 0.1, ES: 1}";
    case ParamKind::TimeZone:
      return "the name of a time zone, like America/Chicago";
    case ParamKind::Sessions:
      return allowed_sessions();
    case ParamKind::SymbolSessions:
      return allowed_symbol_sessions();
    case ParamKind::HolidayFile:
      return "none, cme, or the path of a calendar file; a relative one starts at the folder of this file, and '~' "
             "is "
             "not replaced";
    case ParamKind::Cooldown:
      return fmt::format("a duration{}, like 60s, 30m or 2h, at most 8784h, or until_reset", bound);
    case ParamKind::LossTiers:
      return "a list of losses and cooldowns, the mildest first, like [{loss: -100.00, cooldown: 5m}, {loss: "
             "-250.00, "
             "cooldown: 30m}]";
  }
  return {};
}

}  // namespace rm
