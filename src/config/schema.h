#pragma once
// The JSON schema of the configuration, for editors that check and complete YAML while it is written. Made from the
// tables that the loader itself reads.

#include <span>
#include <string>

#include "rules/registry.h"

namespace rm {

// config/risk-manager.schema.json holds exactly this text. What the loader accepts fits it; not everything that fits
// is accepted (an order of percents, a time zone that does not exist).
[[nodiscard]] std::string schema_json(std::span<const RuleSpec> registry);

}  // namespace rm
