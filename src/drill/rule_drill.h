#pragma once
// One rule of one account, broken for real: a paper gateway and a daemon of its own, with the user's configuration.

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/environment.h"
#include "drill/child.h"
#include "drill/judge.h"
#include "drill/paper_config.h"

namespace rm::drill {

// What all rules of a drill have in common. Must outlive it.
struct DrillSetting {
  const Config& config;  // on paper
  Environment environment;
  Programs programs;
  std::vector<PaperAccount> accounts;
  std::chrono::milliseconds patience;  // for the links of one rule
};

struct RuleTask {
  const RuleConfig* rule = nullptr;    // to be broken
  std::vector<const RuleConfig*> all;  // of its account, enabled
  std::size_t account = 0;             // in DrillSetting::accounts
  BrokerTime begin;                    // of paper time, where the rule does not say another
};

struct RuleResult {
  std::string rule, account;
  std::vector<std::string> steps;  // in words
  bool alone = false;              // the other rules were off
  std::string note;                // why it was broken alone, or what else there is to know; may be empty
  std::string problem;             // why it could not be broken at all; empty: it was, see the links
  Judgement judgement;
  std::filesystem::path dir;  // with everything that was written
  std::int64_t took_ms = 0;

  [[nodiscard]] bool proven() const { return problem.empty() && judgement.proven(); }
};

// Writes into `dir`, which it makes. `stop`: end as soon as possible.
[[nodiscard]] RuleResult drill_rule(const DrillSetting& setting, const RuleTask& task,
                                    const std::filesystem::path& dir, const std::atomic<bool>& stop);

}  // namespace rm::drill
