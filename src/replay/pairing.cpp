#include "replay/pairing.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace rm {
namespace {

using Finding = DecisionThen::Finding;
using Decisions = std::vector<DecisionThen>;
using Pairs = std::vector<WhatIf::Pair>;

enum class About : std::uint8_t {
  TheSame,        // rule and contract
  OneTheAccount,  // the rule, which one of the two configurations applies to the account as a whole
};

bool like(const Finding& a, const Finding& b, About about) {
  const bool whole = a.contract.empty() || b.contract.empty();
  return a.rule == b.rule && a.strike == b.strike &&
         (a.contract == b.contract || (about == About::OneTheAccount && whole));
}
bool all_like(const DecisionThen& a, const DecisionThen& b, About about) {
  return std::ranges::equal(a.findings, b.findings,
                            [&](const Finding& x, const Finding& y) { return like(x, y, about); });
}
bool one_decision(const DecisionThen& a, const DecisionThen& b) {
  return std::tie(a.run, a.event, a.account) == std::tie(b.run, b.event, b.account);
}
bool one_day(const DecisionThen& a, const DecisionThen& b) {
  return a.day == b.day && a.account == b.account;
}

// Each of `recorded` with the first of `other` that fits, which are taken out of both.
Pairs take_pairs(Decisions& recorded, Decisions& other, auto fits) {
  Pairs pairs;
  std::erase_if(recorded, [&](DecisionThen& then) {
    const auto found = std::ranges::find_if(other, [&](const DecisionThen& now) { return fits(then, now); });
    if (found == other.end()) return false;
    pairs.push_back({std::move(then), std::move(*found)});
    other.erase(found);
    return true;
  });
  return pairs;
}

Decisions one_for_each_finding(const Decisions& decisions) {
  Decisions all;
  for (const DecisionThen& decision : decisions) {
    for (const Finding& finding : decision.findings) {
      all.push_back(decision);
      all.back().findings = {finding};
    }
  }
  return all;
}

void join(DecisionThen& into, const DecisionThen& from) {
  for (const Finding& finding : from.findings) {
    const auto same = [&](const Finding& f) { return like(f, finding, About::TheSame) && f.why == finding.why; };
    if (std::ranges::none_of(into.findings, same)) into.findings.push_back(finding);
  }
}

// The findings of one decision that came to the same are one decision again.
Decisions joined(const Decisions& single) {
  Decisions all;
  for (const DecisionThen& one : single) {
    if (!all.empty() && one_decision(all.back(), one)) {
      join(all.back(), one);
    } else {
      all.push_back(one);
    }
  }
  return all;
}
void add_joined(Pairs& all, const Pairs& single) {
  for (const WhatIf::Pair& one : single) {
    const auto before = std::ranges::find_if(all, [&](const WhatIf::Pair& p) {
      return one_decision(p.recorded, one.recorded) && one_decision(p.other, one.other);
    });
    if (before == all.end()) {
      all.push_back(one);
    } else {
      join(before->recorded, one.recorded);
      join(before->other, one.other);
    }
  }
}

void add_of_one_moment(WhatIf& result, const Pairs& pairs) {
  Pairs changed;
  for (const WhatIf::Pair& pair : pairs) {
    if (pair.recorded.what == pair.other.what && pair.recorded.why() == pair.other.why()) {
      result.same.push_back(pair.recorded);
    } else {
      changed.push_back(pair);
    }
  }
  add_joined(result.changed, changed);
}

}  // namespace

void pair_up(WhatIf& result, Decisions recorded, Decisions other) {
  const auto at_once = [](About about) {
    return
        [about](const DecisionThen& a, const DecisionThen& b) { return one_decision(a, b) && all_like(a, b, about); };
  };
  const auto on_one_day = [](About about) {
    return [about](const DecisionThen& a, const DecisionThen& b) { return one_day(a, b) && all_like(a, b, about); };
  };
  add_of_one_moment(result, take_pairs(recorded, other, at_once(About::TheSame)));
  recorded = one_for_each_finding(recorded);
  other = one_for_each_finding(other);
  for (const About about : {About::TheSame, About::OneTheAccount})
    add_of_one_moment(result, take_pairs(recorded, other, at_once(about)));
  for (const About about : {About::TheSame, About::OneTheAccount})
    add_joined(result.moved, take_pairs(recorded, other, on_one_day(about)));
  result.fallen_away = joined(recorded);
  result.added = joined(other);
}

}  // namespace rm
