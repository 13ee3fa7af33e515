#pragma once
// What the configuration says, in the words of book and engine: the daemon and a replay go by the same.

#include "book/market_book.h"
#include "config/config.h"
#include "risk_engine/blind_watch.h"

namespace rm {

[[nodiscard]] inline MarkKind mark_of(ValuationConfig::Mark mark) {
  switch (mark) {
    case ValuationConfig::Mark::Last:
      return MarkKind::Last;
    case ValuationConfig::Mark::Mid:
      return MarkKind::Mid;
    case ValuationConfig::Mark::Exit:
      return MarkKind::Exit;
  }
  return MarkKind::Last;
}

[[nodiscard]] inline BlindPolicy policy_of(const BlindConfig& config) {
  const bool flatten = config.action == BlindConfig::Action::Flatten;
  return {.action = flatten ? BlindPolicy::Action::Flatten : BlindPolicy::Action::Warn, .after = config.after};
}

}  // namespace rm
