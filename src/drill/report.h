#pragma once
// What a drill has shown, for a terminal, for scripts, and as a page with a picture a rule. Pure.

#include <string>
#include <vector>

#include "drill/rule_drill.h"

namespace rm::drill {

struct Report {
  std::string version, config_file;
  std::string began;  // "2026-11-23T14:30:00Z", by the computer's clock
  std::vector<RuleResult> rules;
  std::int64_t took_ms = 0;

  [[nodiscard]] bool proven() const;
  [[nodiscard]] std::string verdict() const;  // one sentence
};

[[nodiscard]] std::string report_text(const Report& report);
[[nodiscard]] std::string report_json(const Report& report);
[[nodiscard]] std::string report_html(const Report& report);

// "+0.195 ms", "-10012.400 ms"; "" when nothing was measured.
[[nodiscard]] std::string time_text(std::optional<std::int64_t> at_ns);
// "what was found [where]"
[[nodiscard]] std::string evidence_text(const Evidence& evidence);

}  // namespace rm::drill
