#pragma once

#include <functional>
#include <map>
#include <optional>

#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// What shall happen later, in order of time and, at one instant, in the order it was asked for.
class Scheduler {
 public:
  using Action = std::function<void()>;
  void at(PaperTime when, Action action) { actions_.emplace(when, std::move(action)); }
  std::optional<PaperTime> next() const {
    return actions_.empty() ? std::nullopt : std::optional{actions_.begin()->first};
  }
  Action take_next() { return std::move(actions_.extract(actions_.begin()).mapped()); }

 private:
  std::multimap<PaperTime, Action> actions_;
};

}  // namespace paper
