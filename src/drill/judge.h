#pragma once
// R39: what a record proves of the fourteen links between a fill at the broker and the written proof. Pure: the
// record in, the evidence out.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drill/record.h"
#include "rules/breach.h"

namespace rm::drill {

inline constexpr std::size_t kLinks = 14;
struct LinkName {
  std::string_view id, name, promise;  // "R8", "executor", what must be true
};
[[nodiscard]] const std::array<LinkName, kLinks>& link_names();

// What the drill did, and what has to follow from it by the rule's own words.
struct Expected {
  std::string rule;
  std::int64_t account = 0;
  std::string contract;  // the broker's id
  std::string reason;    // code of the violation; empty: the rule moves stops and has none
  Breach::Action action{};
  std::optional<Breach::SetsLock> lock;

  // ── how it was before the last step, which breaks the rule ──
  std::string last_step;         // in words
  std::string_view told_by;      // hub event that tells of it: "GatewayQuote"; empty: time alone
  std::int64_t step_ns = 0;      // when it was taken
  std::int64_t most_lots = 0;    // that were held in the contract, this step included
  std::string order;             // placed by the drill; empty: none
  std::string stop_price;        // of that order
  std::int64_t evaluations = 0;  // of this rule
};

struct Evidence {
  bool proven = false;
  std::string text;                   // what was found; or what was looked for in vain, and where
  std::string where;                  // "log line 12, table violations"
  std::optional<std::int64_t> at_ns;  // after the message that the rule was broken by
};

struct StoryLine {
  std::int64_t at_ns = 0;
  std::string who, text;
};

struct Judgement {
  std::array<Evidence, kLinks> links;
  std::vector<std::string> together;  // other rules that were broken by the same event
  std::vector<std::string> earlier;   // other rules that were broken before
  std::vector<StoryLine> story;
  std::string sentence;  // of the violation

  [[nodiscard]] bool proven() const;
  [[nodiscard]] std::optional<std::size_t> first_missing() const;
};

[[nodiscard]] Judgement judge(const Record& record, const Expected& expected);

}  // namespace rm::drill
