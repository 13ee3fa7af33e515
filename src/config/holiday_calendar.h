#pragma once
// Days on which an exchange does not trade, or stops early: read from a small YAML file.

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/zone.h"
#include "rules/session.h"

namespace rm {

struct Holiday {
  std::chrono::year_month_day date;
  std::optional<std::chrono::minutes> closes;  // local time; empty: closed all day
  std::string name;
  friend bool operator==(const Holiday&, const Holiday&) = default;
};

struct HolidayCalendar {
  std::string timezone;
  std::chrono::minutes day_begins{};        // on the eve: the day of a date is from there to the same time of it
  std::chrono::year_month_day first, last;  // what it covers, both included
  std::vector<Holiday> holidays;            // ascending
  [[nodiscard]] OpenTime covered() const;   // the instants of the days it covers
  [[nodiscard]] int days_left(BrokerTime today) const;  // until the last day; negative behind it

  // What is closed, ascending, without overlaps; early closes only on request.
  [[nodiscard]] std::vector<OpenTime> closures(bool early_closes) const;
};

// The calendar of that name that comes with the program, or the file of that path. The error is a sentence.
[[nodiscard]] std::expected<HolidayCalendar, std::string> load_calendar(const std::string& name_or_path);
[[nodiscard]] std::expected<HolidayCalendar, std::string> parse_calendar(std::string_view text,
                                                                         const std::string& file_name);
[[nodiscard]] std::string_view cme_calendar_text();

// "2027-12-31"; nullopt when it is no date.
[[nodiscard]] std::optional<std::chrono::year_month_day> scan_date(std::string_view text);
[[nodiscard]] std::string date_text(std::chrono::year_month_day date);

}  // namespace rm
