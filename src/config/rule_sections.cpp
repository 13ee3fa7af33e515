#include <algorithm>
#include <filesystem>

#include "config/param_value.h"
#include "config/sections.h"
#include "config/session_tables.h"
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

// The deepest place that the file has of a key; an override may have inherited the rest.
const Place& place_of(const Node& section, const std::vector<std::string>& key) {
  const Node* node = &section;
  for (const std::string& part : key) {
    const auto entry = std::ranges::find(node->entries, part, &NodeEntry::key);
    if (entry == node->entries.end()) break;
    node = &entry->value;
  }
  return node->place;
}

void make_path_absolute(RuleConfig& rule, std::string_view name, const std::string& folder) {
  const auto param = std::ranges::find(rule.params, name, &Param::name) - rule.params.begin();
  auto& value = std::get<std::string>(rule.values.at(static_cast<std::size_t>(param)));
  if (value != "none" && value != "cme") value = (std::filesystem::path{folder} / value).lexically_normal().string();
}

void prepare_sessions(RuleConfig& rule, const Section& section, const Node& node, const ReadContext& context) {
  make_path_absolute(rule, "holidays.calendar", context.folder);
  auto made = make_sessions(rule, context.today);
  if (!made) {
    for (const SessionProblem& problem : made.error()) {
      std::string path = section.path();
      for (const std::string& part : problem.key) path += "." + printable(part);
      context.report.add(place_of(node, problem.key), path, problem.message);
    }
    return;
  }
  rule.sessions = std::make_shared<const SessionTables>(std::move(made->tables));
  if (made->warning && std::ranges::find(context.warnings, *made->warning) == context.warnings.end())
    context.warnings.push_back(*std::move(made->warning));
}

void prepare(RuleConfig& rule, const RuleSpec& spec, const Section& section, const Node& node,
             const ReadContext& context) {
  switch (spec.prepare) {
    case Prepare::Nothing:
      return;
    case Prepare::Sessions:
      return prepare_sessions(rule, section, node, context);
  }
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
    if (complete && spec.check && context.report.count() == problems_before) {
      if (const auto problem = spec.check(rule))
        context.report.add(section.place(), problem->param.empty() ? section.path() : section.path_of(problem->param),
                           problem->message);
    }
    if (complete && context.report.count() == problems_before) prepare(rule, spec, section, *found, context);
    rules.list.push_back(std::move(rule));
  }
  sections.finish();
  return rules;
}

}  // namespace rm
