#pragma once
// The reference page of the configuration, printed from the tables that the loader itself reads.

#include <span>
#include <string>

#include "rules/registry.h"

namespace rm {

// Markdown: a table for each section of the file, then one for each rule. docs/configuration.md holds exactly this
// text.
[[nodiscard]] std::string reference_markdown(std::span<const RuleSpec> registry);

}  // namespace rm
