#include "paper_gateway/exchange/paper_time.h"

#include <fmt/format.h>

#include <array>

#include "paper_gateway/exchange/calendar.h"

namespace paper {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

struct Civil {
  year_month_day date;
  int hour, minute, second;
  std::int64_t nanos;
};

Civil civil(PaperTime time) {
  const std::chrono::sys_time<Nanos> instant{Nanos{time.ns}};
  const sys_days day = std::chrono::floor<days>(instant);
  const std::chrono::hh_mm_ss<Nanos> clock{instant - day};
  return {day, static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()), clock.subseconds().count()};
}

// Takes fixed-width numbers and single characters off the front of a text; remembers a failure.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}
  int number(int width) {
    int value = 0;
    for (int i = 0; i < width; ++i) {
      if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return fail();
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool digit_next() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  bool done() const { return good_ && rest_.empty(); }
  int fail() {
    good_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::int64_t read_fraction(Reader& in) {
  std::int64_t nanos = 0;
  std::int64_t unit = 100'000'000;
  if (!in.digit_next()) in.fail();
  for (; in.digit_next(); unit /= 10) {
    if (unit == 0) in.fail();
    nanos += in.number(1) * unit;
  }
  return nanos;
}

std::chrono::minutes read_offset(Reader& in) {
  if (in.take('Z') || in.take('z')) return {};
  const bool east = in.take('+');
  if (!east && !in.take('-')) return {};
  const int hours = in.number(2);
  in.expect(':');
  const int minutes = in.number(2);
  if (hours > 14 || minutes > 59) in.fail();
  const std::chrono::minutes offset{hours * 60 + minutes};
  return east ? offset : -offset;
}

}  // namespace

std::expected<PaperTime, std::string> parse_time(std::string_view text) {
  Reader in{text};
  const int y = in.number(4);
  in.expect('-');
  const int m = in.number(2);
  in.expect('-');
  const int d = in.number(2);
  if (!in.take('T') && !in.take('t') && !in.take(' ')) in.fail();
  const int hour = in.number(2);
  in.expect(':');
  const int minute = in.number(2);
  in.expect(':');
  const int second = in.number(2);
  const std::int64_t nanos = in.take('.') ? read_fraction(in) : 0;
  const std::chrono::minutes offset = read_offset(in);

  const year_month_day date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(m)},
                            std::chrono::day{static_cast<unsigned>(d)}};
  if (!in.done() || !date.ok() || y < 1971 || y > 2200 || hour > 23 || minute > 59 || second > 59) {
    return std::unexpected(fmt::format("'{}' is not a time such as 2026-09-01T14:30:00.123Z", text.substr(0, 40)));
  }
  const Nanos since_midnight = std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
  const Nanos midnight = sys_days{date}.time_since_epoch();
  return PaperTime{(midnight + since_midnight - offset).count() + nanos};
}

std::string time_text(PaperTime time, int digits) {
  const Civil c = civil(time);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(c.date.year()),
                                static_cast<unsigned>(c.date.month()), static_cast<unsigned>(c.date.day()), c.hour,
                                c.minute, c.second);
  std::string fraction = fmt::format("{:09}", c.nanos).substr(0, static_cast<std::size_t>(digits));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty()) out += '.' + fraction;
  return out + "+00:00";
}

std::string http_date(PaperTime time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(time);
  const std::chrono::weekday weekday{sys_days{c.date}};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday.c_encoding()],
                     static_cast<unsigned>(c.date.day()), kMonths[static_cast<unsigned>(c.date.month()) - 1],
                     static_cast<int>(c.date.year()), c.hour, c.minute, c.second);
}

std::string clock_text(PaperTime time) {
  const Civil c = civil(time + chicago_offset(time));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", c.hour, c.minute, c.second, c.nanos / 1'000'000);
}

}  // namespace paper
