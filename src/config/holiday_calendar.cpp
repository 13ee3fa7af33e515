#include "config/holiday_calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/file.h"
#include "config/load.h"
#include "config/scalars.h"
#include "config/section.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::string_view kAllDay = "all day";
constexpr std::string_view kFrom = "from ";

// Reads one calendar; problems go to the report, with their places in its own file.
class Reader {
 public:
  explicit Reader(Report& report) : report_{report} {}

  HolidayCalendar read(const Node& root) {
    HolidayCalendar calendar;
    Section top{&root, "", report_};
    calendar.timezone = zone(top.take("timezone"), top);
    calendar.day_begins = time(top.take("day_begins"), "day_begins", top);
    Section covers{top.take("covers"), "covers", report_};
    calendar.first = date(covers.take("from"), "from", covers);
    calendar.last = date(covers.take("to"), "to", covers);
    covers.finish();
    read_days(top.take("days"), top, calendar);
    top.finish();
    if (report_.empty() && calendar.first > calendar.last)
      report_.add(covers.place(), "covers", "found a last day before the first, allowed the first one first");
    return calendar;
  }

 private:
  void wrong(const Node* node, std::string_view key, const Section& section, std::string_view allowed) {
    report_.add(node ? node->place : section.place(), section.path_of(key),
                fmt::format("found {}, allowed {}", node ? describe(*node) : "nothing", allowed));
  }

  std::string zone(const Node* node, const Section& section) {
    if (node == nullptr || !node->is_scalar()) {
      wrong(node, "timezone", section, "the name of a time zone, like America/Chicago");
      return {};
    }
    if (const auto found = Zone::find(node->text); !found)
      report_.add(node->place, "timezone", found.error().message);
    return node->text;
  }

  minutes time(const Node* node, std::string_view key, const Section& section) {
    const auto found = node && node->is_scalar() ? scan_time_of_day(node->text) : std::nullopt;
    if (!found) wrong(node, key, section, "a local time of day from 00:00 to 23:59, like \"17:00\"");
    return found.value_or(minutes{});
  }

  year_month_day date(const Node* node, std::string_view key, const Section& section) {
    const auto found = node && node->is_scalar() ? scan_date(node->text) : std::nullopt;
    if (!found) wrong(node, key, section, "a date from 1971 to 2037, like 2026-12-25");
    return found.value_or(year_month_day{});
  }

  void read_days(const Node* node, const Section& top, HolidayCalendar& calendar) {
    if (node == nullptr || !node->is_list()) return wrong(node, "days", top, "a list of days");
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      const std::string path = fmt::format("days[{}]", i);
      const Node& item = node->items[i];
      if (!item.is_map()) {
        report_.wrong(item, path, R"({date: 2026-12-24, closed: from 12:15, name: "Christmas Eve"})");
        continue;
      }
      Section section{&item, path, report_};
      add(read_day(section, calendar), section, calendar);
    }
  }

  Holiday read_day(Section& section, const HolidayCalendar& calendar) {
    Holiday day;
    day.date = date(section.take("date"), "date", section);
    const Node* closed = section.take("closed");
    const std::string_view words = closed && closed->is_scalar() ? std::string_view{closed->text} : "";
    if (words.starts_with(kFrom)) day.closes = scan_time_of_day(words.substr(kFrom.size()));
    // At or after the begin of the next day there is nothing left to close.
    if (words != kAllDay && (!day.closes || *day.closes >= calendar.day_begins))
      wrong(closed, "closed", section,
            "'all day', or 'from' and a local time before the next day begins, like from 12:15");
    const Node* name = section.take("name");
    if (name == nullptr || !name->is_scalar()) wrong(name, "name", section, "what the day is called");
    if (name) day.name = name->text;
    section.finish();
    return day;
  }

  void add(Holiday day, const Section& section, HolidayCalendar& calendar) {
    if (!report_.empty()) return;
    if (day.date < calendar.first || day.date > calendar.last) {
      report_.add(section.place(), section.path(), "found a day outside of what the calendar covers");
    } else if (!calendar.holidays.empty() && day.date <= calendar.holidays.back().date) {
      report_.add(section.place(), section.path(),
                  "found a day that is not after the one before, allowed each once, in order");
    } else {
      calendar.holidays.push_back(std::move(day));
    }
  }

  Report& report_;
};

// A closure of this date ends when the next day that is no Saturday or Sunday begins.
sys_days next_weekday(sys_days day) {
  do day += days{1};
  while (std::chrono::weekday{day}.iso_encoding() > 5);
  return day;
}

// Read from a calendar that was checked: the zone is there.
Zone zone_of(const HolidayCalendar& calendar) {
  return Zone::find(calendar.timezone).value();
}

}  // namespace

OpenTime HolidayCalendar::covered() const {
  const Zone zone = zone_of(*this);
  return {zone.instant(sys_days{first} - days{1}, day_begins), zone.instant(sys_days{last}, day_begins)};
}

int HolidayCalendar::days_left(BrokerTime today) const {
  return static_cast<int>((sys_days{last} - zone_of(*this).day_of(today)).count());
}

std::vector<OpenTime> HolidayCalendar::closures(bool early_closes) const {
  const Zone zone = zone_of(*this);
  std::vector<OpenTime> out;
  for (const Holiday& day : holidays) {
    if (day.closes && !early_closes) continue;
    const sys_days date{day.date};
    const BrokerTime begin = day.closes ? zone.instant(date, *day.closes) : zone.instant(date - days{1}, day_begins);
    const BrokerTime end = zone.instant(next_weekday(date) - days{1}, day_begins);
    if (!out.empty() && begin <= out.back().end) {
      out.back().end = std::max(out.back().end, end);
    } else {
      out.push_back({begin, end});
    }
  }
  return out;
}

std::expected<HolidayCalendar, std::string> parse_calendar(std::string_view text, const std::string& file_name) {
  const std::string shown = printable(file_name, 300);
  if (!is_utf8(text)) return std::unexpected{shown + ": found bytes that are not UTF-8, allowed text"};
  const auto root = parse_yaml(text);
  if (!root) {
    Problem problem = root.error();
    problem.source = shown;
    return std::unexpected{problem.text()};
  }
  Report report{shown};
  report_duplicates(*root, "", report);
  HolidayCalendar calendar = Reader{report}.read(*root);
  if (!report.empty()) return std::unexpected{report.take().front().text()};
  return calendar;
}

std::expected<HolidayCalendar, std::string> load_calendar(const std::string& name_or_path) {
  if (name_or_path == "cme") return parse_calendar(cme_calendar_text(), "cme");
  const auto file = read_small_file(name_or_path, kMaxConfigBytes);
  if (!file) return std::unexpected{printable(name_or_path, 300) + ": " + file.error()};
  return parse_calendar(file->text, name_or_path);
}

std::optional<year_month_day> scan_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t count) -> std::optional<unsigned> {
    unsigned value = 0;
    const char* const end = text.data() + from + count;
    const auto [stop, error] = std::from_chars(text.data() + from, end, value);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
  };
  const auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (!year || !month || !day || *year < 1971 || *year > 2037) return std::nullopt;
  const year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                            std::chrono::day{*day}};
  return date.ok() ? std::optional{date} : std::nullopt;
}

std::string date_text(year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace rm
