// Things to do later, on a monotonic clock in nanoseconds.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace paper {

class Agenda {
 public:
  void at(std::int64_t monotonic_ns, std::function<void()> what) { things_.emplace(monotonic_ns, std::move(what)); }
  std::optional<std::int64_t> next_deadline() const {
    if (things_.empty()) return std::nullopt;
    return things_.begin()->first;
  }
  // Does what is due, earliest first, those for one instant in the order they were asked for.
  void on_time(std::int64_t now_ns) {
    while (!things_.empty() && things_.begin()->first <= now_ns) {
      const auto what = std::move(things_.begin()->second);
      things_.erase(things_.begin());
      what();
    }
  }

 private:
  std::multimap<std::int64_t, std::function<void()>> things_;
};

}  // namespace paper
