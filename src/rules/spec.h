#pragma once
// For the .cpp of a rule: declares what registry.def expects of it. A rule file without its line in registry.def
// fails here.

#include "rules/rule.h"

namespace rm {

#define RM_RULE(name) const RuleSpec& spec_##name();
#include "rules/registry.def"
#undef RM_RULE

template <class R>
std::unique_ptr<Rule> make_rule(const RuleConfig& config) {
  return std::make_unique<R>(config);
}

}  // namespace rm
