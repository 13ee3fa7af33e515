#pragma once
// Values that have to do with trading sessions: read from YAML and written back.

#include <optional>
#include <string>

#include "config/section.h"
#include "rules/param.h"

namespace rm {

inline constexpr std::size_t kMaxSessions = 20;         // of one list
inline constexpr std::size_t kMaxSessionSymbols = 100;  // that have a list of their own

// nullopt after having reported what is wrong.
[[nodiscard]] std::optional<ParamValue> read_time_zone(const Node& node, const std::string& path, Report& report);
[[nodiscard]] std::optional<ParamValue> read_sessions(const Node& node, const std::string& path, Report& report);
[[nodiscard]] std::optional<ParamValue> read_symbol_sessions(const Node& node, const std::string& path,
                                                             Report& report);
[[nodiscard]] std::optional<ParamValue> read_holiday_file(const Param& param, const Node& node,
                                                          const std::string& path, Report& report);

// "completes allowed …".
[[nodiscard]] std::string allowed_sessions();
[[nodiscard]] std::string allowed_symbol_sessions();

// YAML that reads back as the same value.
[[nodiscard]] std::string sessions_yaml(const SessionList& sessions);
[[nodiscard]] std::string symbol_sessions_yaml(const SessionsBySymbol& sessions);

// "mon 08:30 - 15:00", for messages; `day` counts from Monday.
[[nodiscard]] std::string session_text(const Session& session, unsigned day);

}  // namespace rm
