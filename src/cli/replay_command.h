#pragma once
// `risk-manager replay`: a recorded journal through the engine again.

#include <filesystem>
#include <iosfwd>
#include <string>

#include "config/environment.h"

namespace rm {

// `journal` empty: the default data directory. Without `config_file`: 0 when every decision comes out as it was
// recorded; 1 with the first difference on `out`. With one: what it would have decided on the same events, 0. 1: the
// journal cannot be replayed, 2: the configuration is not valid; sentences on `err`.
[[nodiscard]] int replay_command(const std::filesystem::path& journal, const std::string& config_file,
                                 Environment environment, std::ostream& out, std::ostream& err);

}  // namespace rm
