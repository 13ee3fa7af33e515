#include "config/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config/param_value.h"

namespace rm {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits and nothing else, without a leading zero ("010" is eight to some readers of YAML and ten to others).
std::optional<std::int64_t> scan_digits(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit) || (text.size() > 1 && text.front() == '0'))
    return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view suffix;
  Duration length;
};
// "ms" before "s" and "m": the suffix that fits first is taken.
constexpr std::array units{Unit{"ms", std::chrono::milliseconds{1}}, Unit{"s", std::chrono::seconds{1}},
                           Unit{"m", std::chrono::minutes{1}}, Unit{"h", std::chrono::hours{1}}};

}  // namespace

std::optional<bool> scan_bool(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> scan_int(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto digits = scan_digits(negative ? text.substr(1) : text);
  if (!digits || *digits > kMaxInt) return std::nullopt;
  return negative ? -*digits : *digits;
}

std::optional<std::int64_t> scan_id(std::string_view text) {
  const auto id = scan_digits(text);
  return id && *id > 0 ? id : std::nullopt;
}

std::optional<std::int64_t> scan_tenths(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = scan_digits(text.substr(0, point));
  const auto tenth = point == std::string_view::npos ? std::optional<std::int64_t>{0}
                     : text.size() == point + 2      ? scan_digits(text.substr(point + 1))
                                                     : std::nullopt;
  if (!whole || !tenth || *whole > kMaxInt) return std::nullopt;
  const std::int64_t tenths = *whole * 10 + *tenth;
  return tenths > 0 ? std::optional{tenths} : std::nullopt;
}

std::optional<Money> scan_money(std::string_view text) {
  const auto money = Money::parse(text);
  return money ? std::optional{*money} : std::nullopt;
}

std::optional<Duration> scan_duration(std::string_view text) {
  for (const Unit& unit : units) {
    if (!text.ends_with(unit.suffix)) continue;
    const auto count = scan_digits(text.substr(0, text.size() - unit.suffix.size()));
    if (!count || *count > kMaxDuration / unit.length) return std::nullopt;
    return *count * unit.length;
  }
  return std::nullopt;
}

std::optional<std::chrono::minutes> scan_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) ||
      !is_digit(text[4]))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::optional<std::string> scan_symbol(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  std::string symbol;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool word = is_digit(upper) || (upper >= 'A' && upper <= 'Z') ||
                      std::string_view{".-_/*?"}.find(upper) != std::string_view::npos;
    if (!word) return std::nullopt;
    symbol += upper;
  }
  return symbol;
}

std::string duration_text(Duration duration) {
  const Unit* best = units.data();
  for (const Unit& unit : units) {
    if (duration.count() != 0 && duration % unit.length == Duration{0}) best = &unit;
  }
  if (duration.count() == 0) best = &units[1];
  return fmt::format("{}{}", duration / best->length, best->suffix);
}

std::string time_of_day_text(std::chrono::minutes time) {
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

}  // namespace rm
