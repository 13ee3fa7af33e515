#pragma once
// A command line that cannot be understood, in one sentence: what was found, and what is allowed there.

#include <CLI/CLI.hpp>
#include <string>

namespace rm::apps {

// A variable of a script that is not set gives an empty text: `start --config "$FILE"` must not mean `start`.
void refuse_empty_values(CLI::App& app);

[[nodiscard]] std::string wrong_command(const CLI::App& app, const CLI::ParseError& error);

}  // namespace rm::apps
