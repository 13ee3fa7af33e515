#pragma once
// One value of a table: read from YAML, described, and written back.

#include <optional>
#include <span>
#include <string>

#include "config/section.h"
#include "config/yaml_tree.h"
#include "rules/param.h"

namespace rm {

inline constexpr std::int64_t kMaxInt = 1'000'000;              // no count of a configuration is meant to be larger
inline constexpr std::string_view kUntilReset = "until_reset";  // of a Cooldown
inline constexpr Duration kMaxDuration = std::chrono::hours{24} * 366;  // one leap year

// The value as the table wants it; nullopt after having reported what is wrong with it.
[[nodiscard]] std::optional<ParamValue> read_value(const Param& param, const Node& node, const std::string& path,
                                                   Report& report);

// The default of the table; monostate when it has none. A default that its own table refuses ends the program
// (std::logic_error).
[[nodiscard]] ParamValue default_value(const Param& param);

// "an amount of money below 0, like -1000.00": completes "allowed …".
[[nodiscard]] std::string allowed_text(const Param& param);

// " above 0": what a bound adds to the name of a number.
[[nodiscard]] std::string_view bound_text(Bound bound);

// "gross|net" -> {"gross", "net"}; the views are parts of `choices`.
[[nodiscard]] std::vector<std::string_view> split_choices(std::string_view choices);

// YAML that reads back as the same value; "none" for monostate.
[[nodiscard]] std::string value_yaml(const ParamValue& value);

// Takes every parameter of `params` out of the section. What is absent or wrong gets the value of `base` (same table;
// nullptr: the defaults). `complete`: a required value that is neither given nor in the base is a problem.
[[nodiscard]] std::vector<ParamValue> read_values(Section& section, std::span<const Param> params,
                                                  const std::vector<ParamValue>* base, bool complete, Report& report);

}  // namespace rm
