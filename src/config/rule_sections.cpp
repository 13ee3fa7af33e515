#include "config/param_value.h"
#include "config/sections.h"
#include "config/settings.h"

namespace rm {
namespace {

RuleConfig without_section(const RuleSpec& spec) {
  RuleConfig rule{.rule = spec.name, .enabled = false, .params = spec.params, .values = {}};
  for (const Param& param : spec.params) rule.values.push_back(default_value(param));
  return rule;
}

// A section that is there means the rule is wanted, unless it says `enabled: false`.
bool read_enabled(Section& section, Report& report) {
  const Node* node = section.take(enabled_param().name);
  if (node == nullptr) return true;
  const auto value = read_value(enabled_param(), *node, section.path_of(enabled_param().name), report);
  return !value || std::get<bool>(*value);
}

}  // namespace

Rules read_rules(const Node* node, const std::string& path, const std::vector<RuleConfig>* common,
                 std::span<const RuleSpec> registry, const ReadContext& context) {
  Rules rules;
  Section sections{node, path, context.report};
  for (std::size_t i = 0; i < registry.size(); ++i) {
    const RuleSpec& spec = registry[i];
    const Node* found = sections.take(spec.name);
    if (found == nullptr) {
      rules.list.push_back(common != nullptr ? (*common)[i] : without_section(spec));
      continue;
    }
    rules.any_section = true;
    Section section{found, sections.path_of(spec.name), context.report};
    RuleConfig rule{
        .rule = spec.name, .enabled = read_enabled(section, context.report), .params = spec.params, .values = {}};
    const std::vector<ParamValue>* base = common != nullptr ? &(*common)[i].values : nullptr;
    // A section that is not a mapping has been reported; that it also lacks every value would be said twice.
    const bool complete = rule.enabled && (found->is_map() || found->is_null());
    const std::size_t problems_before = context.report.count();
    rule.values = read_values(section, spec.params, base, complete, context.report);
    section.finish();
    if (complete && spec.refusal != nullptr && context.report.count() == problems_before) {
      if (const std::string refusal = spec.refusal(rule); !refusal.empty())
        context.report.add(found->place, section.path(), refusal);
    }
    rules.list.push_back(std::move(rule));
  }
  sections.finish();
  return rules;
}

}  // namespace rm
