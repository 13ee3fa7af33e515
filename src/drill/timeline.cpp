#include "drill/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

namespace rm::drill {
namespace {

constexpr double kLeft = 130, kWidth = 800, kRight = 20;
constexpr double kAboveAxis = 24;  // between the lowest label and the axis
constexpr double kLabel = 24;      // as much room as a label takes
constexpr std::array<double, 2> kLaneAt{70, 150};
constexpr double kLeastBottom = 200;
constexpr std::array<std::string_view, 2> kLanes{"paper gateway", "risk manager"};
// What happens within a hundredth of a millisecond is drawn to scale, what takes longer by its order of magnitude.
constexpr double kLinear = 10e3;

double scaled(std::int64_t ns) {
  const double size = std::log10(1 + std::abs(static_cast<double>(ns)) / kLinear);
  return ns < 0 ? -size : size;
}

// The gateway's own record, or the daemon's.
std::size_t lane_of(std::size_t link) {
  constexpr std::array<std::size_t, 3> kOfGateway{0, 10, 11};
  return std::ranges::find(kOfGateway, link) != kOfGateway.end() ? 0 : 1;
}

std::string tick_text(std::int64_t ns) {
  const std::int64_t size = std::abs(ns);
  const std::string_view sign = ns < 0 ? "−" : "";
  if (size >= 1'000'000'000) return fmt::format("{}{} s", sign, size / 1'000'000'000);
  if (size >= 1'000'000) return fmt::format("{}{} ms", sign, size / 1'000'000);
  return fmt::format("{}{} µs", sign, size / 1'000);
}

class Picture {
 public:
  explicit Picture(const Judgement& judgement) : judgement_{judgement} {
    for (const Evidence& evidence : judgement.links) {
      if (!evidence.at_ns) continue;
      first_ = std::min(first_, scaled(*evidence.at_ns));
      last_ = std::max(last_, scaled(*evidence.at_ns));
    }
  }

  std::string draw() {
    for (std::size_t i = 0; i < kLinks; ++i) point(i);
    const std::string points = std::exchange(out_, {});
    put(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="the links on a line of time">)", kLeft + kWidth + kRight,
        bottom_ + 20);
    ticks();
    for (std::size_t lane = 0; lane < kLanes.size(); ++lane) {
      put(R"(<text class="lane" x="0" y="{}">{}</text><line class="lane" x1="{}" y1="{}" x2="{}" y2="{}"/>)",
          kLaneAt[lane] + 4, kLanes[lane], kLeft, kLaneAt[lane], kLeft + kWidth, kLaneAt[lane]);
    }
    for (const auto& [from, to] :
         std::initializer_list<std::pair<std::size_t, std::size_t>>{{0, 1}, {7, 10}, {11, 12}})
      arrow(from, to);
    return std::move(out_) + points + "</svg>\n";
  }

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  [[nodiscard]] double x(std::int64_t ns) const {
    return kLeft + 15 + (scaled(ns) - first_) / std::max(last_ - first_, 0.1) * (kWidth - 30);
  }

  void ticks() {
    for (std::int64_t size = 100'000'000'000; size >= 100'000; size /= 10) tick(-size);
    tick(0);
    for (std::int64_t size = 100'000; size <= 100'000'000'000; size *= 10) tick(size);
  }
  void tick(std::int64_t ns) {
    if (scaled(ns) < first_ - 0.01 || scaled(ns) > last_ + 0.01) return;
    put(R"(<line class="tick" x1="{0:.1f}" y1="20" x2="{0:.1f}" y2="{1}"/>)", x(ns), bottom_ - 10);
    put(R"(<text class="tick" x="{:.1f}" y="{}">{}</text>)", x(ns), bottom_ + 6, ns == 0 ? "0" : tick_text(ns));
  }

  void arrow(std::size_t from, std::size_t to) {
    const Evidence &a = judgement_.links[from], &b = judgement_.links[to];
    if (!a.at_ns || !b.at_ns) return;
    put(R"(<line class="arrow" x1="{:.1f}" y1="{}" x2="{:.1f}" y2="{}"/>)", x(*a.at_ns), kLaneAt[lane_of(from)],
        x(*b.at_ns), kLaneAt[lane_of(to)]);
  }

  void point(std::size_t link) {
    const Evidence& evidence = judgement_.links[link];
    if (!evidence.at_ns) return;
    const std::size_t lane = lane_of(link);
    const double at = x(*evidence.at_ns), y = kLaneAt[lane];
    const LinkName& name = link_names()[link];
    put(R"(<circle cx="{:.1f}" cy="{}" r="4"><title>{} {}: {}</title></circle>)", at, y, name.id, name.name,
        escaped(evidence.text));
    const double height = 14 + 13 * static_cast<double>(level(lane, at));
    if (lane == 1) bottom_ = std::max(bottom_, y + height + kAboveAxis);
    put(R"(<text class="link" x="{:.1f}" y="{:.1f}">{}</text>)", at, lane == 0 ? y - height + 4 : y + height,
        name.id);
  }

  // Labels that would lie on each other go one above the other.
  std::size_t level(std::size_t lane, double at) {
    auto& taken = taken_[lane];
    std::size_t level = 0;
    while (std::ranges::any_of(taken,
                               [&](const auto& t) { return t.second == level && std::abs(t.first - at) < kLabel; }))
      ++level;
    taken.emplace_back(at, level);
    return level;
  }

  const Judgement& judgement_;
  double first_ = 0, last_ = 0;
  double bottom_ = kLeastBottom;  // deeper where labels are stacked
  std::array<std::vector<std::pair<double, std::size_t>>, 2> taken_;
  std::string out_;
};

}  // namespace

std::string timeline_svg(const Judgement& judgement) {
  return Picture{judgement}.draw();
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace rm::drill
