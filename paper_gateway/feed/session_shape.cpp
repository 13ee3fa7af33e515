#include "paper_gateway/feed/session_shape.h"

#include <array>
#include <chrono>
#include <cstddef>

namespace paper {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// Summer time runs from 02:00 standard on the second Sunday of March to 02:00 daylight on the first of November.
bool daylight_saving(sys_seconds when) {
  namespace c = std::chrono;
  const c::year year = c::year_month_day{c::floor<days>(when - hours{6})}.year();
  const sys_seconds begin = sys_days{year / c::March / c::Sunday[2]} + hours{2 + 6};
  const sys_seconds end = sys_days{year / c::November / c::Sunday[1]} + hours{2 + 5};
  return when >= begin && when < end;
}

struct Knot {
  std::int32_t minute;  // of the Chicago day
  std::int32_t permille;
};

constexpr std::array kShape = {
    Knot{0, 220},
    Knot{1 * 60, 260},
    Knot{2 * 60, 450},
    Knot{3 * 60, 500},
    Knot{5 * 60, 380},
    Knot{7 * 60, 600},
    Knot{7 * 60 + 30, 900},
    Knot{8 * 60 + 29, 800},
    Knot{8 * 60 + 30, 2600},
    Knot{9 * 60, 1700},
    Knot{10 * 60, 1100},
    Knot{11 * 60, 700},
    Knot{12 * 60 + 30, 500},
    Knot{13 * 60 + 30, 750},
    Knot{14 * 60 + 30, 1200},
    Knot{14 * 60 + 59, 1900},
    Knot{15 * 60 + 1, 900},
    Knot{15 * 60 + 30, 350},
    Knot{16 * 60, 120},
    Knot{16 * 60 + 59, 120},
    Knot{17 * 60, 700},
    Knot{18 * 60, 350},
    Knot{24 * 60, 220},
};

}  // namespace

std::int32_t chicago_second_of_day(std::int64_t unix_ns) {
  const auto when = std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{unix_ns}});
  const auto local = when - hours{daylight_saving(when) ? 5 : 6};
  return static_cast<std::int32_t>((local - std::chrono::floor<days>(local)).count());
}

std::int32_t session_intensity_permille(std::int32_t chicago_second) {
  const std::int32_t minute = chicago_second / 60;
  std::size_t right = 1;
  while (right + 1 < kShape.size() && kShape[right].minute <= minute) ++right;
  const Knot a = kShape[right - 1];
  const Knot b = kShape[right];
  return a.permille + (b.permille - a.permille) * (minute - a.minute) / (b.minute - a.minute);
}

}  // namespace paper
