#include "rules/registry.h"

#include "rules/rule.h"

namespace rm {

#define RM_RULE(name) const RuleSpec& spec_##name();
#include "rules/registry.def"
#undef RM_RULE

std::span<const RuleSpec> rule_registry() {
  static const RuleSpec table[] = {
#define RM_RULE(name) spec_##name(),
#include "rules/registry.def"
#undef RM_RULE
  };
  return table;
}

const RuleSpec* find_rule(std::string_view name) {
  for (const RuleSpec& spec : rule_registry()) {
    if (spec.name == name) return &spec;
  }
  return nullptr;
}

}  // namespace rm
