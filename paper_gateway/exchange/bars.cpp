#include "paper_gateway/exchange/bars.h"

#include <algorithm>
#include <chrono>

#include "paper_gateway/exchange/calendar.h"

namespace paper {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::size_t kMaxSeconds = 14 * 86'400;
constexpr std::size_t kMaxTicks = 20'000;

PaperTime at(sys_days day) {
  return {Nanos{day.time_since_epoch()}.count()};
}

void merge(Bar& bar, const Bar& later) {
  bar.high = std::max(bar.high, later.high);
  bar.low = std::min(bar.low, later.low);
  bar.close = later.close;
  bar.volume += later.volume;
}

struct Period {
  PaperTime begin, end;
};

Period months(PaperTime time, int count) {
  using namespace std::chrono;
  const year_month_day date{floor<days>(sys_time<Nanos>{Nanos{time.ns}})};
  const int index = static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  const auto first = [](int month_index) {
    return sys_days{year{month_index / 12} / month{static_cast<unsigned>(month_index % 12 + 1)} / day{1}};
  };
  const int begin = index - index % count;
  return {at(first(begin)), at(first(begin + count))};
}

// The period of `count` units that holds an instant. Seconds to days count from 1970 UTC, weeks from a Monday.
Period period_of(PaperTime time, BarUnit unit, int count) {
  if (unit == BarUnit::Month) return months(time, count);
  const Nanos one = unit == BarUnit::Second   ? Nanos{std::chrono::seconds{1}}
                    : unit == BarUnit::Minute ? Nanos{std::chrono::minutes{1}}
                    : unit == BarUnit::Hour   ? Nanos{std::chrono::hours{1}}
                    : unit == BarUnit::Day    ? Nanos{days{1}}
                                              : Nanos{days{7}};
  const Nanos anchor = unit == BarUnit::Week ? Nanos{days{4}} : Nanos{0};  // 1970-01-05 was a Monday
  const std::int64_t length = one.count() * count;
  const std::int64_t begin = (time.ns - anchor.count()) / length * length + anchor.count();
  return {{begin}, {begin + length}};
}

// Keeps the latest `limit` of ascending bars, newest first.
std::vector<Bar> newest_first(std::vector<Bar> bars, int limit) {
  std::ranges::reverse(bars);
  if (bars.size() > static_cast<std::size_t>(limit)) bars.resize(static_cast<std::size_t>(limit));
  return bars;
}

}  // namespace

void BarSeries::add(const Print& print) {
  const Bar tick{print.time, print.price, print.price, print.price, print.price, print.volume};
  ticks_.push_back(tick);
  if (ticks_.size() > kMaxTicks) ticks_.pop_front();

  const PaperTime second = period_of(print.time, BarUnit::Second, 1).begin;
  if (!seconds_.empty() && seconds_.back().open_time == second) {
    merge(seconds_.back(), tick);
    return;
  }
  seconds_.push_back(tick);
  seconds_.back().open_time = second;
  if (seconds_.size() > kMaxSeconds) seconds_.pop_front();
}

std::vector<Bar> BarSeries::bars(const BarQuery& query, PaperTime now) const {
  const auto unit = static_cast<BarUnit>(query.unit);
  if (unit == BarUnit::Tick) return ticks_as_bars(query);
  std::vector<Bar> found;
  for (const Bar& second : seconds_) {
    const Period period = period_of(second.open_time, unit, query.unit_number);
    if (period.end <= query.from || period.begin > query.to) continue;
    if (period.end > now && !query.include_partial) continue;
    if (!found.empty() && found.back().open_time == period.begin) {
      merge(found.back(), second);
    } else {
      found.push_back(second);
      found.back().open_time = period.begin;
    }
  }
  return newest_first(std::move(found), query.limit);
}

std::vector<Bar> BarSeries::ticks_as_bars(const BarQuery& query) const {
  std::vector<Bar> found;
  int in_bar = query.unit_number;
  for (const Bar& tick : ticks_) {
    if (tick.open_time < query.from || tick.open_time > query.to) continue;
    if (in_bar == query.unit_number) {
      found.push_back(tick);
      in_bar = 1;
    } else {
      merge(found.back(), tick);
      ++in_bar;
    }
  }
  if (in_bar < query.unit_number && !query.include_partial) found.pop_back();
  return newest_first(std::move(found), query.limit);
}

}  // namespace paper
