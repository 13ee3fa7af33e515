#pragma once
// `risk-manager journal verify` and `journal export`: is the journal what was written, and what of it is handed on.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace rm {

// Exit codes of both: 0 all fits, 1 something does not, or it could not be done: one sentence on `err`.

// `heads`: "NUMBER:HASH" each, as kept elsewhere. `dir` empty: the default data directory.
[[nodiscard]] int verify_journal_command(const std::filesystem::path& dir, const std::vector<std::string>& heads,
                                         std::ostream& out, std::ostream& err);

// Times as RFC 3339, empty: from the beginning, to the end.
[[nodiscard]] int export_journal_command(const std::filesystem::path& dir, const std::filesystem::path& to,
                                         const std::string& from, const std::string& to_time, std::ostream& out,
                                         std::ostream& err);

}  // namespace rm
