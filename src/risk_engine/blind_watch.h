#pragma once
// What is done about an account that is seen neither by stream nor by reads while something of it is open: nothing
// but saying so, or closing it, for which no sight is needed.

#include <optional>

#include "rules/rule.h"

namespace rm {

struct BlindPolicy {
  enum class Action : std::uint8_t { Warn, Flatten };
  Action action = Action::Warn;
  Duration after = std::chrono::seconds{30};  // > 0; blind for that long
  friend bool operator==(const BlindPolicy&, const BlindPolicy&) = default;
};

class BlindWatch {
 public:
  static constexpr std::string_view kName = "on_blind";  // as which it stands in decisions, beside the rules

  explicit BlindWatch(BlindPolicy policy) : policy_{policy} {}

  // Adds its violation to `findings`, like a rule.
  void look(const AccountBook& book, BrokerTime now, Findings& findings) {
    due_.reset();
    if (policy_.action != BlindPolicy::Action::Flatten || book.sync() != SyncState::Blind || book.flat()) return;
    const BrokerTime due = book.sync_since() + policy_.after;
    if (now < due) {
      due_ = due;
      return;
    }
    findings.rule = kName;
    findings.violate(BlindWithPosition{}, flat_account());
  }
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const { return due_; }

 private:
  BlindPolicy policy_;
  std::optional<BrokerTime> due_;
};

}  // namespace rm
