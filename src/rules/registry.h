#pragma once
// Every rule there is. Static table, no registration at run time: a forgotten line or file is a build error.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "rules/param.h"

namespace rm {

class Rule;

struct RuleSpec {
  std::string_view name;      // section in the configuration
  std::string_view sentence;  // what it protects from
  std::span<const Param> params;
  std::unique_ptr<Rule> (*make)(const RuleConfig&);
  // What no single value shows: "found no limit, allowed at least one of …"; empty when all is well. Asked of enabled
  // rules whose values are each right.
  std::string (*refusal)(const RuleConfig&) = nullptr;
};

[[nodiscard]] std::span<const RuleSpec> rule_registry();
[[nodiscard]] const RuleSpec* find_rule(std::string_view name);  // nullptr when there is none

}  // namespace rm
