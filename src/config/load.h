#pragma once
// Reads the configuration: a YAML file, then the environment over it. Nothing is started with a configuration that
// has a problem. No thread but the caller's; reads the file, the calendar files it names and the system's time
// zone database, and nothing else.

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/environment.h"
#include "config/problem.h"
#include "domain/time.h"
#include "rules/registry.h"

namespace rm {

inline constexpr std::size_t kMaxConfigBytes = 1024 * 1024;

// Variables that override a key begin with this; "__" then goes one level down:
// RISK_MANAGER__RULES__DAILY_LOSS__MAX_LOSS=-500.
inline constexpr std::string_view kOverridePrefix = "RISK_MANAGER__";

[[nodiscard]] BrokerTime computer_time();

// `today` decides over which years sessions are worked out, and whether a calendar still covers them.
// The registry must outlive the result: rule names and tables are referred to, not copied.
[[nodiscard]] std::expected<Config, Problems> load_config(const std::string& path, Environment environment,
                                                          std::span<const RuleSpec> registry,
                                                          BrokerTime today = computer_time());

// The same from text. `file_name` names the file in problems; relative paths in the text start at its folder.
[[nodiscard]] std::expected<Config, Problems> load_config_text(std::string_view text, const std::string& file_name,
                                                               Environment environment,
                                                               std::span<const RuleSpec> registry,
                                                               BrokerTime today = computer_time());

}  // namespace rm
