#pragma once
// Every rule there is. Static table, no registration at run time: a forgotten line or file is a build error.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/breach.h"
#include "rules/param.h"

namespace rm {

class Rule;

// What a rule needs to be made of its values before it can run: things that take a time zone or a file, which rules
// do not know. Whoever reads or changes the values does it when all of them are there.
enum class Prepare : std::uint8_t { Nothing, Sessions };

// What is wrong with values that are each allowed for themselves.
struct ParamProblem {
  std::string_view param;  // empty: the section as a whole
  std::string message;     // "found …, allowed …"
};

struct RuleSpec {
  std::string_view name;      // section in the configuration
  std::string_view sentence;  // what it protects from
  std::span<const Param> params;
  std::unique_ptr<Rule> (*make)(const RuleConfig&);
  // How it is broken with these values: what cannot be broken cannot be proven to work. Without it nothing compiles.
  BreachOrWhyNot (*breach)(const RuleConfig&, const BreachGround&);
  Prepare prepare = Prepare::Nothing;
  std::optional<ParamProblem> (*check)(const RuleConfig&) = nullptr;  // of an enabled rule; nullptr: nothing to check
};

[[nodiscard]] std::span<const RuleSpec> rule_registry();
[[nodiscard]] const RuleSpec* find_rule(std::string_view name);  // nullptr when there is none

}  // namespace rm
