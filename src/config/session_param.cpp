#include "config/session_param.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/param_value.h"
#include "config/scalars.h"
#include "config/suggest.h"
#include "config/yaml_text.h"
#include "config/zone.h"

namespace rm {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kAllowedDays = "a list of different days out of mon, tue, wed, thu, fri, sat, sun";
constexpr std::string_view kAllowedTime = "a local time of day from 00:00 to 23:59, like \"08:30\"";
constexpr std::string_view kExample = R"({days: [mon, fri], start: "08:30", end: "15:00"})";

std::uint8_t read_days(const Node* node, const Section& section, Report& report) {
  const std::string path = section.path_of("days");
  if (node == nullptr || !node->is_list()) {
    report.add(node ? node->place : section.place(), path,
               fmt::format("found {}, allowed {}", node ? describe(*node) : "nothing", kAllowedDays));
    return 0;
  }
  if (node->items.empty())
    report.add(node->place, path, fmt::format("found no day: the session never opens, allowed {}", kAllowedDays));
  std::uint8_t days = 0;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const auto* const day = std::ranges::find(kDays, std::string_view{item.text});
    const auto bit = static_cast<std::uint8_t>(day == kDays.end() ? 0 : 1U << (day - kDays.begin()));
    if (!item.is_scalar() || bit == 0 || (days & bit) != 0) {
      const std::vector<std::string_view> names{kDays.begin(), kDays.end()};
      report.wrong(item, fmt::format("{}[{}]", path, i), kAllowedDays,
                   item.is_scalar() && bit == 0 ? did_you_mean(item.text, names) : "");
      continue;
    }
    days = static_cast<std::uint8_t>(days | bit);
  }
  return days;
}

std::chrono::minutes read_time(const Node* node, std::string_view key, const Section& section, Report& report) {
  const auto time = node && node->is_scalar() ? scan_time_of_day(node->text) : std::nullopt;
  if (!time)
    report.add(node ? node->place : section.place(), section.path_of(key),
               fmt::format("found {}, allowed {}", node ? describe(*node) : "nothing", kAllowedTime));
  return time.value_or(std::chrono::minutes{});
}

std::optional<Session> read_session(const Node& node, const std::string& path, Report& report) {
  const std::size_t before = report.count();
  if (!node.is_map()) {
    report.wrong(node, path, kExample);
    return std::nullopt;
  }
  Section section{&node, path, report};
  Session session;
  session.days = read_days(section.take("days"), section, report);
  const Node* end = section.take("end");
  session.start = read_time(section.take("start"), "start", section, report);
  session.end = read_time(end, "end", section, report);
  section.finish();
  if (report.count() == before && session.start == session.end)
    report.add(end->place, section.path_of("end"),
               fmt::format("found a session of no length, from {0} to {0}, allowed an end that is not the start; one "
                           "before the start lies on the next day",
                           time_of_day_text(session.end)));
  return report.count() == before ? std::optional{session} : std::nullopt;
}

std::optional<SessionList> read_list(const Node& node, const std::string& path, Report& report) {
  const std::size_t before = report.count();
  if (!node.is_list()) {
    report.wrong(node, path, allowed_sessions());
  } else if (node.items.empty()) {
    report.add(node.place, path,
               "found an empty list: there would never be a session, allowed " + allowed_sessions());
  } else if (node.items.size() > kMaxSessions) {
    report.add(node.place, path, fmt::format("found {} sessions, allowed {}", node.items.size(), kMaxSessions));
  }
  if (report.count() != before) return std::nullopt;
  SessionList sessions;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (const auto session = read_session(node.items[i], fmt::format("{}[{}]", path, i), report))
      sessions.push_back(*session);
  }
  return report.count() == before ? std::optional{std::move(sessions)} : std::nullopt;
}

bool is_product(const std::string& symbol) {
  return symbol.find_first_of("*?") == std::string::npos;
}

}  // namespace

std::string allowed_sessions() {
  return fmt::format("a list of sessions, like [{}]", kExample);
}

std::string allowed_symbol_sessions() {
  return fmt::format("a mapping of each symbol to its list of sessions, like {{ES: [{}]}}", kExample);
}

std::optional<ParamValue> read_time_zone(const Node& node, const std::string& path, Report& report) {
  if (!node.is_scalar()) {
    report.wrong(node, path, "the name of a time zone, like America/Chicago");
    return std::nullopt;
  }
  if (const auto zone = Zone::find(node.text); !zone) {
    report.add(node.place, path, zone.error().message);
    return std::nullopt;
  }
  return ParamValue{node.text};
}

std::optional<ParamValue> read_sessions(const Node& node, const std::string& path, Report& report) {
  auto sessions = read_list(node, path, report);
  return sessions ? std::optional<ParamValue>{*std::move(sessions)} : std::nullopt;
}

std::optional<ParamValue> read_symbol_sessions(const Node& node, const std::string& path, Report& report) {
  const std::size_t before = report.count();
  if (!node.is_map() || node.entries.size() > kMaxSessionSymbols) {
    report.wrong(node, path, allowed_symbol_sessions());
    return std::nullopt;
  }
  SessionsBySymbol all;
  for (const NodeEntry& entry : node.entries) {
    const std::string entry_path = path + "." + printable(entry.key);
    const auto symbol = scan_symbol(entry.key);
    if (!symbol || !is_product(*symbol)) {
      report.add(entry.place, entry_path,
                 "found '" + printable(entry.key) +
                     "' as a symbol, allowed the product as people write it, like MNQ or 6E, without * and ?");
    } else if (auto sessions = read_list(entry.value, entry_path, report);
               sessions && !all.emplace(*symbol, *std::move(sessions)).second) {
      report.add(entry.place, entry_path, "the symbol " + *symbol + " is listed twice, allowed once");
    }
  }
  if (report.count() != before) return std::nullopt;
  return ParamValue{std::move(all)};
}

std::optional<ParamValue> read_holiday_file(const Param& param, const Node& node, const std::string& path,
                                            Report& report) {
  if (node.is_scalar() && !node.text.empty() && is_plain_text(node.text) && !node.text.starts_with('~'))
    return ParamValue{node.text};
  report.wrong(node, path, allowed_text(param));
  return std::nullopt;
}

std::string session_text(const Session& session, unsigned day) {
  return fmt::format("{} {} - {}", kDays.at(day), time_of_day_text(session.start), time_of_day_text(session.end));
}

std::string sessions_yaml(const SessionList& sessions) {
  std::string out = "[";
  for (const Session& session : sessions) {
    std::vector<std::string_view> days;
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if ((session.days >> day & 1U) != 0) days.push_back(kDays.at(day));
    }
    out += fmt::format("{}{{days: [{}], start: \"{}\", end: \"{}\"}}", out.size() > 1 ? ", " : "",
                       fmt::join(days, ", "), time_of_day_text(session.start), time_of_day_text(session.end));
  }
  return out + "]";
}

std::string symbol_sessions_yaml(const SessionsBySymbol& sessions) {
  std::string out = "{";
  for (const auto& [symbol, list] : sessions)
    out += (out.size() > 1 ? ", " : "") + yaml_scalar(symbol) + ": " + sessions_yaml(list);
  return out + "}";
}

}  // namespace rm
