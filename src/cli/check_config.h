#pragma once
// risk-manager check-config: is this configuration complete and right, and what does it mean?

#include <iosfwd>
#include <span>
#include <string>

#include "config/environment.h"
#include "rules/registry.h"

namespace rm {

// 0: valid, one line on `out` ("config/risk.yaml: valid, 2 rules enabled: …"); with `print` the complete effective
// configuration as YAML comes instead, and nothing else, so that it can be put in a file. 2: not valid, one line a
// problem on `err`. Warnings come on `err` too. Nothing is started, written or sent.
[[nodiscard]] int check_config(const std::string& path, bool print, Environment environment,
                               std::span<const RuleSpec> registry, std::ostream& out, std::ostream& err);

}  // namespace rm
