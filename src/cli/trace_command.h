#pragma once
// `risk-manager trace` and `risk-manager why`: what happened, and why, from the journal of a daemon that runs or ran.

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace rm {

// Exit codes of both: 0 told, 1 could not be: one sentence on `err`. `dir` empty: the default data directory.
[[nodiscard]] int trace_command(const std::filesystem::path& dir, const std::string& target, bool json,
                                std::ostream& out, std::ostream& err);

// `account` and `at` (RFC 3339) not given: every account, the end of the journal.
[[nodiscard]] int why_command(const std::filesystem::path& dir, const std::optional<std::string>& account,
                              const std::optional<std::string>& at, bool json, std::ostream& out, std::ostream& err);

}  // namespace rm
