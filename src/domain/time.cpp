#include "domain/time.h"

#include <charconv>
#include <optional>

#include "domain/decimal.h"

namespace rm {
namespace {

// Takes exactly `width` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_fraction(std::string_view& text) {
  if (!take_char(text, '.')) return 0;
  std::int64_t nanos = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 9) nanos = nanos * 10 + (text.front() - '0');
  }
  if (digits == 0 || digits > 12) return std::nullopt;
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

std::optional<std::int64_t> take_offset_seconds(std::string_view& text) {
  if (text.empty() || take_char(text, 'Z')) return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  const bool colon = take_char(text, ':');
  const auto minutes = take_number(text, 2);
  if (!hours || !colon || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return west ? -seconds : seconds;
}

std::optional<std::int64_t> take_date_days(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || *year < 1970 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take_char(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width > digits.size() ? width - digits.size() : 0, '0').append(digits);
}

}  // namespace

Result<BrokerTime> parse_timestamp(std::string_view text) {
  std::string_view rest = text;
  const auto bad = [&] {
    return fail(ErrorCode::Malformed, "'" + std::string{text.substr(0, 40)} + "' is not a timestamp");
  };
  const auto days = take_date_days(rest);
  if (!days || !take_char(rest, 'T')) return bad();
  const auto seconds = take_time_of_day(rest);
  if (!seconds) return bad();
  const auto fraction = take_fraction(rest);
  if (!fraction) return bad();
  const auto offset = take_offset_seconds(rest);
  if (!offset || !rest.empty()) return bad();
  return BrokerTime::from_nanos((*days * 86'400 + *seconds - *offset) * kNanosPerUnit + *fraction);
}

std::string format_timestamp(BrokerTime time) {
  const auto since_epoch = std::chrono::sys_time<Duration>{Duration{time.nanos()}};
  const auto day = std::chrono::floor<std::chrono::days>(since_epoch);
  const std::chrono::year_month_day date{day};
  const std::int64_t of_day = (since_epoch - day).count();
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  append_padded(out.append(1, '-'), static_cast<unsigned>(date.month()), 2);
  append_padded(out.append(1, '-'), static_cast<unsigned>(date.day()), 2);
  const std::int64_t seconds = of_day / kNanosPerUnit;
  append_padded(out.append(1, 'T'), seconds / 3600, 2);
  append_padded(out.append(1, ':'), seconds / 60 % 60, 2);
  append_padded(out.append(1, ':'), seconds % 60, 2);
  if (const std::int64_t fraction = of_day % kNanosPerUnit; fraction != 0) out += format_nanos(fraction).substr(1);
  return out.append(1, 'Z');
}

}  // namespace rm
