#pragma once
// What both programs do round their work: a wrong command line, output that is lost and an error that nobody caught
// end with one sentence and an exit code that is not 0.

#include <CLI/CLI.hpp>
#include <functional>

namespace rm::apps {

inline constexpr int kExitFailed = 1, kExitWrongCommand = 2;

// Reads the command line, then does `work` and returns its exit code; the commands of `app` may have done theirs
// while it was read. 1: output was lost, or an error left the work. 2: the command line is wrong.
[[nodiscard]] int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work);

}  // namespace rm::apps
